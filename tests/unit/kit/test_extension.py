"""Extension: what its author may declare, and what is refused before anybody clicks."""

from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import pytest

from marketplace_app.domain.surface import View
from marketplace_app.errors import ConfigurationError, FormRejected
from marketplace_app.kit import ActionContext, Extension, PanelContext, Replies, Snackbar, say
from marketplace_app.kit.extension import Screen
from marketplace_app.kit.forms import parse_form


@dataclass(frozen=True, slots=True)
class Plan:
    subject: str
    due_date: date | None = None
    person_id: int | None = None


async def show(_context: PanelContext) -> str:
    return "view"


async def plain(_context: ActionContext) -> Replies:
    return Snackbar(say("plain"))


async def with_form(_context: ActionContext, form: Plan) -> Replies:
    return Snackbar(say(form.subject))


async def with_a_form_of_no_kind(_context: ActionContext, form: dict[str, Any]) -> Replies:
    return Snackbar(say(str(form)))


def test_a_panel_and_its_actions_stand_together() -> None:
    extension = Extension("x", title="X")
    assert extension.panel("deal", template="x.html")(show) is show
    extension.action("plain")(plain)
    extension.action("plan")(with_form)
    assert isinstance(extension.shown, Screen)
    assert (extension.shown.view, extension.shown.template) == (View.DEAL, "x.html")
    assert {name: action.form for name, action in extension.actions.items()} == {"plain": None, "plan": Plan}


def test_what_cannot_work_is_refused_when_it_is_declared() -> None:
    extension = Extension("x", title="X")
    extension.panel("deal", template="x.html")(show)
    extension.action("plain")(plain)
    for declare in (
        lambda: extension.panel("deal", template="y.html")(show),
        lambda: extension.action("plain")(plain),
        lambda: extension.action("other")(with_a_form_of_no_kind),
        lambda: Extension("y", title="Y").panel("moon", template="y.html")(show),
    ):
        with pytest.raises(ConfigurationError) as caught:
            cast("Any", declare)()
        assert "extension" in str(caught.value)


def test_a_frozen_extension_stays_as_it_is() -> None:
    extension = Extension("x", title="X")
    extension.panel("deal", template="x.html")(show)
    extension.freeze()
    with pytest.raises(ConfigurationError, match="after the app was made"):
        extension.action("late")(plain)


def test_a_form_is_read_as_html_sends_it() -> None:
    values = {"subject": "Call", "due_date": "2026-11-24", "person_id": "5", "extra": "x"}
    assert parse_form(Plan, values) == Plan("Call", date(2026, 11, 24), 5)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "subject"),
        ({"subject": "  "}, "subject"),
        ({"subject": 5}, "subject"),
        ({"subject": None}, "subject"),
        ({"subject": "x", "due_date": "tomorrow"}, "due_date"),
        ({"subject": "x", "due_date": "2026-13-01"}, "due_date"),
        ({"subject": "x", "person_id": "x"}, "person_id"),
        ({"subject": "x", "person_id": []}, "person_id"),
    ],
)
def test_a_wrong_field_is_named(values: dict[str, Any], field: str) -> None:
    with pytest.raises(FormRejected) as caught:
        parse_form(Plan, values)
    assert set(caught.value.fields) == {field}
    assert caught.value.fields[field]
