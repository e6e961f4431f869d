"""What an app that an admin shares shows to colleagues who have not installed it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import CLIENT_ID, Host


@pytest.fixture
def shared(installed: Host) -> Host:
    """The probe shared by the first user, an admin; panels are for those who installed, as in Pipedrive."""
    installed.control("switches", {"panel_without_install": "hidden"})
    company = next(one["id"] for one in installed.control("world")["companies"] if one["domain"] == "acme")
    installed.control("share", {"client_id": CLIENT_ID, "company_id": company, "user_id": installed.somebody})
    return installed


def _colleague(host: Host) -> int:
    _, colleague, *_ = host.users.values()
    return colleague


def test_colleague_sees_the_frame_of_the_panel_with_a_prompt(shared: Host, tab: Page) -> None:
    shared.open(tab, "/deal/1", _colleague(shared))
    prompt = tab.get_by_role("region", name="Probe")
    expect(prompt).to_contain_text("Your company uses Probe")
    expect(tab.locator("iframe")).to_have_count(0)
    prompt.get_by_role("link", name="Install Probe").click()
    tab.wait_for_url(f"{shared.acme}/marketplace")


def test_colleague_is_offered_link_actions_alone_and_led_to_the_installation(shared: Host, tab: Page) -> None:
    shared.open(tab, "/deal/1", _colleague(shared))
    tab.locator("#actions-button").click()
    expect(tab.locator("#actions-menu").get_by_role("menuitem")).to_have_count(1)
    with tab.context.expect_page() as opened:
        tab.get_by_role("menuitem", name="Probe link").click()
    expect(opened.value.get_by_role("heading", name="Probe is not installed")).to_be_visible()
    opened.value.get_by_role("link", name="Install Probe").click()
    opened.value.wait_for_url(f"{shared.acme}/marketplace")


def test_who_installed_it_sees_everything(shared: Host, tab: Page) -> None:
    shared.open_deal(tab)
    expect(tab.locator("[data-panel-prompt]")).to_have_count(0)
    expect(tab.locator("[data-floating]")).to_have_count(1)
