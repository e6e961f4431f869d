"""A permission is missing, as the person at the panel meets it: a card, another tab, and on with the work."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect

from tests.browser.axe import violations
from tests.browser.sightline import Seller, settled, user_named
from tests.harness.drift import ask_for, asked_scopes
from tests.harness.stack import Stack, running_stack

READS_ONLY = ("base", "deals:full", "contacts:full", "activities:read")
TITLE = "A permission is missing"


@pytest.fixture(scope="module")
def sightline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_stack(tmp_path_factory.mktemp("consent")) as running:
        yield running


def allowed(stack: Stack, name: str, *scopes: str) -> None:
    """This user allowed so much; since then the app asks for all of its manifest."""
    ask_for(stack, scopes)
    stack.install(user_named(stack, "acme", name))
    ask_for(stack, [*asked_scopes(stack), *scopes])


def allow_in(consent: Page) -> None:
    """Through the other tab: who it is, and yes."""
    name = consent.get_by_role("link", name="Marta Kask").or_(
        consent.get_by_role("button", name="Marta Kask")
    )
    allow = consent.get_by_role("button", name="Allow and install")
    name.or_(allow).first.click()
    if allow.is_visible():
        allow.click()
    expect(consent.get_by_role("heading", name="Sightline is connected")).to_be_visible()


def marta_in(stack: Stack, tab: Page) -> Seller:
    return Seller(stack, tab, "acme", user_named(stack, "acme", "Marta Kask"))


def frame_page(panel: FrameLocator, tab: Page, stack: Stack) -> list[str]:
    """What axe finds in the panel's own document."""
    expect(panel.locator("body")).to_be_attached()
    frame = next(frame for frame in tab.frames if frame.url.startswith(stack.app_url))
    return violations(frame)  # type: ignore[arg-type]  # a frame is asked as a page is


def test_a_panel_that_may_not_read_asks_and_goes_on(sightline: Stack, browsing: BrowserContext) -> None:
    allowed(sightline, "Marta Kask", "base", "deals:full", "contacts:full")
    tab = browsing.new_page()
    panel = marta_in(sightline, tab).open_deal(4)
    expect(panel.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(panel.locator("code")).to_have_text("activities:full")
    assert frame_page(panel, tab, sightline) == []
    with browsing.expect_page() as opened:
        panel.get_by_role("link", name="Allow it in Pipedrive").click()
    allow_in(opened.value)
    settled(panel)
    expect(panel.get_by_role("heading", name="Next step")).to_be_visible()
    expect(panel.get_by_role("heading", name=TITLE)).to_have_count(0)


def test_a_button_that_is_not_allowed_asks_above_the_picture_by_keyboard_alone(
    sightline: Stack, browsing: BrowserContext
) -> None:
    allowed(sightline, "Marta Kask", *READS_ONLY)
    tab = browsing.new_page()
    panel = marta_in(sightline, tab).open_deal(1)
    settled(panel)
    done = panel.get_by_role("button", name="Done", exact=True)
    done.focus()
    tab.keyboard.press("Enter")
    expect(panel.get_by_role("heading", name=TITLE)).to_be_focused()
    expect(panel.get_by_role("heading", name="Next step")).to_be_visible()  # the picture is still there
    expect(done).to_be_visible()
    assert frame_page(panel, tab, sightline) == []
    tab.keyboard.press("Tab")
    expect(panel.get_by_role("link", name="Allow it in Pipedrive")).to_be_focused()
    with browsing.expect_page() as opened:
        tab.keyboard.press("Enter")
    with tab.expect_response(lambda reply: "/sections/consent" in reply.url) as asked:
        pass
    assert asked.value.status == 403  # the other tab is not done
    expect(panel.get_by_role("heading", name=TITLE)).to_be_visible()
    allow_in(opened.value)
    expect(panel.get_by_role("heading", name=TITLE)).to_have_count(0, timeout=15_000)
    settled(panel)
    panel.get_by_role("button", name="Done", exact=True).click()
    expect(panel.get_by_role("button", name="Undo")).to_be_visible()


def test_pressing_again_shows_one_card(sightline: Stack, browsing: BrowserContext) -> None:
    allowed(sightline, "Marta Kask", *READS_ONLY)
    tab = browsing.new_page()
    panel = marta_in(sightline, tab).open_deal(4)
    settled(panel)
    for _ in range(2):
        panel.get_by_role("button", name="+1 d").click()
        expect(panel.get_by_role("heading", name=TITLE)).to_be_focused()
        expect(panel.get_by_role("heading", name=TITLE)).to_have_count(1)
        panel.get_by_role("button", name="Refresh").focus()
    panel.get_by_role("button", name="Refresh").click()
    expect(panel.get_by_role("heading", name=TITLE)).to_have_count(0)
    settled(panel)


def test_a_company_that_is_closed_is_told_in_the_panel(sightline: Stack, browsing: BrowserContext) -> None:
    ask_for(sightline, asked_scopes(sightline))
    marta = user_named(sightline, "acme", "Marta Kask")
    sightline.install(marta)
    tab = browsing.new_page()
    seller = Seller(sightline, tab, "acme", marta)
    sightline.control.change_company(marta["company_id"], is_open=False)
    try:
        panel = seller.open_deal(6)
        expect(panel.get_by_text("Your company's Pipedrive account is not open")).to_be_visible()
        assert frame_page(panel, tab, sightline) == []
        again = panel.get_by_role("button", name="Try again")
        again.focus()
        with tab.expect_response(lambda reply: "/sections/all" in reply.url) as asked:
            tab.keyboard.press("Enter")
        assert asked.value.status == 402
        expect(again).to_be_focused()
        expect(panel.get_by_text("Your company's Pipedrive account is not open").first).to_be_visible()
    finally:
        sightline.control.change_company(marta["company_id"], is_open=True)
    sightline.control.fail({"route": "/api/v2/deals/6", "kind": "status:503", "count": 2})
    tab.keyboard.press("Enter")
    expect(panel.locator(".notice")).to_contain_text("Pipedrive does not answer")
    expect(again).to_be_focused()
    tab.keyboard.press("Enter")
    settled(panel)
    expect(panel.get_by_role("heading", name="Next stage")).to_be_visible()
