"""Whatever our check lets through, Pipedrive takes, and what it stops, Pipedrive would refuse.

The emulator's validator is the second opinion: it knows the documents and nothing of our code.
"""

import copy
from collections.abc import Iterator
from dataclasses import make_dataclass
from datetime import time, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.json_panel import PanelShape, UnfitAnswer
from marketplace_app.kit.json_values import (
    Currency,
    Header,
    Label,
    Link,
    Markdown,
)
from pipedrive_emulator.json_library import panel
from tests.unit.kit.json_examples import Everything

SHAPES = {is_list: PanelShape.of(Everything, is_list=is_list) for is_list in (True, False)}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
numbers = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
addresses = st.sampled_from(["https://a.test", "http://b.test/x?y=1#z", "https://a.test/ü"])
rows = st.builds(
    Everything,
    id=st.integers(1, 2**53),
    header=texts,
    state=st.builds(Label, texts, st.sampled_from(["green", "red", "blue", "yellow", "purple", "grey"])),
    remarks=st.none() | texts | st.builds(Markdown, texts),
    score=st.none()
    | numbers
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9),
    signed_on=st.none() | st.dates(),
    wakes_at=st.none() | st.builds(time.replace, st.times(), tzinfo=zones),
    seen_at=st.none() | st.datetimes(timezones=zones),
    mail=st.none() | texts,
    call=st.none() | texts,
    home=st.none() | texts,
    open_doc=st.none() | st.builds(Link, addresses, texts, st.booleans()),
    total=st.none() | st.builds(Currency, numbers, st.sampled_from(["EUR", "VND", "USD"])),
    topics=st.lists(texts, max_size=4).map(tuple),
)
ODD: list[Any] = [
    *("2026-02-30", "2026-11-13", "2026-1-1", "20:20:39+02:00", "20:20:39", "20:20Z", "25:00:00Z"),
    *("2026-11-13T20:20:39Z", "2026-11-13T20:20:39.123+00:00", "2026-11-13T20:20:39", "2026-11-13 20:20:39Z"),
    *("https://a.test", "ftp://a.test", "javascript:x", "https://", " https://a.test", "EUR", "XXQ", "eur"),
    *("red", "pink", "", "x", 0, 1.5, True, None, [], ["x"], [1], {}, "\u0661:00:00Z", "20:20:39.5Z"),
]
odd_words = st.sampled_from(ODD)
keys = st.sampled_from(
    [*Everything.__dataclass_fields__, "markdown", "value", "code", "color", "label", "external", "surprise"]
)
anything = st.recursive(
    st.none() | st.booleans() | numbers | texts | odd_words,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(keys, part, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn, rows_of: st.SearchStrategy[Everything] = rows) -> dict[str, Any]:
    """A row that is right, with one to three things changed in it, at the top or inside a field."""
    row: dict[str, Any] = copy.deepcopy(SHAPES[False].encode(draw(rows_of))["data"])
    for _ in range(draw(st.integers(1, 3))):
        inner = [value for value in row.values() if isinstance(value, dict)]
        place = draw(st.sampled_from([row, *inner]))
        key = draw(keys)
        if draw(st.booleans()):
            place.pop(key, None)
        else:
            place[key] = draw(anything)
    return row


def as_sent(body: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(body))


def encoded(shape: PanelShape, answer: Any) -> Any:
    """None when it is refused."""
    try:
        return shape.encode(answer)
    except UnfitAnswer:
        return None


@settings(deadline=None)
@given(st.lists(rows, max_size=10))
def test_what_is_declared_and_accepted_is_accepted_by_pipedrive(some: list[Everything]) -> None:
    shape = SHAPES[True]
    assert panel.answer_complaints(shape.schema(), as_sent(shape.encode(some))) == []
    for row in some:
        single = SHAPES[False]
        assert panel.answer_complaints(single.schema(), as_sent(single.encode(row))) == []


@settings(deadline=None)
@given(row=mutated(), is_list=st.booleans())
@example(row={}, is_list=True)
@example(row={}, is_list=False)
def test_of_a_mutated_row_both_say_the_same(row: dict[str, Any], is_list: bool) -> None:
    shape = SHAPES[is_list]
    answer = [row] if is_list else row
    complaints = panel.answer_complaints(shape.schema(), {"data": answer})
    body = encoded(shape, answer)
    assert (body is None) == bool(complaints), complaints
    if body is not None:
        assert panel.answer_complaints(shape.schema(), as_sent(body)) == []


WHOLE: dict[str, Any] = {
    "id": 1,
    "header": "x",
    "state": {"color": "red", "label": "x"},
    "remarks": {"markdown": True, "value": "x"},
    "open_doc": {"value": "https://a.test", "external": True, "label": "x"},
    "total": {"code": "EUR", "value": 1},
}


def near_misses() -> Iterator[dict[str, Any]]:
    """Each odd value in each field, and in each part of a field that has parts; each part left out."""
    for key in Everything.__dataclass_fields__:
        yield {name: value for name, value in WHOLE.items() if name != key}
        for value in ODD:
            yield WHOLE | {key: value}
    for key, parts in WHOLE.items():
        for part in parts if isinstance(parts, dict) else ():
            yield WHOLE | {key: {name: value for name, value in parts.items() if name != part}}
            for value in ODD:
                yield WHOLE | {key: parts | {part: value}}
                yield WHOLE | {key: parts | {"surprise": value}}


def test_of_every_near_miss_both_say_the_same() -> None:
    shape, schema = SHAPES[False], SHAPES[False].schema()
    verdicts = []
    for row in near_misses():
        complaints = panel.answer_complaints(schema, {"data": row})
        assert (encoded(shape, row) is None) == bool(complaints), (row, complaints)
        verdicts.append(bool(complaints))
    assert min(verdicts.count(True), verdicts.count(False)) > 100


@settings(deadline=None)
@given(st.integers(0, 12))
def test_of_many_objects_both_say_the_same(count: int) -> None:
    answer = [{"id": 1, "header": "x", "state": None}] * count
    is_refused = bool(panel.answer_complaints(SHAPES[True].schema(), {"data": answer}))
    assert (encoded(SHAPES[True], answer) is None) == is_refused


@pytest.mark.parametrize("is_list", [True, False])
@pytest.mark.parametrize("headers", range(3))
@pytest.mark.parametrize("count", [0, 1, 19, 20, 21])
def test_what_developer_hub_refuses_is_refused_at_the_declaration(
    count: int, headers: int, is_list: bool
) -> None:
    kinds: list[Any] = [Header] * headers + [Label] * count
    row = make_dataclass("Row", [(f"f{number}", kind) for number, kind in enumerate(kinds)])
    properties = {
        f"f{number}": {"$ref": f"#/definitions/{'header' if kind is Header else 'text'}"}
        for number, kind in enumerate(kinds)
    }
    thing = {"type": "object", "properties": properties}
    problem = panel.file_problem({"type": "array", "items": thing} if is_list else thing)
    try:
        shape = PanelShape.of(row, is_list=is_list)
    except ConfigurationError:
        assert problem
    else:
        assert problem is None
        assert panel.file_problem(as_sent(shape.schema())) is None
