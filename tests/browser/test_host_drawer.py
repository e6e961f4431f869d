"""The developer drawer: what happened, in the order of time, live, without secrets, by keyboard alone."""

import os
import re
import subprocess

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.held import Held
from tests.browser.host import Host, panel_frame

DRAWER = "[data-drawer]"
ROWS = ".drawer-rows > li"


def _open(tab: Page) -> None:
    tab.keyboard.press("Control+Backquote")
    expect(tab.locator(DRAWER)).to_be_visible()


def _row(tab: Page, text: str) -> str:
    return str(tab.locator(ROWS, has_text=text).last.inner_text())


def _titles(tab: Page) -> list[str]:
    return tab.locator(".drawer-rows .drawer-title").all_inner_texts()


def _wait_for_looks(tab: Page, number: int) -> None:
    """The page asks for the revision every 700 ms: that is how time is known to have passed."""
    for _ in range(number):
        with tab.expect_response("**/_host/revision"):
            pass


def test_life_of_a_panel_stands_in_the_order_of_time(installed: Host, tab: Page) -> None:
    installed.control("clock", {"advance_seconds": 3 * 86_400})
    frame = installed.open_deal(tab)
    frame.evaluate("sdk.execute('get_signed_token')")
    _open(tab)
    expect(tab.locator(ROWS, has_text="get_signed_token")).to_be_visible()
    tab.get_by_label("App", exact=True).select_option("Probe")
    story = [
        "App installed",
        "Token signed for probe-deal",
        "Probe → initialize",
        "Token signed for probe-deal",
        "Probe → get_signed_token",
    ]
    rest = iter(_titles(tab))
    assert [step for step in story if step in rest] == story
    tab.locator(ROWS, has_text="Probe → initialize").first.get_by_role("button").click()
    assert '"height": 240' in tab.locator(".drawer-details").inner_text()


def test_call_of_the_api_appears_by_itself_with_its_cost(host: Host, reset: None, tab: Page) -> None:
    assert reset is None
    host.open(tab, "/deals")
    _open(tab)
    expect(tab.get_by_text("750,000 of 750,000 API tokens left today")).to_be_visible()
    host.write("PATCH", "deals/1", {"title": "Renamed"})
    call = tab.locator(ROWS, has_text="PATCH /api/v2/deals/1")
    expect(call.last).to_be_visible()
    expect(tab.get_by_text("749,995 of 750,000 API tokens left today")).to_be_visible()
    assert re.search(r"API token\s+200\s+5\s+API tokens", _row(tab, "PATCH /api/v2/deals/1"))


def test_refused_command_and_unheard_event_say_why(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("sdk.execute('redirect_to', {view: 'moon'}).catch(() => {})")
    _open(tab)
    assert 'Pipedrive has no view "moon"' in _row(tab, "redirect_to")
    tab.get_by_role("button", name="Problems only").click()
    assert not [title for title in _titles(tab) if "initialize" in title]
    expect(tab.locator(ROWS, has_text="redirect_to")).to_be_visible()


def test_webhook_tells_what_became_of_its_event(host: Host, reset: None, tab: Page) -> None:
    assert reset is None
    for path in ("/hook", "/gone"):
        order = {"name": path, "event_action": "change", "event_object": "deal"}
        host.webhook({**order, "subscription_url": host.app + path})
    host.open(tab, "/deals")
    _open(tab)
    tab.get_by_role("button", name="Clear").click()
    host.write("PATCH", "deals/1", {"title": "Renamed"})
    delivered = tab.locator(ROWS, has_text="change.deal 1 delivered, attempt 1")
    failed = tab.locator(ROWS, has_text="change.deal 1 not delivered, attempt 1")
    expect(delivered).to_contain_text("200")
    expect(failed).to_contain_text("404")
    expect(failed).to_contain_text("Only a 2xx within 10 seconds counts")


def test_message_that_is_ignored_is_shown_with_the_reason(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate(
        "parent.postMessage({payload: {type: 'command', command: 'resize'}, id: 'x'}, '*', "
        "[new MessageChannel().port2])"
    )
    _open(tab)
    expect(tab.locator(ROWS, has_text="is ignored")).to_be_visible()
    tab.locator(ROWS, has_text="is ignored").get_by_role("button").click()
    assert "its id is x" in tab.locator(".drawer-details").inner_text()


def test_no_token_is_shown_but_its_claims_are(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    token = frame.evaluate("sdk.execute('get_signed_token').then(({token}) => token)")
    first = frame.evaluate("new URLSearchParams(location.search).get('token')")
    _open(tab)
    for title in ("get_signed_token", "loads http"):
        tab.locator(ROWS, has_text=title).last.get_by_role("button").click()
    shown = tab.locator(DRAWER).inner_html()
    assert shown.count('"claims"') == 2
    assert token.split(".")[2] not in shown
    assert first.split(".")[2] not in shown


def test_other_companies_stay_out(host: Host, tab: Page) -> None:
    world = host.control("world")
    saigon = next(one["id"] for one in world["companies"] if one["domain"] == "saigon-star")
    user = next(one for one in world["users"] if one["company_id"] == saigon)
    host.control(f"users/{user['id']}", {"name": user["name"]})
    host.control(f"users/{host.somebody}", {"name": next(iter(host.users))})
    host.open(tab, "/deals")
    rows = tab.evaluate("fetch('/_host/drawer').then(answer => answer.json())")["rows"]
    changed = [dict(row["facts"])["entry"] for row in rows if "user_changed" in dict(row["facts"])["entry"]]
    assert len(changed) == sum(
        entry["kind"] == "user_changed" and entry["company_id"] != saigon
        for entry in host.control("ledger")["entries"]
    )
    last = host.control("ledger")["entries"][-1]["n"]
    ask = "since => fetch(`/_host/drawer?since=${since}`).then(answer => answer.json())"
    assert tab.evaluate(ask, last)["rows"] == []
    assert len(tab.evaluate(ask, last + 1000)["rows"]) == len(rows), "a new process counts from 1 again"
    assert tab.evaluate("fetch('/_host/drawer?since=x').then(answer => answer.status)") == 400


def test_kinds_text_pause_and_clear_narrow_what_is_shown(host: Host, tab: Page) -> None:
    host.open_deal(tab)
    host.write("PATCH", "deals/1", {"probability": 40})
    _open(tab)
    tab.get_by_label("Text", exact=True).fill("PATCH")
    expect(tab.locator(ROWS, has_text="Token signed")).to_have_count(0)
    expect(tab.locator(ROWS, has_text="PATCH /api/v2/deals/1").last).to_be_visible()
    tab.get_by_role("button", name=re.compile("^API")).click()
    expect(tab.locator(ROWS)).to_have_count(0)
    tab.get_by_role("button", name=re.compile("^API")).click()
    tab.get_by_role("button", name="Clear").click()
    expect(tab.get_by_text("Nothing yet")).to_be_visible()
    tab.get_by_role("button", name="Pause").click()
    host.write("PATCH", "deals/1", {"probability": 50})
    _wait_for_looks(tab, 3)
    expect(tab.get_by_text("Nothing yet")).to_be_visible()
    tab.get_by_role("button", name="Pause").click()
    expect(tab.locator(ROWS, has_text="PATCH /api/v2/deals/1")).to_have_count(1)


def test_closed_drawer_asks_nothing_and_loads_nothing(host: Host, tab: Page) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    host.open_deal(tab)
    _wait_for_looks(tab, 1)
    assert not [url for url in asked if "/_host/drawer" in url or "drawer_view" in url]
    _open(tab)
    expect(tab.locator(ROWS).last).to_be_visible()
    tab.get_by_role("button", name="Close developer drawer").click()
    expect(tab.locator("#drawer-button")).to_be_focused()
    asked.clear()
    _wait_for_looks(tab, 3)
    assert not [url for url in asked if "/_host/drawer" in url]


def test_answer_that_comes_after_closing_starts_nothing_again(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    held = Held.of(tab, "**/_host/drawer*")
    _open(tab)
    route = held.first()
    tab.get_by_role("button", name="Close developer drawer").click()
    route.continue_()
    _wait_for_looks(tab, 3)
    assert len(held.routes) == 1


def test_keyboard_alone_opens_reads_and_closes_it_and_the_tab_remembers(host: Host, tab: Page) -> None:
    host.open_deal(tab)
    tab.locator("#drawer-button").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_label("Text", exact=True)).to_be_focused()
    expect(tab.locator(ROWS).last).to_be_visible()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("Enter")
    expect(tab.locator(".drawer-details")).to_be_visible()
    tab.goto(f"{host.acme}/persons")
    expect(tab.locator(DRAWER)).to_be_visible()
    tab.get_by_role("button", name="Clear").focus()
    tab.keyboard.press("Escape")
    expect(tab.locator(DRAWER)).to_be_hidden()
    expect(tab.locator("#drawer-button")).to_be_focused()
    tab.reload()
    expect(tab.locator(DRAWER)).to_be_hidden()


def test_curl_line_does_the_same_again(host: Host, reset: None, tab: Page) -> None:
    assert reset is None
    host.write("PATCH", "deals/2", {"probability": 50})
    host.open(tab, "/deals")
    _open(tab)
    call = tab.locator(ROWS, has_text="PATCH /api/v2/deals/2").last
    call.get_by_role("button").first.click()
    line = call.locator(".drawer-curl").inner_text().replace("'{}'", "'{\"probability\": 70}'")
    token = next(one["api_token"] for one in host.control("world")["users"] if one["id"] == host.somebody)
    done = subprocess.run(  # noqa: S602 - a line that the page made of our own emulator's ledger
        line, shell=True, check=True, capture_output=True, text=True, env={**os.environ, "API_TOKEN": token}
    )
    assert " 200 " in done.stdout.splitlines()[0]
    assert host.record("deals", 2)["probability"] == 70


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 385])
def test_drawer_meets_wcag_and_fits_in_both_themes(host: Host, tab: Page, theme: str, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    tab.emulate_media(reduced_motion="reduce")
    frame = host.open_deal(tab)
    assert host.script(tab, "theme", {"theme": theme}) == 200
    frame = host.open_deal(tab)
    frame.evaluate("sdk.execute('redirect_to', {view: 'moon'}).catch(() => {})")
    frame.evaluate("sdk.execute('resize', {height: 9000}).catch(() => {})")
    _open(tab)
    for title in ("redirect_to", "size out of range"):
        tab.locator(ROWS, has_text=title).last.get_by_role("button").first.click()
    assert violations(tab) == []
    body = tab.locator("[data-drawer-body]")
    assert body.evaluate("one => one.scrollWidth <= one.clientWidth")


def test_drawer_leaves_room_for_the_page_and_its_messages(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    _open(tab)
    frame.evaluate("sdk.execute('show_snackbar', {message: 'Saved'})")
    snackbar, drawer = tab.get_by_text("Saved").bounding_box(), tab.locator(DRAWER).bounding_box()
    assert snackbar is not None
    assert drawer is not None
    assert snackbar["y"] + snackbar["height"] <= drawer["y"]
    assert panel_frame(tab) == frame
