"""Tickets of every kind of surface, and link actions, as somebody without a browser tries them."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.every_surface.running import SURFACES, running_every
from tests.every_surface.visitor import Visitor
from tests.integration.person import Button, button_in, buttons_in
from tests.integration.town import Town, town_of


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_every(tmp_path_factory.mktemp("every")) as stack, town_of(stack) as town:
        yield town


@pytest.fixture
def panel(every: Town) -> Visitor:
    return Visitor(every, every.marta, "every-panel", {"record_id": 1})


def asked(panel: Visitor) -> dict[str, Any]:
    """What comes with the question."""
    (command,) = panel.presses(button_in(panel.picture(), "ask")).json()["commands"]
    assert command["kind"] == "show_confirmation"
    press: dict[str, Any] = command["press"]
    return press


def title(every: Town, deal: int = 1) -> str:
    return str(every.records("deals", every.marta)[deal]["title"])


def test_who_says_yes_does_it_once(every: Town, panel: Visitor) -> None:
    press = asked(panel)
    yes = Button(press["action"], press["ticket"], press["form"])
    since = every.now()
    replies = [panel.presses(yes) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 200, 200]
    assert len({reply.content for reply in replies}) == 1
    assert [call["method"] for call in every.calls(since)].count("PATCH") == 1
    assert title(every) == "Renamed after a question"


def test_nobody_says_yes_to_something_else(every: Town, panel: Visitor) -> None:
    press = asked(panel)
    before, since = title(every), every.now()
    yes = Button(press["action"], press["ticket"], press["form"])
    assert panel.presses(yes, title="Something else").status_code == 409
    assert panel.presses(yes, more="x").status_code == 409
    assert panel.presses(Button(yes.action, yes.ticket, {})).status_code == 409
    assert panel.presses(Button("snackbar", yes.ticket, {})).status_code == 409
    assert panel.presses(yes, place={"selectedIds": "2"}).status_code == 409
    colleague = Visitor(every, every.jack, "every-panel", {"record_id": 1})
    assert colleague.presses(yes).status_code == 409
    assert (title(every), every.calls(since)) == (before, [])


def test_no_button_skips_the_question(every: Town, panel: Visitor) -> None:
    """Another action's ticket is not enough, and the page has none of this one."""
    html = panel.picture()
    assert "rename" not in {button.action for button in buttons_in(html)}
    ticket = button_in(html, "snackbar").ticket
    since = every.now()
    assert panel.presses(Button("rename", ticket, {"title": "x"})).status_code == 409
    assert every.calls(since) == []


def test_what_follows_a_dialog_has_a_ticket_of_its_own(every: Town) -> None:
    panel = Visitor(every, every.marta, "every-panel", {"record_id": 4})
    (command,) = panel.presses(button_in(panel.picture(), "new-person")).json()["commands"]
    follows = Button(command["press"]["action"], command["press"]["ticket"], {})
    reply = panel.presses(follows, id=7)
    assert "Made number 7" in reply.json()["commands"][0]["html"]
    assert panel.presses(follows, id=8).content == reply.content


PLACES: tuple[dict[str, Any], ...] = (
    {"resource": "deal", "view": "details", "record_id": 1},
    {"resource": "deal", "view": "details", "record_id": 2},
    {"resource": "person", "view": "details", "record_id": 1},
    {"resource": "deal", "view": "list", "selected_ids": [1, 2]},
    {"resource": "deal", "view": "list", "selected_ids": [1]},
    {"resource": "deal", "view": "details", "record_id": 1, "data": {"step": "sign"}},
    {},
)


def test_a_modals_ticket_is_good_where_it_was_opened(every: Town) -> None:
    visitors = [Visitor(every, every.marta, "every-modal", place) for place in PLACES]
    closes = [button_in(visitor.picture(), "close") for visitor in visitors]
    for at, visitor in enumerate(visitors):
        for of, button in enumerate(closes):
            if at != of:
                assert visitor.presses(button).status_code == 409, (at, of)
    for visitor, button in zip(visitors, closes, strict=True):
        assert visitor.presses(button).json()["commands"] == [{"kind": "close_modal"}]


def test_a_ticket_of_one_surface_is_none_of_another(every: Town) -> None:
    plain = [Visitor(every, every.marta, name, {}) for name in ("every-modal", "every-window")]
    ticket = button_in(plain[0].picture(), "close").ticket
    assert plain[1].presses(Button("hide", ticket, {})).status_code == 409
    assert plain[1].presses(button_in(plain[1].picture(), "hide")).status_code == 200


def test_a_modal_is_never_shown_from_memory(every: Town) -> None:
    """Who opens a form again gets a new one."""
    modal = Visitor(every, every.marta, "every-modal", PLACES[0])
    tickets = {button_in(modal.picture(), "close").ticket for _ in range(2)}
    assert len(tickets) == 2


def test_an_unknown_action_is_refused_and_its_author_told_what_to_write(every: Town, panel: Visitor) -> None:
    ticket = button_in(panel.picture(), "snackbar").ticket
    assert panel.presses(Button("no-such", ticket, {})).status_code == 400
    assert "@extension.action('no-such')" in every.stack.log_of("serve")


@pytest.mark.parametrize("surface", sorted(SURFACES))
def test_only_the_surfaces_own_secret_opens_it(every: Town, surface: str) -> None:
    for other in sorted(SURFACES):
        token = dict(
            parse_qsl(urlsplit(Visitor(every, every.marta, other, {"record_id": 1}).url()).query)
        ).get("token")
        reply = Visitor(every, every.marta, surface, {"record_id": 1}).opens(token=token)
        expected = {200, 303} if other == surface and token else {401}
        assert reply.status_code in expected, (surface, other)


@pytest.fixture
def link(every: Town) -> Iterator[Visitor]:
    every.stack.control.turn(link_action_token="present")
    yield Visitor(every, every.marta, "every-link", {"view": "list", "selected_ids": [41, 57]})
    every.stack.control.turn(link_action_token="absent")


def test_a_link_action_leads_where_its_handler_says(link: Visitor) -> None:
    reply = link.opens()
    assert (reply.status_code, reply.headers["location"]) == (303, "https://example.com/list/41,57")
    assert reply.headers["referrer-policy"] == "no-referrer"  # the token stands in our own address
    assert reply.headers["cache-control"] == "no-store"


def test_without_a_token_a_link_says_how_to_come_again(link: Visitor) -> None:
    for token in (None, "x.y.z"):
        reply = link.opens(token=token)
        assert reply.status_code == 401
        assert "choose it in the menu once more" in reply.text
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"]


def test_a_link_of_somebody_without_the_app_leads_to_the_installation(every: Town, link: Visitor) -> None:
    reply = Visitor(every, every.victor, link.surface, link.place).opens()
    assert reply.status_code == 403
    assert 'href="/oauth/install"' in reply.text


def test_a_link_whose_query_contradicts_its_token_leads_nowhere(link: Visitor) -> None:
    assert link.opens(companyId="1").status_code == 400


def test_an_uninstalled_user_is_found_out_by_a_surface_that_asks_pipedrive_nothing(every: Town) -> None:
    """The notice of the uninstall may be false, so Pipedrive is asked, whatever the handler does."""
    window = Visitor(every, every.person("Nguyễn Thùy Linh"), "every-window", {})
    badge, hide = (button_in(window.picture(), name) for name in ("badge", "hide"))
    assert window.presses(badge).status_code == 200
    window.person.uninstalls()
    since = every.now()
    assert window.presses(hide).status_code == 403
    assert every.calls(since)
    assert 'href="/oauth/install"' in window.opens().text
    window.person.installed()
    assert window.presses(button_in(window.picture(), "hide")).status_code == 200
