"""Forms as HTML sends them: every error at once, each with a sentence that says what would fit."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta

from marketplace_app.errors import FormRejected
from marketplace_app.kit.forms import parse_form
from marketplace_app.web.words import Words

ENGLISH = Words.of("en", "en", "UTC")


@dataclass(frozen=True, slots=True)
class Everything:
    name: Annotated[str, Meta(min_length=2, max_length=5)]
    count: Annotated[int, Meta(ge=1, le=9)]
    day: date
    price: float | None = None
    at: time | None = None
    moment: datetime | None = None
    kind: Literal["call", "meeting"] = "call"
    is_done: bool = False
    note: str = ""


GOOD: dict[str, Any] = {"name": "Ada", "count": "3", "day": "2026-12-24"}


def errors(**changes: Any) -> dict[str, str]:
    with pytest.raises(FormRejected) as caught:
        parse_form(Everything, GOOD | changes)
    return {name: ENGLISH.say(sentence) for name, sentence in caught.value.fields.items()}  # type: ignore[arg-type]


def test_a_form_is_read_as_html_sends_it() -> None:
    sent = GOOD | {"price": "1.5", "at": "14:30", "is_done": "on", "note": "", "kind": "meeting", "more": "x"}
    read = parse_form(Everything, sent)
    assert read == Everything("Ada", 3, date(2026, 12, 24), 1.5, time(14, 30), None, "meeting", is_done=True)


@pytest.mark.parametrize("ticked", [True, "on", "true"])
def test_a_box_is_ticked_or_left_out(ticked: object) -> None:
    assert parse_form(Everything, GOOD | {"is_done": ticked}).is_done is True
    assert parse_form(Everything, GOOD).is_done is False


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Fill this in."),
        ("name", "  ", "Fill this in."),
        ("name", None, "Fill this in."),
        ("name", "A", "At least 2 characters."),
        ("name", "Adaline", "At most 5 characters."),
        ("name", 5, "This does not fit here."),
        ("count", "x", "Write a whole number."),
        ("count", "1.5", "Write a whole number."),
        ("count", "0", "At least 1."),
        ("count", "10", "At most 9."),
        ("day", "soon", "Choose a date."),
        ("day", "2026-02-30", "Choose a date."),
        ("price", "much", "Write a number."),
        ("price", "inf", "Write a number."),
        ("at", "noon", "Choose a time."),
        ("moment", "now", "Choose a date and a time."),
        ("kind", "lunch", "This does not fit here."),
        ("is_done", "maybe", "Choose yes or no."),
    ],
)
def test_each_error_says_what_would_fit(field: str, value: object, sentence: str) -> None:
    assert errors(**{field: value}) == {field: sentence}


def test_all_errors_are_told_at_once() -> None:
    assert set(errors(name="", count="x", day="soon")) == {"name", "count", "day"}


@dataclass(frozen=True, slots=True)
class Span:
    begin: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.begin:
            raise ValueError("The end comes before the beginning.")


def test_a_rule_over_several_fields_is_the_dataclasss_own() -> None:
    with pytest.raises(FormRejected) as caught:
        parse_form(Span, {"begin": "2026-02-01", "end": "2026-01-01"})
    assert caught.value.told == "The end comes before the beginning."


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(st.sampled_from([*Everything.__dataclass_fields__, "more"]), JSON))
def test_whatever_is_sent_is_read_or_refused_in_words(values: dict[str, Any]) -> None:
    sentences: dict[str, Any] = {}
    try:
        read = parse_form(Everything, values)
    except FormRejected as refusal:
        read, sentences = None, refusal.fields
    assert isinstance(read, Everything) is not bool(sentences)
    assert set(sentences) <= set(Everything.__dataclass_fields__)
    assert all(ENGLISH.say(sentence) for sentence in sentences.values())
