"""Somebody of acme with a tab, in front of the app of tests/every_surface."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.sightline import Seller, user_named
from tests.harness.stack import Stack

PANEL, MODAL, WINDOW, SETTINGS = "[data-panel]", "dialog .surface", "[data-floating]", "[data-settings-page]"
COMES_BACK = """() => {
    const now = Date.now;
    Date.now = () => now() + 120_000;
    document.dispatchEvent(new Event('visibilitychange'));
    Date.now = now;
}"""  # after two minutes at another tab


@dataclass(frozen=True, slots=True)
class Somebody:
    """`seller` opens pages of Pipedrive; the rest looks into our iframes on them."""

    seller: Seller
    tab: Page

    @classmethod
    def named(cls, stack: Stack, tab: Page, name: str) -> "Somebody":
        return cls(Seller(stack, tab, "acme", user_named(stack, "acme", name)), tab)

    def open(self, path: str) -> None:
        self.seller.visit(path)

    def frame(self, surface: str) -> FrameLocator:
        """The surface's page once Pipedrive shows it, seen or not."""
        self.tab.wait_for_selector(f'{surface}[data-state="ready"]', state="attached")
        return self.tab.frame_locator(f"{surface} iframe")

    def panel(self, deal: int = 1) -> FrameLocator:
        self.open(f"/deal/{deal}")
        return self.frame(PANEL)

    def press(self, frame: FrameLocator, label: str) -> None:
        frame.get_by_role("button", name=label, exact=True).click()

    def says(self, frame: FrameLocator, line: str) -> None:
        expect(frame.get_by_role("listitem").filter(has_text=line)).to_be_visible()

    def snackbar(self, text: str) -> Any:
        return self.tab.get_by_role("status").get_by_text(text)


def title_is(frame: FrameLocator, text: str) -> None:
    expect(frame.get_by_role("heading", name=text, exact=True)).to_be_visible()
