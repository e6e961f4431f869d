"""Whatever form may be declared, Developer Hub takes its file; whatever it answers, Pipedrive draws it."""

from dataclasses import make_dataclass
from datetime import date
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.json_blocks import (
    CheckboxGroup,
    DatePicker,
    Input,
    Item,
    Options,
    Primary,
    RadioGroup,
    Secondary,
    Select,
    Separator,
    Text,
    Textarea,
)
from marketplace_app.kit.json_modal import JsonModal, ModalShape
from pipedrive_emulator.json_library import modal
from tests.unit.kit.json_examples import Document

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
labels = texts.filter(str.strip)
flags = st.booleans()
conditions = st.just("not_empty") | st.builds(
    lambda key, value: {key: value}, st.sampled_from(["equals", "includes"]), texts
)
visibles = st.sampled_from(["always", "never"]) | st.builds(lambda condition: {"b0": condition}, conditions)
items = st.lists(st.builds(Item, labels, texts, flags, visibles), max_size=3)
common = {"message": texts, "is_required": flags, "visible_on": visibles, "fetch_on_change": flags}
input_types = st.sampled_from(["text", "email", "password", "search", "url"])
blocks = st.one_of(
    st.tuples(st.just(str), st.builds(Input, labels, type=input_types, allow_clear=flags, **common), texts),
    st.tuples(st.just(int | None), st.builds(Input, labels, type=st.just("number"), **common), st.none()),
    st.tuples(st.just(str), st.builds(Textarea, labels, placeholder=texts, resize=flags, **common), texts),
    st.tuples(st.just(str), st.builds(Select, labels, items, filter=flags, **common), texts),
    st.tuples(
        st.just(tuple[str, ...]), st.builds(Select, labels, items, **common), st.lists(texts).map(tuple)
    ),
    st.tuples(st.just(date | None), st.builds(DatePicker, labels, **common), st.none() | st.dates()),
    st.tuples(st.just(bool), st.builds(RadioGroup, labels, items, **common), flags),
    st.tuples(
        st.just(tuple[str, ...]), st.builds(CheckboxGroup, texts, items, **common), st.lists(texts).map(tuple)
    ),
    st.tuples(st.just(str), st.builds(Text, markdown=flags, visible_on=visibles), labels),
    st.tuples(st.just(None), st.builds(Separator), st.none()),
)
buttons = st.tuples(
    st.just(None),
    st.builds(Primary, labels, visible_on=visibles)
    | st.builds(Secondary, labels, handler=st.sampled_from(["reset", "cancel"])),
    st.none(),
)


def form_of(some: list[Any], pressed: list[Any]) -> type[Any]:
    rows = [(f"b{number}", *row) for number, row in enumerate(some)]
    rows += [(f"a{number}", *row) for number, row in enumerate(pressed)]
    return make_dataclass(
        "Form", [(key, Annotated[hint, row], default) for key, hint, row, default in rows], frozen=True
    )


def as_sent(body: Any) -> Any:
    return msgspec.json.decode(msgspec.json.encode(body))


@pytest.mark.parametrize("count", range(13))
@pytest.mark.parametrize("pressed", range(4))
def test_a_form_is_declared_when_developer_hub_takes_its_numbers(count: int, pressed: int) -> None:
    parts = {
        "blocks": {f"b{each}": {"$ref": "#/definitions/element-separator"} for each in range(count)},
        "actions": {f"a{each}": {"$ref": "#/definitions/action-primary"} for each in range(pressed)},
    }
    properties = {name: {"type": "object", "properties": rows} for name, rows in parts.items()}
    taken = modal.file_problem({"type": "object", "properties": properties}) is None
    try:
        ModalShape.of(form_of([BLOCK] * count, [BUTTON] * pressed))
    except ConfigurationError:
        assert not taken
    else:
        assert taken


@settings(deadline=None, max_examples=60)
@given(st.lists(blocks, min_size=1, max_size=10), st.lists(buttons, min_size=1, max_size=2))
def test_a_form_within_the_limits_is_taken_by_developer_hub(some: list[Any], pressed: list[Any]) -> None:
    shape = ModalShape.of(form_of(some, pressed))
    schema = as_sent(shape.schema())
    assert modal.file_problem(schema) is None
    assert modal.form_complaints(schema, as_sent(shape.opened(None))) == []


VALUES: list[Any] = ["x", 1, 1.5, True, None, [], {}]
CONDITIONS: list[Any] = [
    *("always", "never", "not_empty", "sometimes", {}, None, 1, {"b1": "not_empty"}, {"z": "not_empty"}),
    *({"b1": {"equals": value}} for value in VALUES),
    *({"b1": {"includes": value}} for value in VALUES),
    *({"b1": wanted} for wanted in ("always", {}, {"is": "x"}, {"equals": "x", "includes": "x"}, None)),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=repr)
@pytest.mark.parametrize("place", ["block", "item", "button"])
def test_of_each_condition_both_say_the_same(condition: Any, place: str) -> None:
    given: dict[str, Any] = {"visible_on": condition}
    rows = {
        "block": (str, Textarea("A", **given), ""),
        "item": (str, Select("A", [Item("x", "x", **given)]), ""),
        "button": (None, Primary("A", **given), None),
    }
    is_button = place == "button"
    form = form_of([BLOCK if is_button else rows[place], BLOCK], [rows[place] if is_button else BUTTON])
    taken = modal.file_problem(file_of(condition, place)) is None
    try:
        shape = ModalShape.of(form)
    except ConfigurationError:
        assert not taken
    else:
        assert taken
        assert modal.file_problem(as_sent(shape.schema())) is None


BLOCK, BUTTON = (str, Input("B"), ""), (None, Primary("Go"), None)


def file_of(condition: Any, place: str) -> dict[str, Any]:
    """What Developer Hub would get, written by hand."""
    item = {"label": "x", "value": "x", **({"visibleOn": condition} if place == "item" else {})}
    options = {"label": "A", "items": [item]}
    shown = {"visibleOn": condition} if place == "block" else {}
    pressed = {"visibleOn": condition} if place == "button" else {}
    blocks = {
        "b0": {"$ref": "#/definitions/element-select", "options": options | shown},
        "b1": {"$ref": "#/definitions/element-input", "options": {"label": "B"}},
    }
    button = {"label": "Go", "handler": "request", **pressed}
    actions = {"a0": {"$ref": "#/definitions/action-primary", "options": button}}
    parts = {"blocks": blocks, "actions": actions}
    return {
        "type": "object",
        "properties": {name: {"type": "object", "properties": rows} for name, rows in parts.items()},
    }


documents = st.builds(
    Document,
    intro=labels,
    kind=texts,
    due=st.none() | st.dates(),
    amount=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    way=st.sampled_from(["mail", "post"]),
    extras=st.lists(texts, max_size=3).map(tuple),
    note=texts,
    origin=texts,
)
options = st.builds(Options, label=labels, error=texts, message=texts, is_required=flags, visible_on=visibles)


@settings(deadline=None, max_examples=60)
@given(documents, documents, st.dictionaries(st.sampled_from(["due", "note", "amount"]), options))
def test_every_answer_of_a_form_is_drawn(filled: Document, sent: Document, more: dict[str, Any]) -> None:
    shape = ModalShape.of(Document)
    schema = as_sent(shape.schema())
    named = {key: Options(label=each.label, error=each.error) for key, each in more.items()}
    for answer in (
        shape.opened(filled),
        shape.opened(JsonModal(filled, **named)),
        shape.changed(filled, sent),
        shape.changed(JsonModal(filled, **named), sent),
    ):
        assert modal.form_complaints(schema, as_sent(answer)) == []
        assert modal.part_complaints(schema, as_sent(answer)) == []


@settings(deadline=None, max_examples=60)
@given(
    st.dictionaries(
        st.sampled_from([*Document.__dataclass_fields__, "surprise"]),
        st.recursive(
            st.none() | flags | st.integers() | st.floats() | texts,
            lambda part: st.lists(part, max_size=2) | st.dictionaries(texts, part, max_size=2),
            max_leaves=4,
        ),
    )
)
def test_whatever_is_sent_is_read_or_has_its_sentence(values: dict[str, Any]) -> None:
    shape = ModalShape.of(Document)
    read, wrong = shape.read(values)
    assert isinstance(read, Document)
    answer = shape.errors({key: message.text for key, message in wrong.items()})
    assert modal.part_complaints(as_sent(shape.schema()), answer) == []
    assert msgspec.convert(msgspec.to_builtins(read), Document, strict=False) == read
