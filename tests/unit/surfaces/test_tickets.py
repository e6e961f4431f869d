"""What a template or a handler may have a ticket for; the rest its author hears of, in words to copy."""

import pytest

from marketplace_app.clock import SystemClock
from marketplace_app.domain.selection import Selection
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit import ActionContext, Extension, Replies, Snackbar, say
from marketplace_app.storage.vault import CompanyKey
from marketplace_app.surfaces.tickets import Issue, Tickets, canonical, snippet
from tests.makers import installation

pytestmark = pytest.mark.anyio
KEY = CompanyKey(b"k1", bytes(32))


class OneKey:
    async def find_key(self, _company_id: object) -> CompanyKey:
        return KEY


def extension() -> Extension:
    made = Extension("x", title="X")

    async def act(_context: ActionContext) -> Replies:
        return Snackbar(say("done"))

    made.action("plain")(act)
    made.action("delete", confirmed=True)(act)
    return made


@pytest.fixture
async def issue() -> Issue:
    tickets = Tickets(OneKey(), SystemClock())  # type: ignore[arg-type]  # all that it asks a vault
    return await tickets.issuer(installation(), extension(), Selection(subject="1"))


async def test_a_button_and_a_question_have_tickets(issue: Issue) -> None:
    assert issue("plain") != issue("plain")
    assert issue("delete", {"id": 1})


async def test_a_button_for_nothing_says_what_to_write(issue: Issue) -> None:
    with pytest.raises(ConfigurationError, match=r"@extension\.action\('no-such'\) async def no_such\("):
        issue("no-such")


async def test_a_button_cannot_skip_the_question(issue: Issue) -> None:
    with pytest.raises(ConfigurationError, match="wants a question first"):
        issue("delete")


async def test_a_question_is_asked_for_what_nothing_else_presses(issue: Issue) -> None:
    with pytest.raises(ConfigurationError, match="confirmed=True"):
        issue("plain", {})


def test_a_form_reads_the_same_after_its_way_through_a_browser() -> None:
    assert canonical({"b": 1, "a": [1, {"d": None, "c": "ü"}]}) == canonical(
        {"a": [1, {"c": "ü", "d": None}], "b": 1}
    )
    assert len({canonical(form) for form in ({}, {"a": 1}, {"a": "1"}, {"a": None}, {"a": [1]})}) == 5


def test_a_snippet_holds_nothing_that_could_run() -> None:
    assert "async def a_____b(" in snippet(extension(), "a'); _b")
