"""Tickets: good for one button of one person, and for nothing else."""

from dataclasses import replace

import pytest

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.ticket import LIFETIME_SECONDS, Purpose, check_ticket, issue_ticket
from marketplace_app.errors import TicketRejected
from tests.makers import NOW, seeded

KEY = bytes(range(32))
PURPOSE = Purpose(Principal(CompanyId(1), UserId(11)), "deal-panel", "42", "done")


def is_accepted(ticket: str, purpose: Purpose = PURPOSE, key: bytes = KEY, now: float = NOW) -> bool:
    try:
        check_ticket(ticket, purpose, key, now)
    except TicketRejected:
        return False
    return True


def test_a_ticket_is_good_for_its_purpose() -> None:
    assert is_accepted(issue_ticket(PURPOSE, KEY, NOW))


@pytest.mark.parametrize(
    "other",
    [
        replace(PURPOSE, principal=Principal(CompanyId(1), UserId(12))),
        replace(PURPOSE, principal=Principal(CompanyId(2), UserId(11))),
        replace(PURPOSE, principal=Principal(CompanyId(11), UserId(1))),
        replace(PURPOSE, principal=Principal(CompanyId(111), UserId(1))),
        replace(PURPOSE, surface="person-panel"),
        replace(PURPOSE, surface="deal-pane"),
        replace(PURPOSE, subject="43"),
        replace(PURPOSE, subject="4"),
        replace(PURPOSE, action="move-date"),
        replace(PURPOSE, action="don"),
        replace(PURPOSE, surface="deal-panel42", subject=""),
        replace(PURPOSE, confirmed=b"{}"),
        replace(PURPOSE, confirmed=b""),
    ],
)
def test_a_ticket_is_good_for_nothing_else(other: Purpose) -> None:
    assert not is_accepted(issue_ticket(PURPOSE, KEY, NOW), other)
    assert not is_accepted(issue_ticket(other, KEY, NOW))


def test_parts_of_a_purpose_do_not_run_into_each_other() -> None:
    purposes = [
        Purpose(Principal(CompanyId(company), UserId(user)), surface, subject, action)
        for company, user in ((1, 11), (11, 1), (111, 1), (1, 111))
        for surface, subject, action in (
            ("a", "1", "1b"),
            ("a", "11", "b"),
            ("a1", "1", "b"),
            ("a1", "11", ""),
        )
    ]
    assert len({purpose.octets for purpose in purposes}) == len(purposes)


def test_another_companys_key_does_not_open_it() -> None:
    assert not is_accepted(issue_ticket(PURPOSE, KEY, NOW), key=KEY[::-1])


@pytest.mark.parametrize(
    ("after", "expected"), [(-1, True), (3598, True), (3599.9, True), (3600, False), (10**6, False)]
)
def test_a_ticket_lives_an_hour(after: float, expected: bool) -> None:
    assert LIFETIME_SECONDS == 3600
    assert is_accepted(issue_ticket(PURPOSE, KEY, NOW), now=NOW + after) is expected


def test_no_character_of_a_ticket_can_be_another() -> None:
    random, ticket = seeded(5), issue_ticket(PURPOSE, KEY, NOW)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n\0\u0661\uff21"
    for place in range(len(ticket)):
        for letter in random.sample(letters, 20):
            if letter != ticket[place]:
                assert not is_accepted(ticket[:place] + letter + ticket[place + 1 :])


@pytest.mark.parametrize(
    "text", ["", "x", "A" * 63, "A" * 64, "A" * 65, "=" * 64, "A" * 2**20, "\ud800" * 64]
)
def test_odd_texts_are_rejected(text: str) -> None:
    assert not is_accepted(text)


def test_each_ticket_has_a_nonce_of_its_own() -> None:
    tickets = [issue_ticket(PURPOSE, KEY, NOW) for _ in range(1000)]
    assert len({check_ticket(ticket, PURPOSE, KEY, NOW) for ticket in tickets}) == 1000
