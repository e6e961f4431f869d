"""Every part of the kit in a real browser: themes, languages, keyboard, narrow frames, hostile values."""

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame, FrameLocator, Page, expect

from tests.browser.axe import findings
from tests.browser.gallery import READERS, alone, frame_of, opened, settings_page
from tests.harness.parts import EXAMPLES, HOSTILE, Parts
from tests.harness.stack import Stack

NARROW = [385, 320, 192]  # a panel, a phone, a panel at 200 %
IS_WITHIN = """() => { const box = document.getElementById('more-items').getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.left >= 0
        && box.bottom <= innerHeight && box.right <= innerWidth }"""
TOO_WIDE = """() => [...document.querySelectorAll('#surface *')].filter(
    (each) => each.getBoundingClientRect().right > innerWidth + 0.5 && !each.closest('.visually-hidden')
).map((each) => each.outerHTML.slice(0, 80))"""
TOO_SMALL = """() => [...document.querySelectorAll('button, select, input, textarea, a')].filter((each) => {
    const box = (each.type === 'checkbox' ? each.closest('.check') : each).getBoundingClientRect();
    return each.checkVisibility() && (box.width < 24 || box.height < 24);
}).map((each) => each.outerHTML.slice(0, 80))"""


def tab_to(tab: Page, panel: FrameLocator, name: str, *, key: str = "Tab") -> None:
    for _ in range(60):
        tab.keyboard.press(key)
        focused = panel.locator(":focus")
        if focused.count() and focused.get_attribute("id") == name:
            return
    raise AssertionError(f"{key} never reached {name}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", READERS)
def test_axe_finds_nothing_in_any_part(
    gallery: Stack, browsing: BrowserContext, language: str, theme: str
) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab, language)
    frame = frame_of(tab, gallery)
    assert frame.evaluate("document.documentElement.lang") == language
    frame.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    assert findings(frame) == []
    panel.locator("#more").click()
    expect(panel.locator("#more-items")).to_be_visible()
    assert findings(frame) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_a_wide_page(gallery: Stack, browsing: BrowserContext, theme: str) -> None:
    tab = browsing.new_page()
    settings_page(gallery, tab)
    frame = frame_of(tab, gallery)
    frame.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
    assert findings(frame) == []
    assert frame.evaluate("document.querySelector('.stack').clientWidth") == 720


def test_ids_are_unique(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    alone(gallery, tab)
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(set(ids)) == len(ids) > 30


def test_theme_follows_the_viewers_settings(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    light = panel.locator(".card").first.evaluate("card => getComputedStyle(card).borderColor")
    tab.get_by_role("button", name="Marta Kask").click()
    tab.get_by_role("menuitemcheckbox", name="Dark theme").click()
    expect(panel.locator("html")).to_have_attribute("data-theme", "dark")
    assert panel.locator(".card").first.evaluate("card => getComputedStyle(card).borderColor") != light


def test_everything_is_reached_by_tab_in_the_order_in_which_it_is_read(
    gallery: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    opened(gallery, tab)
    frame = frame_of(tab, gallery)
    expected = frame.evaluate(
        """() => [...document.querySelectorAll('#surface :is(button, a, input, select, textarea)')]
            .filter((each) => each.checkVisibility()).map((each) => each.id || each.textContent)"""
    )
    frame.locator(f"#{expected[0]}").focus()
    reached = [expected[0]]
    while reached[-1] != expected[-1] and len(reached) < 100:
        tab.keyboard.press("Tab")
        focused = frame.evaluate("document.activeElement.id || document.activeElement.textContent")
        if focused == reached[-1]:
            continue  # a date has stops of the browser's own within it
        reached.append(focused)
        ring = frame.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert ring == "solid", focused
    assert reached == expected
    assert len(expected) > 20


def test_a_menu_opens_by_key_takes_the_focus_and_gives_it_back_on_escape(
    gallery: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    items = panel.locator("#more-items")
    tab_to(tab, panel, "more")
    expect(items).to_be_hidden()
    tab.keyboard.press("Enter")
    expect(items).to_be_visible()
    expect(panel.locator("#copy-number")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(panel.locator("#more-contacts")).to_be_focused()
    tab.keyboard.press("Escape")
    expect(items).to_be_hidden()
    expect(panel.locator("#more")).to_be_focused()


def test_a_menus_choice_acts_closes_it_and_keeps_the_place(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    panel.locator("#more").focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("That worked")).to_be_visible()
    expect(panel.locator("#more-items")).to_be_hidden()
    expect(panel.locator("#more")).to_be_focused()


def test_a_choice_that_needs_no_server_closes_its_menu_too(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    panel.locator("#more").click()
    with tab.expect_response("**/sections/all?fresh=1*"):
        panel.locator("#more-refresh").press("Enter")
    expect(panel.locator("#more-items")).to_be_hidden()


def test_a_menu_closes_when_something_else_is_pressed(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    panel.locator("#more").click()
    panel.locator("h1").click()
    expect(panel.locator("#more-items")).to_be_hidden()


def test_a_menu_is_told_as_closed_and_open(gallery: Stack, browsing: BrowserContext) -> None:
    """Chromium's own tree of accessibility; the attribute is the browser's to keep."""
    tab = browsing.new_page()
    alone(gallery, tab)
    session = browsing.new_cdp_session(tab)

    def is_expanded() -> object:
        tree = session.send("Accessibility.getFullAXTree")["nodes"]
        opener = next(node for node in tree if node.get("name", {}).get("value") == "More …")
        return {each["name"]: each["value"]["value"] for each in opener["properties"]}["expanded"]

    assert is_expanded() is False
    tab.locator("#more").click()
    assert is_expanded() is True


def test_a_menu_in_a_low_frame_has_room(gallery: Stack, browsing: BrowserContext) -> None:
    """The frame grows while it is open, and the choices lie within it."""
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    frame = frame_of(tab, gallery)
    keep_only(frame, "#more")
    expect(tab.locator("[data-panel] iframe")).to_have_js_property("clientHeight", 100)
    panel.locator("#more").click()
    expect(tab.locator("[data-panel] iframe")).to_have_js_property("clientHeight", 240)
    assert frame.evaluate(IS_WITHIN)


def test_a_menu_is_within_the_frame_in_browsers_that_cannot_place_it(
    gallery: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    tab.set_viewport_size({"width": 385, "height": 300})
    alone(gallery, tab)
    forgotten = tab.evaluate(
        """() => { const sheet = document.styleSheets[0];
            const at = [...sheet.cssRules].findIndex((rule) => rule.conditionText === '(position-area: end)');
            sheet.deleteRule(at); return at }"""
    )
    assert forgotten > 0
    tab.locator("#more").click()
    assert tab.evaluate(IS_WITHIN)
    tab.locator("#copy-number").click(trial=True)  # nothing lies above it


def keep_only(frame: Frame, selector: str) -> None:
    frame.evaluate(
        """selector => { const kept = document.querySelector(selector).closest('.menu');
            const stack = document.querySelector('.stack'); stack.replaceChildren(kept) }""",
        selector,
    )


@pytest.mark.parametrize("width", NARROW)
def test_nothing_is_cut_off_in_a_narrow_frame(gallery: Stack, browsing: BrowserContext, width: int) -> None:
    tab = browsing.new_page()
    tab.set_viewport_size({"width": width, "height": 750})
    alone(gallery, tab)
    assert tab.evaluate(TOO_WIDE) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.locator("#row-more").click()
    assert tab.evaluate(TOO_WIDE) == []


def test_everything_is_large_enough_to_hit(gallery: Stack, browsing: BrowserContext) -> None:
    """WCAG 2.2, 2.5.8; a tick box is hit through its label."""
    tab = browsing.new_page()
    tab.set_viewport_size({"width": 385, "height": 750})
    alone(gallery, tab)
    tab.locator("#more").click()
    assert tab.evaluate(TOO_SMALL) == []


def test_nothing_moves_for_who_asks_for_less_motion(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    alone(gallery, tab)
    assert tab.evaluate("document.getAnimations().length") > 0
    tab.emulate_media(reduced_motion="reduce")
    assert tab.evaluate("document.getAnimations().length") == 0


def test_forced_colours_leave_edges_where_colours_were(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    tab.emulate_media(forced_colors="active")
    alone(gallery, tab)
    tab.locator("#more").click()
    for part in (".card", ".tag", ".button", "#more-items", ".field > input", ".skeleton > i"):
        style = tab.locator(part).first.evaluate("each => getComputedStyle(each).borderTopStyle")
        assert style == "solid", part
    wrong = tab.locator("#reference").evaluate("each => getComputedStyle(each).borderTopWidth")
    right = tab.locator("#customer").evaluate("each => getComputedStyle(each).borderTopWidth")
    assert wrong != right


def test_hostile_values_run_nowhere(browsing: BrowserContext, tmp_path: Path) -> None:
    """Without any policy of the page, which would hide what the parts let through."""
    parts = Parts.probed_in(tmp_path)
    spoilt = [html for each in EXAMPLES for text in HOSTILE for _, html in parts.spoilt(each, text)]
    tab = browsing.new_page()
    assert fired(tab, spoilt) == 0, f"n = {len(spoilt)}"
    assert len(spoilt) > 1500
    protocols = set(tab.evaluate("[...document.links].map((link) => link.protocol)"))
    assert protocols == {"http:", "https:"}


def test_hostile_values_do_run_where_nothing_is_escaped(browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    for text in HOSTILE[:5]:
        assert fired(tab, [f'<input title="{text}">', f"<input title='{text}'>", f"<p>{text}</p>"]) > 0, text


def fired(tab: Page, snippets: list[str]) -> int:
    """How often fired() was called by a page of these."""
    script = "<script>var n = 0; function fired() { n++ }</script>"
    tab.set_content('<!doctype html><base href="http://127.0.0.1/">' + "\n".join([script, *snippets]))
    tab.evaluate("document.querySelectorAll('[autofocus], [x]').forEach((each) => each.focus())")
    tab.wait_for_timeout(300)  # an image that is not there fails in its own time
    return int(tab.evaluate("n"))
