"""Requests that wait for the test, so that it decides what comes first."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, Route

from tests.browser.patience import waited


@dataclass(slots=True)
class Held:
    tab: Page
    holds: bool = True
    routes: list[Route] = field(default_factory=list)

    @classmethod
    def of(cls, tab: Page, address: str) -> "Held":
        """Those of this pattern from now on."""
        held = cls(tab)
        tab.route(address, lambda route: held.routes.append(route) if held.holds else route.continue_())
        return held

    def first(self) -> Route:
        """As soon as it was asked for: a press is over before its request has left the browser."""
        assert waited(self.tab, lambda: bool(self.routes), seconds=10), "nothing was asked for"
        return self.routes[0]

    def let_go(self) -> None:
        """Of those that wait, and of whatever is asked for later."""
        self.holds = False
        for route in self.routes:
            route.continue_()
