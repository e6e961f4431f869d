"""Light and dark: the page, the open panels and the next load agree, and the user is remembered."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import Host, panel_frame


def _switch_theme(tab: Page) -> None:
    tab.locator("#user-menu-button").click()
    tab.get_by_role("menuitemcheckbox", name="Dark theme").click()
    tab.keyboard.press("Escape")


def test_theme_switch_tells_the_open_panel_and_is_remembered_for_this_user(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("window.mark = 1")
    with tab.expect_response("**/_host/theme"):
        _switch_theme(tab)
    frame.wait_for_function("events.length === 1")
    assert frame.evaluate("events") == [{"event": "user_settings_change", "data": {"theme": "dark"}}]
    assert frame.evaluate("window.mark") == 1
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    tab.reload()
    expect(tab.locator("html")).to_have_attribute("data-theme", "dark")
    assert panel_frame(tab).evaluate("new URLSearchParams(location.search).get('theme')") == "dark"
    _, colleague, *_ = host.users.values()
    host.open(tab, "/deal/1", colleague)
    expect(tab.locator("html")).to_have_attribute("data-theme", "light")


def test_every_listener_hears_and_one_that_left_harms_nothing(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("window.heard = []; sdk.listen('visibility', a => heard.push(a))()")
    frame.evaluate("void sdk.listen('visibility', answer => heard.push(answer.data.is_visible))")
    tab.get_by_role("button", name="Probe", exact=True).click()
    frame.wait_for_function("heard.length === 1 && events.length === 1", polling=50)
    assert frame.evaluate("heard") == [False]


@pytest.mark.parametrize("event", ["page_visibility_state", "nonsense"])
def test_event_that_pipedrive_never_sends_is_refused_on_the_wire(host: Host, tab: Page, event: str) -> None:
    frame = host.open_deal(tab)
    reply = frame.evaluate(
        """event => new Promise(resolve => {
          const channel = new MessageChannel();
          channel.port1.onmessage = ({data}) => resolve(data);
          parent.postMessage({payload: {type: "listener", event}, id: sdk.identifier}, "*", [channel.port2]);
        })""",
        event,
    )
    assert reply == {"error": f'Pipedrive sends no event "{event}"'}
