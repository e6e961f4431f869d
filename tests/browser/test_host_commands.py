"""Every command of the official SDK, asked by a real iframe, seen on both sides."""

import json

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.host import SECRETS, Host, answer_of, ask, refusal
from tests.browser.tokens import claims_of


def test_initialize_may_be_repeated(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    again = frame.evaluate("new AppExtensionsSDK().initialize().then(sdk => typeof sdk.execute)")
    assert again == "function"
    expect(tab.locator("[data-panel]")).to_have_attribute("data-state", "ready")


def test_snackbar_shows_the_message_with_its_link(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    link = {"url": "https://example.com/offer", "label": "Mở"}
    frame.evaluate("args => sdk.execute('show_snackbar', args)", {"message": "Đã gửi đề nghị", "link": link})
    expect(tab.get_by_role("status").get_by_text("Đã gửi đề nghị")).to_be_visible()
    shown = tab.get_by_role("link", name="Mở")
    expect(shown).to_have_attribute("href", "https://example.com/offer")
    expect(shown).to_have_attribute("rel", "noopener")
    tab.get_by_role("button", name="Dismiss").click()
    expect(tab.get_by_text("Đã gửi đề nghị")).to_have_count(0)


def test_snackbar_shows_text_as_text_and_follows_no_script_link(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    link = {"url": "javascript:document.title='taken over'", "label": "Open"}
    frame.evaluate("args => sdk.execute('show_snackbar', args)", {"message": "<b>bold</b>", "link": link})
    expect(tab.get_by_text("<b>bold</b>")).to_be_visible()
    expect(tab.locator(".snackbar a")).to_have_count(0)


@pytest.mark.parametrize(("press", "confirmed"), [("Delete it", True), ("Keep it", False), ("Escape", False)])
def test_confirmation_answers_what_was_pressed(host: Host, tab: Page, press: str, confirmed: bool) -> None:
    frame = host.open_deal(tab)
    ask(
        frame,
        "sdk.execute('show_confirmation', {title: 'Sure?', okText: 'Delete it', cancelText: 'Keep it'})",
    )
    dialog = tab.get_by_role("dialog", name="Sure?")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Delete it")).to_have_class("button button-negative")
    if press == "Escape":
        tab.keyboard.press("Escape")
    else:
        dialog.get_by_role("button", name=press).click()
    assert answer_of(frame) == {"confirmed": confirmed}
    expect(dialog).to_have_count(0)


def _size(tab: Page) -> tuple[float, float]:
    box = tab.locator("[data-panel] iframe").bounding_box()
    assert box is not None
    return box["width"], box["height"]


REQUESTS = [
    ({"height": 300}, 300, 300),
    ({"height": 100}, 100, 100),
    ({"height": 750}, 750, 750),
    ({"height": 99}, 240, 100),
    ({"height": 751}, 240, 750),
    ({"height": "300"}, 240, 240),
    ({"height": 300, "width": 9999}, 300, 300),
    ({"width": 500}, 240, 240),
]


@pytest.mark.usefixtures("reset")
@pytest.mark.parametrize("policy", ["reject", "clamp"])
def test_resize_keeps_the_limits_under_both_policies(host: Host, tab: Page, policy: str) -> None:
    host.control("switches", {"resize_policy": policy})
    frame = host.open_deal(tab)
    for requested, rejecting, clamping in REQUESTS:
        frame.evaluate("sdk.execute('resize', {height: 240})")
        assert frame.evaluate("args => sdk.execute('resize', args)", requested) is None
        expected = rejecting if policy == "reject" else clamping
        assert _size(tab) == (385, expected), requested
        frame.wait_for_function("height => window.innerHeight === height", arg=expected)


@pytest.mark.parametrize(
    ("policy", "size"), [("reject", {}), ("clamp", {"height": 300, "width": 800})], ids=["reject", "clamp"]
)
def test_one_bad_dimension_drops_the_whole_request_unless_it_is_clamped(
    host: Host, tab: Page, policy: str, size: dict[str, int]
) -> None:
    host.open(tab, "/deals")
    settled = tab.evaluate(
        """async policy => (await import("/_host/static/js/sizes.js")).settleSize(
          {height: [70, 700], width: [200, 800]}, {height: 300, width: 900}, policy,
        )""",
        policy,
    )
    assert settled == {"size": size, "problems": ["width 900 is outside 200 to 800"]}


def test_dropped_resize_is_told_to_the_ledger(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    with tab.expect_response("**/_host/notes"):
        frame.evaluate("sdk.execute('resize', {height: 5000})")
    notes = [one for one in host.control("ledger?since=0")["entries"] if one["kind"] == "resize_out_of_range"]
    assert "height 5000 is outside 100 to 750" in notes[-1]["reason"]


def test_size_given_to_initialize_keeps_the_same_limits(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("sdk.initialize({size: {height: 5000}})")
    assert _size(tab) == (385, 240)
    frame.evaluate("sdk.initialize({size: {height: 420}})")
    assert _size(tab) == (385, 420)


def test_signed_token_is_fresh_and_signed_with_the_secret_of_the_surface(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    answer = frame.evaluate("sdk.execute('get_signed_token')")
    claims = claims_of(answer["token"], SECRETS["probe-deal"])
    assert claims["userId"] == host.somebody
    assert isinstance(claims["companyId"], int)
    assert claims["exp"] - claims["iat"] == 300


def test_metadata_is_the_size_of_the_whole_window(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    assert frame.evaluate("sdk.execute('get_metadata')") == {"windowHeight": 900, "windowWidth": 1280}


@pytest.mark.parametrize(
    ("view", "record", "path"),
    [
        ("deals", None, "/deals"),
        ("deals", 2, "/deal/2"),
        ("deals", "2", "/deal/2"),
        ("contacts", 1, "/person/1"),
        ("contacts", None, "/persons"),
        ("organizations", 1, "/organization/1"),
        ("organizations", None, "/organizations"),
        ("leads", None, "/leads/inbox"),
        (
            "leads",
            "adf21080-0e10-11eb-879b-05d71fb426ec",
            "/leads/inbox/adf21080-0e10-11eb-879b-05d71fb426ec",
        ),
        ("campaigns", 1, "/campaigns/1"),
        ("projects", None, "/projects"),
    ],
)
def test_redirect_leads_to_the_page(
    host: Host, tab: Page, view: str, record: int | str | None, path: str
) -> None:
    frame = host.open_deal(tab)
    frame.evaluate("args => void sdk.execute('redirect_to', args)", {"view": view, "id": record})
    tab.wait_for_url(f"{host.acme}{path}")


REFUSED = [
    ("redirect_to", {"view": "dashboards"}, "has no view"),
    ("open_modal", {"type": "lead"}, "has no modal of type"),
    ("redirect_to", {"view": "deals", "id": "../logout"}, "is not the id of a record"),
    ("open_modal", {"type": "custom_modal", "action_id": "x"}, "has no custom_modal with the id or name"),
    ("open_modal", {"type": "custom_modal", "action_id": "probe-modal"}, "Install Probe first"),
    ("close_modal", None, "not a custom modal"),
    ("show_floating_window", {}, "no floating window"),
    ("hide_floating_window", {}, "no floating window"),
    ("set_notification", {"number": 1}, "no floating window"),
    ("set_focus_mode", True, "no floating window"),
    ("show_snackbar", {}, "needs a message"),
    ("show_confirmation", {}, "needs a title"),
]


def test_what_this_host_cannot_do_is_refused_with_a_sentence(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    for command, arguments, sentence in REFUSED:
        call = f"sdk.execute({json.dumps(command)}, {json.dumps(arguments)})"
        assert sentence in refusal(frame, call), command


ASK_RAW = """([payload, id]) => new Promise(resolve => {
  const channel = new MessageChannel(), replies = [];
  channel.port1.onmessage = ({data}) => replies.push(data);
  parent.postMessage({payload, id: id ?? sdk.identifier}, "*", [channel.port2]);
  setTimeout(() => resolve(replies), 500);
})"""


@pytest.mark.parametrize("command", ["dance", "constructor", "__proto__"])
def test_unknown_command_gets_one_reply_that_is_an_error(host: Host, tab: Page, command: str) -> None:
    frame = host.open_deal(tab)
    replies = frame.evaluate(ASK_RAW, [{"type": "command", "command": command}, None])
    assert replies == [{"error": f'Pipedrive knows no command "{command}"'}]


def test_command_without_an_answer_gets_exactly_one_empty_object(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    resize = {"type": "command", "command": "resize", "args": {"height": 200}}
    assert frame.evaluate(ASK_RAW, [resize, None]) == [{}]


def test_sdk_refuses_an_unknown_command_by_itself(host: Host, tab: Page) -> None:
    frame = host.open_deal(tab)
    with pytest.raises(Error, match="Invalid command"):
        frame.evaluate("sdk.execute('dance')")
