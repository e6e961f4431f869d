"""Nobody changes a record of another company, whatever ids, tickets and tokens he mixes."""

from itertools import permutations
from typing import Any

import pytest

from tests.integration.person import Button, Person, buttons_in
from tests.tenancy.conftest import ACME_ONLY, HIDDEN, Companies, assert_nobodys, assert_own

FOREIGN_FORMS: dict[str, list[dict[str, Any]]] = {
    "done": [{"activity_id": 40}, {"activity_id": 2}, {"activity_id": 1}],
    "reopen": [{"activity_id": 40}, {"activity_id": 2}],
    "move-date": [
        {"activity_id": 40, "due_date": "2030-01-15"},
        {"activity_id": 2, "due_date": "2030-01-15"},
    ],
    "plan-next-step": [{"subject": "x", "due_date": "2030-01-15", "person_id": 20}],
    "set-close-date": [{"expected_close_date": "2030-01-15", "deal_id": 40, "company_id": 13000037}],
    "move-stage": [{"stage_id": 1}, {"stage_id": 9999}],
    "link-person": [{"id": 20}],
    "link-organization": [{"id": 13}],
}


def tickets_of(person: Person, record_id: int) -> dict[str, Button]:
    reply = person.refreshes(record_id, fresh=True)
    assert reply.status_code == 200
    return {button.action: button for button in buttons_in(reply.json()["commands"][0]["html"])}


@pytest.mark.parametrize("action", FOREIGN_FORMS)
def test_foreign_ids_in_a_form_reach_nothing_of_the_other_company(companies: Companies, action: str) -> None:
    """With a good ticket of one's own, where the panel offers such a button, and an invented one else."""
    huy = companies.huy
    theirs = companies.records(companies.marta)
    since = companies.town.now()
    for form in FOREIGN_FORMS[action]:
        own = next(
            (b for b in tickets_of(huy, 1).values() if b.action == action), Button(action, "A" * 64, {})
        )
        assert_own(huy.presses(1, own, **form), huy)
    assert companies.records(companies.marta) == theirs
    assert {call["company_id"] for call in companies.town.calls(since)} <= {huy.ids[0]}


def test_records_of_the_other_company_cannot_be_chosen(companies: Companies) -> None:
    theirs = companies.records(companies.marta)
    buttons = tickets_of(companies.huy, 1)
    for record_id in ACME_ONLY:
        for button in buttons.values():
            reply = companies.huy.presses(record_id, button)
            assert reply.status_code == 409
            assert_nobodys(reply)
        assert_nobodys(companies.huy.refreshes(record_id))
    assert companies.records(companies.marta) == theirs


def test_tickets_and_tokens_of_others_do_nothing(companies: Companies) -> None:
    """The other one's ticket with my token, and mine with a ticket of the same deal's number there."""
    everything = {person.ids: companies.records(person) for person in (companies.marta, companies.huy)}
    for mine, theirs in permutations((companies.marta, companies.jack, companies.huy), 2):
        for button in tickets_of(theirs, 1).values():
            since = companies.town.now()
            reply = mine.presses(1, button)
            assert reply.status_code == 409
            assert_nobodys(reply)
            assert [call for call in companies.town.calls(since) if call["method"] != "GET"] == []
    for person in (companies.marta, companies.huy):
        assert companies.records(person) == everything[person.ids]


def test_a_colleagues_hidden_deal_cannot_be_changed(companies: Companies) -> None:
    theirs = companies.records(companies.marta)
    buttons = tickets_of(companies.marta, HIDDEN["acme"])
    assert buttons
    for button in buttons.values():
        for colleague in (companies.jack, companies.victor):
            reply = colleague.presses(HIDDEN["acme"], button)
            assert reply.status_code in (403, 409)
            assert "-secret" not in reply.text
    assert companies.records(companies.marta) == theirs


def test_who_has_no_installation_changes_nothing(companies: Companies) -> None:
    theirs = companies.records(companies.marta)
    since = companies.town.now()
    for button in tickets_of(companies.marta, 1).values():
        reply = companies.victor.presses(1, button)
        assert (reply.status_code, reply.json()["reason"]) == (403, "not_installed")
        assert_nobodys(reply)
    writers = {call["user_id"] for call in companies.town.calls(since) if call["method"] != "GET"}
    assert writers == set()
    assert companies.records(companies.marta) == theirs


def test_each_action_is_written_by_its_own_user(companies: Companies) -> None:
    """Each of the five on the deal with the same number in his own company."""
    for person in companies.installed:
        deal = person.calls("POST", "/api/v2/deals", title=f"CANARY-{person.company['domain']}-seen-new")[
            "id"
        ]
        person.calls(
            "POST", "/api/v2/activities", deal_id=deal, subject="Call", type="call", due_date="2030-01-15"
        )
        others = [each for each in (companies.marta, companies.huy) if each.company is not person.company]
        before = [companies.records(other) for other in others]
        since = companies.town.now()
        for button in (tickets_of(person, deal)[name] for name in ("done",)):
            reply = person.presses(deal, button)
            assert reply.status_code == 200
            assert_own(reply, person)
        assert {(c["company_id"], c["user_id"]) for c in companies.town.calls(since)} == {person.ids}
        assert [companies.records(other) for other in others] == before
