"""Requests that wait for the test, so that it decides what comes first."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Route

from tests.browser.patience import waited


@dataclass(frozen=True, slots=True)
class Held:
    tab: Page
    routes: list[Route] = field(default_factory=list)

    @classmethod
    def of(cls, tab: Page, address: str) -> "Held":
        """Those of this pattern from now on."""
        held = cls(tab)
        tab.route(address, lambda route: held.routes.append(route))  # noqa: PLW0108 - a builtin takes no marks
        return held

    def first(self) -> Route:
        """As soon as it was asked for: a press is over before its request has left the browser."""
        assert waited(self.tab, lambda: bool(self.routes), seconds=10), "nothing was asked for"
        return self.routes[0]
