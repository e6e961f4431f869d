"""Each command and event of the SDK from each surface that may use it."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.host import (
    CLIENT_ID,
    FLOAT,
    MODAL,
    SECRETS,
    SETTINGS,
    Host,
    answer_of,
    ask,
    frame_in,
    panel_frame,
    refusal,
)
from tests.browser.tokens import claims_of

KINDS = ("custom_panel", "custom_modal", "floating_window", "settings_page")
NAMES = dict(zip(KINDS, ("probe-deal", MODAL, FLOAT, SETTINGS), strict=True))
PLACES = dict(
    zip(KINDS, ("[data-panel]", "dialog .surface", "[data-floating]", "[data-settings-page]"), strict=True)
)
# Height and width: what is just allowed, and what is just too much or too little.
LIMITS: dict[str, tuple[list[dict[str, int]], list[dict[str, int]]]] = {
    "custom_modal": (
        [{"height": 120, "width": 320}, {"height": 900, "width": 1280}],
        [{"height": 119}, {"width": 319}, {"height": 901}, {"width": 1281}, {"height": 500, "width": 1}],
    ),
    "floating_window": (
        [{"height": 70, "width": 200}, {"height": 700, "width": 800}],
        [{"height": 69}, {"width": 199}, {"height": 701}, {"width": 801}],
    ),
}


def _open(host: Host, tab: Page, kind: str) -> Frame:
    """The surface, ready and seen."""
    settings = f"/settings/marketplace/app/{CLIENT_ID}/app-settings"
    host.open(tab, settings if kind == "settings_page" else "/deal/1")
    if kind == "custom_modal":
        tab.locator("#actions-button").click()
        tab.get_by_role("menuitem", name="Probe modal").click()
    if kind == "floating_window":
        tab.locator("[data-dock]").click()
    return frame_in(tab, PLACES[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_commands_that_every_surface_has(installed: Host, tab: Page, kind: str) -> None:
    frame = _open(installed, tab, kind)
    assert frame.evaluate("new AppExtensionsSDK().initialize().then(sdk => typeof sdk.execute)") == "function"
    assert frame.evaluate("sdk.execute('get_metadata')") == {"windowHeight": 900, "windowWidth": 1280}
    token = frame.evaluate("sdk.execute('get_signed_token')")["token"]
    secret = SECRETS.get(NAMES[kind], installed.control("apps")["apps"][0]["client_secret"])
    assert claims_of(token, secret)["userId"] == installed.somebody
    frame.evaluate("sdk.execute('show_snackbar', {message: 'Seen'})")
    expect(tab.get_by_role("status").get_by_text("Seen")).to_be_visible()
    ask(frame, "sdk.execute('show_confirmation', {title: 'Sure?', okColor: 'primary'})")
    tab.get_by_role("button", name="OK").click()
    assert answer_of(frame) == {"confirmed": True}
    assert "Pipedrive has no view" in refusal(frame, "sdk.execute('redirect_to', {view: 'nowhere'})")


@pytest.mark.parametrize("kind", KINDS)
def test_modals_and_window_are_opened_from_every_surface(installed: Host, tab: Page, kind: str) -> None:
    frame = _open(installed, tab, kind)
    ask(frame, "sdk.execute('open_modal', {type: 'person', prefill: {name: 'Võ Văn Kiệt'}})")
    tab.get_by_role("dialog", name="Add person").get_by_role("button", name="Save").click()
    answer = answer_of(frame)
    assert answer["status"] == "submitted"
    assert installed.record("persons", answer["id"])["name"] == "Võ Văn Kiệt"
    frame.evaluate("window.answer = null")
    ask(frame, "sdk.execute('open_modal', {type: 'custom_modal', action_id: 'Second modal'})")
    frame_in(tab, 'dialog[aria-label="Second modal"] .surface').evaluate("void sdk.execute('close_modal')")
    assert answer_of(frame) == {"status": "closed"}
    frame.evaluate("sdk.execute('show_floating_window', {context: {n: 1}})")
    frame.evaluate("sdk.execute('set_notification', {number: 2})")
    frame.evaluate("sdk.execute('set_focus_mode', true)")
    window = frame_in(tab, "[data-floating]")
    heard = {"event": "visibility", "data": {"is_visible": True, "context": {"n": 1, "invoker": "command"}}}
    window.wait_for_function(
        "wanted => events.some(one => JSON.stringify(one) === wanted)",
        arg=json.dumps(heard, separators=(",", ":")),
        polling=50,
    )
    expect(tab.locator("[data-floating] [data-close]")).to_be_hidden()


@pytest.mark.parametrize("kind", KINDS)
def test_close_modal_is_for_custom_modals(installed: Host, tab: Page, kind: str) -> None:
    frame = _open(installed, tab, kind)
    said = refusal(frame, "sdk.execute('close_modal')") if kind != "custom_modal" else "not a custom modal"
    assert "not a custom modal" in said


@pytest.mark.parametrize("kind", KINDS)
def test_theme_and_page_visibility_reach_every_surface(installed: Host, tab: Page, kind: str) -> None:
    frame = _open(installed, tab, kind)
    frame.evaluate(
        "window.states = []; void sdk.listen('page_visibility_state', a => states.push(a.data.state))"
    )
    frame.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert frame.evaluate("states") == ["visible"]
    tab.evaluate("document.querySelector('[data-theme-switch]').click()")
    heard: Any = {"event": "user_settings_change", "data": {"theme": "dark"}}
    frame.wait_for_function("events.some(one => one.event === 'user_settings_change')", polling=50)
    assert heard in frame.evaluate("events")
    assert installed.script(tab, "theme", {"theme": "light"}) == 200


def _size(tab: Page, kind: str) -> dict[str, int]:
    box = tab.locator(f"{PLACES[kind]} iframe").bounding_box()
    assert box is not None
    return {"height": round(box["height"]), "width": round(box["width"])}


@pytest.mark.parametrize("kind", LIMITS)
def test_sizes_have_the_limits_of_their_surface(installed: Host, tab: Page, kind: str) -> None:
    frame = _open(installed, tab, kind)
    allowed, refused = LIMITS[kind]
    for size in allowed:
        frame.evaluate("size => sdk.execute('resize', size)", size)
        assert _size(tab, kind) == size
    for size in refused:
        assert frame.evaluate("size => sdk.execute('resize', size)", size) is None
        assert _size(tab, kind) == allowed[-1], size


def test_default_sizes_come_from_switches(installed: Host, tab: Page) -> None:
    sizes = {"modal_default_width": "610", "floating_default_height": "111"}
    installed.control("switches", sizes)
    modal = _open(installed, tab, "custom_modal")
    assert modal.evaluate("[innerWidth, innerHeight]") == [610, 400]
    assert frame_in(tab, "[data-floating]").evaluate("[innerWidth, innerHeight]") == [320, 111]


def test_sandbox_can_be_put_on_and_leaves_the_sdk_working(installed: Host, tab: Page) -> None:
    installed.control("switches", {"iframe_sandbox": "on"})
    frame = _open(installed, tab, "custom_panel")
    sandbox = re.compile("^allow-scripts allow-same-origin allow-forms allow-popups ")
    expect(tab.locator("[data-panel] iframe")).to_have_attribute("sandbox", sandbox)
    assert frame.evaluate("sdk.execute('get_metadata')")
    assert panel_frame(tab).evaluate("origin") == installed.app
