"""An app of somebody else's on this backend, and what becomes of each way in which its code can fail."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from tests.harness.stack import running_stack
from tests.integration.own_app.extensions import FAILURES
from tests.integration.person import Button, Person, button_in
from tests.integration.town import Town, town_of

HERE = Path(__file__).parent
SETTINGS = {
    "EXTENSIONS": "tests.integration.own_app.extensions:EXTENSIONS",
    "MANIFEST": str(HERE / "manifest.json"),
    "TEMPLATES_DIR": str(HERE / "templates"),
    "PYTHONPATH": str(HERE.parents[2]),
}
STATUSES = {
    "form": 400,
    "refused": 403,
    "busy": 503,
    "spent": 503,
    "disconnected": 403,
    "scope": 403,
    "away": 503,
    "unexpected": 502,
    "store": 503,
    "unreadable": 503,
    "bug": 500,
}


@pytest.fixture(scope="module")
def own_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_stack(tmp_path_factory.mktemp("own"), parts=("valkey",)) as stack:
        local = stack.local
        local.plan = replace(
            local.plan, manifest=HERE / "manifest.json", settings={**local.plan.settings, **SETTINGS}
        )
        local.identity = local.identity.with_surfaces({"own-panel"})
        local.start_emulator()
        local.start_serve()
        with town_of(stack) as town:
            yield town


@pytest.fixture(scope="module")
def marta(own_app: Town) -> Person:
    return replace(own_app.marta, panel="own-panel").installed()


def deal_named(marta: Person, title: str) -> int:
    return int(marta.calls("POST", "/api/v2/deals", title=title)["id"])


def test_its_panel_is_shown_with_its_template(marta: Person) -> None:
    deal = deal_named(marta, "Ours <b>bold</b> {{ 7 * 7 }}")
    assert "<h1>Ours &lt;b&gt;bold&lt;/b&gt; {{ 7 * 7 }}</h1>" in marta.picture(deal)
    assert marta.opens(deal).headers["surface-state"] == "complete"


@pytest.mark.parametrize("how", FAILURES)
def test_a_panel_that_fails_is_a_page_that_initialises(marta: Person, how: str) -> None:
    reply = marta.opens(deal_named(marta, f"fail {how}"))
    assert "surface.js" in reply.text
    assert "CANARY" not in reply.text
    assert "Traceback" not in reply.text
    expected = {"form": 400, "store": 503, "unreadable": 503, "bug": 500}.get(how, 200)
    assert reply.status_code == expected


@pytest.mark.parametrize("how", FAILURES)
def test_a_section_that_fails_is_a_sentence(marta: Person, how: str) -> None:
    reply = marta.refreshes(deal_named(marta, f"fail {how}"))
    assert reply.status_code >= 400
    assert reply.json()["commands"][0]["kind"] == "message"
    assert "CANARY" not in reply.text


@pytest.mark.parametrize("how", FAILURES)
def test_an_action_that_fails_before_it_wrote_may_be_pressed_again(marta: Person, how: str) -> None:
    deal = deal_named(marta, f"Deal for {how}")
    button = button_in(marta.picture(deal), "fail")
    reply = marta.presses(deal, button, how=how)
    assert reply.status_code == STATUSES[how]
    assert reply.json()["commands"][0]["text"]
    assert "CANARY" not in reply.text
    if how == "form":
        assert reply.json()["fields"] == {"title": "must not be empty"}
    assert marta.presses(deal, button, how="form").status_code == 400


@pytest.mark.parametrize("how", FAILURES)
def test_an_action_that_fails_after_it_wrote_is_never_done_twice(
    own_app: Town, marta: Person, how: str
) -> None:
    deal = deal_named(marta, f"Deal for {how}")
    button = button_in(marta.picture(deal), "write-and-fail")
    since = own_app.now()
    reply = marta.presses(deal, button, how=how)
    assert reply.status_code == 202
    assert [command["kind"] for command in reply.json()["commands"]] == ["message", "refresh"]
    assert "CANARY" not in reply.text
    assert marta.presses(deal, button, how=how).content == reply.content
    assert [call["method"] for call in own_app.calls(since)].count("PATCH") == 1


def test_a_bug_is_in_the_log_under_the_reference_that_the_viewer_sees(own_app: Town, marta: Person) -> None:
    deal = deal_named(marta, "Deal with a bug")
    button = button_in(marta.picture(deal), "fail")
    reference = marta.presses(deal, button, how="bug").json()["reference"]
    assert reference in own_app.stack.log_of("serve")


def test_replies_become_commands_and_links_are_https(marta: Person) -> None:
    deal = deal_named(marta, "Deal with replies")
    reply = marta.presses(deal, button_in(marta.picture(deal), "plain"))
    assert reply.json() == {
        "status": 200,
        "commands": [
            {
                "kind": "snackbar",
                "message": "Look there",
                "link": {"url": "https://example.com/x", "label": "There"},
            },
            {"kind": "snackbar", "message": "Not there"},
            {"kind": "refresh"},
        ],
    }


def test_a_handler_knows_what_is_left_of_the_companys_day(own_app: Town, marta: Person) -> None:
    deal = deal_named(marta, "Deal of a budget")

    def left() -> int:
        reply = own_app.http.get(
            f"{own_app.stack.emulator_url}/api/v2/deals/{deal}",
            headers={"x-api-token": marta.user["api_token"]},
        )
        return int(reply.headers["x-daily-ratelimit-token-remaining"])

    before = left()
    button = button_in(marta.picture(deal), "budget")
    since = own_app.now()
    told = marta.presses(deal, button).json()["commands"][0]["message"]
    assert own_app.calls(since), "so that it is not from memory"
    assert left() < int(told) < before


def test_a_write_that_was_done_is_told_even_when_the_store_has_gone(own_app: Town, marta: Person) -> None:
    """And its ticket stays spent, so that pressing again does nothing more.

    A store that hung may have taken the answer after all: then it is given again.
    """
    deal = deal_named(marta, "Deal of an outage")
    button = button_in(marta.picture(deal), "rename")
    valkey, since = own_app.stack.local.watch.named("valkey"), own_app.now()
    with own_app.while_stopped(valkey, after=0.7):
        reply = marta.presses(deal, button)
    assert reply.status_code == 200
    assert reply.json()["commands"] == [{"kind": "snackbar", "message": "Renamed"}]
    own_app.stack.local.watch.until(lambda: marta.opens(deal).status_code == 200, "The store", 10)
    again = marta.presses(deal, button)
    if again.status_code == 409:
        assert "still being done" in again.json()["commands"][0]["text"]
    else:
        assert (again.status_code, again.json()) == (200, reply.json())
    assert [call["method"] for call in own_app.calls(since)].count("PATCH") == 1


def test_a_picture_begun_before_a_press_does_not_outlive_it(marta: Person) -> None:
    """A slow look at the deal as it was must not take the place of the panel after the press."""
    deal = deal_named(marta, "fast")
    button = button_in(marta.picture(deal), "rename")
    marta.calls("PATCH", f"/api/v2/deals/{deal}", title="slow and old")
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(marta.picture, deal)
        time.sleep(0.5)
        assert marta.presses(deal, button).status_code == 200
        assert "<h1>renamed</h1>" in marta.picture(deal)  # asked anew, and not what is still under way
        assert "<h1>renamed</h1>" in looking.result()
    assert "<h1>renamed</h1>" in marta.opens(deal).text


@pytest.mark.parametrize(
    "path", ["/surfaces/deal-panel", "/surfaces/own-panel/nothing", "/static/..%2fmanifest.json"]
)
def test_nothing_else_is_mounted(own_app: Town, path: str) -> None:
    assert own_app.http.get(f"{own_app.stack.app_url}{path}").status_code == 404


def test_buttons_are_this_surfaces(own_app: Town, marta: Person) -> None:
    """The token of a surface with another secret opens nothing here."""
    forged = Button("plain", "A" * 64, {})
    assert replace(marta, panel="own-panel").presses(1, forged, token="a.b.c").status_code == 401
    assert own_app.http.post(f"{own_app.stack.app_url}/surfaces/own-panel/actions/plain").status_code == 401
