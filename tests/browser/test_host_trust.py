"""Whom the host listens to: the window, the origin and the id must be those of one panel."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import CLIENT_ID, Host, panel_frame

SNACKBAR = {"type": "command", "command": "show_snackbar", "args": {"message": "Believed"}}
POST = """([payload, id]) => new Promise(resolve => {
  const channel = new MessageChannel(), replies = [];
  channel.port1.onmessage = ({data}) => replies.push(data);
  (window.parent || window).postMessage({payload, id}, "*", [channel.port2]);
  setTimeout(() => resolve(replies), 500);
})"""


def test_message_of_the_panel_itself_is_answered(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    assert frame.evaluate(POST, [SNACKBAR, frame.evaluate("sdk.identifier")]) == [{}]
    expect(tab.get_by_text("Believed")).to_be_visible()


def test_message_of_another_window_is_ignored_even_with_the_right_id(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    assert tab.evaluate(POST, [SNACKBAR, frame.evaluate("sdk.identifier")]) == []
    expect(tab.get_by_text("Believed")).to_have_count(0)


def test_message_of_another_frame_of_the_same_app_is_ignored(host: Host, tab: Page) -> None:
    identifier = host.open_deal(tab).evaluate("sdk.identifier")
    tab.evaluate(
        """address => {
          const other = Object.assign(document.createElement("iframe"), {src: address, name: "other"});
          document.body.append(other);
        }""",
        f"{host.app}/silent.html",
    )
    other = tab.frame_locator("iframe[name=other]").locator("body")
    assert other.evaluate(f"(_, asked) => ({POST})(asked)", [SNACKBAR, identifier]) == []
    expect(tab.get_by_text("Believed")).to_have_count(0)


def test_message_with_another_id_is_ignored(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    assert frame.evaluate(POST, [SNACKBAR, "rt_not_mine"]) == []
    expect(tab.get_by_text("Believed")).to_have_count(0)


def test_message_of_another_origin_in_the_same_frame_is_ignored(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    identifier = frame.evaluate("sdk.identifier")
    elsewhere = host.app.replace("127.0.0.1", "localhost")
    frame.goto(f"{elsewhere}/panel.html?id={identifier}")
    assert frame.evaluate(POST, [SNACKBAR, identifier]) == []
    expect(tab.get_by_text("Believed")).to_have_count(0)


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        "text",
        {},
        {"id": "x"},
        {"payload": None, "id": "x"},
        {"payload": {"type": "command"}, "id": "x"},
    ],
)
def test_message_that_is_none_of_the_sdk_breaks_nothing(host: Host, tab: Page, message: object) -> None:
    errors: list[str] = []
    tab.on("pageerror", lambda error: errors.append(str(error)))
    frame = host.open_deal(tab)
    frame.evaluate("message => parent.postMessage(message, '*')", message)
    frame.evaluate(
        "parent.postMessage({payload: {type: 'track', event: 'focused'}, id: sdk.identifier}, '*')"
    )
    assert frame.evaluate("sdk.execute('get_metadata')")
    assert not errors


def test_old_iframe_is_not_heard_after_a_reload(host: Host, tab: Page) -> None:
    old = host.open_deal(tab).evaluate("sdk.identifier")
    tab.get_by_role("button", name="Reload Probe").click()
    tab.wait_for_function("old => !document.querySelector(`[data-runtime-id=${old}]`)", arg=old)
    assert panel_frame(tab).evaluate(POST, [SNACKBAR, old]) == []


def test_address_for_scripts_refuses_other_sites(host: Host, tab: Page) -> None:
    host.open_deal(tab)
    forged = tab.context.new_page()
    forged.goto(f"{host.app}/silent.html")
    with forged.expect_response("**/_host/theme") as caught:
        forged.evaluate(
            "url => fetch(url, {method: 'POST', mode: 'no-cors', credentials: 'include'}).then(r => r.type)",
            f"{host.acme}/_host/theme",
        )
    assert caught.value.status == 403
    assert host.script(tab, "theme", {"theme": "light"}) == 200


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("theme", {"theme": "pink"}, 400),
        ("write", {"method": "PATCH", "path": "/oauth/token"}, 400),
        ("write", {"method": "PATCH", "path": "/api/v2/deals/999999", "body": {"title": "x"}}, 404),
        ("surface", {"client_id": "nobody"}, 404),
        ("surface", {"client_id": CLIENT_ID, "surface": "none"}, 404),
        ("notes", {"client_id": CLIENT_ID, "surface": "probe-deal", "kind": "token_issued"}, 400),
        ("uninstall", {}, 404),
        ("forms/none", {}, 404),
    ],
)
def test_address_for_scripts_refuses_what_makes_no_sense(
    host: Host, tab: Page, path: str, body: dict[str, str], status: int
) -> None:
    host.open(tab, "/deals")
    assert host.script(tab, path, body) == status
