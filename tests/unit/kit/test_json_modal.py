"""JSON modals: the schema file of a form, the answers that fill it in, and what it sends."""

from dataclasses import dataclass, make_dataclass
from datetime import date
from typing import Annotated, Any, cast

import msgspec
import pytest

from marketplace_app.errors import ConfigurationError, FormRejected
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
from marketplace_app.kit.json_panel import UnfitAnswer
from pipedrive_emulator.json_library import modal
from tests.unit.kit.json_examples import Contact, Document

SHAPE = ModalShape.of(Document)
GO = ("go", Annotated[None, Primary("Go")], None)
BLANK = {"kind": "offer", "note": "", "origin": "menu"}


def form(*fields: tuple[str, Any, Any], name: str = "Form") -> type[Any]:
    return make_dataclass(name, fields)


def problems_of(*fields: tuple[str, Any, Any]) -> str:
    with pytest.raises(ConfigurationError) as caught:
        ModalShape.of(form(*fields))
    return str(caught.value)


def test_a_form_becomes_the_schema_file() -> None:
    schema = SHAPE.schema()
    blocks, actions = (schema["properties"][part]["properties"] for part in ("blocks", "actions"))
    assert blocks["intro"] == {
        "$ref": "#/definitions/element-text",
        "options": {"value": "Check **both** rules"},
    }
    assert blocks["kind"] == {
        "$ref": "#/definitions/element-select",
        "options": {
            "label": "Document kind",
            "items": [
                {"label": "Offer", "value": "offer"},
                {"label": "Contract", "value": "contract", "visibleOn": {"note": "not_empty"}},
            ],
            "isRequired": True,
            "fetchOnChange": True,
        },
    }
    assert blocks["due"]["options"] == {
        "label": "Valid until",
        "allowClear": True,
        "visibleOn": {"kind": {"equals": "offer"}},
    }
    assert blocks["line"] == {"$ref": "#/definitions/element-separator"}
    assert blocks["origin"]["options"] == {"label": "Origin", "visibleOn": "never", "value": "menu"}
    assert actions == {
        "stop": {
            "$ref": "#/definitions/action-secondary",
            "options": {"label": "Cancel", "handler": "cancel"},
        },
        "create": {
            "$ref": "#/definitions/action-primary",
            "options": {"label": "Create", "handler": "request", "visibleOn": {"note": "not_empty"}},
        },
    }
    assert modal.file_problem(schema) is None


def test_the_first_answer_says_what_differs_from_the_file() -> None:
    assert SHAPE.opened(None) == SHAPE.opened(Document()) == {"data": {"blocks": {}, "actions": {}}}
    filled = Document(kind="offer", due=date(2026, 12, 24), extras=("stamp",), origin="")
    answer = SHAPE.opened(
        JsonModal(filled, kind=Options(items=(Item("A", "offer"),)), create=Options(url="https://a.test/x"))
    )
    assert answer == {
        "data": {
            "blocks": {
                "kind": {"items": [{"label": "A", "value": "offer"}], "value": "offer"},
                "due": {"value": "2026-12-24"},
                "extras": {"value": ["stamp"]},
                "origin": {"value": ""},
            },
            "actions": {"create": {"url": "https://a.test/x"}},
        }
    }
    assert modal.form_complaints(SHAPE.schema(), answer) == []


def test_an_answer_to_a_change_leaves_alone_what_the_viewer_typed() -> None:
    sent, wrong = SHAPE.read(BLANK | {"note": "typed", "extras": ["stamp"], "due": "2026-12-24"})
    assert wrong == {}
    told = SHAPE.changed(JsonModal(Document(kind="contract", note="typed"), due=Options(label="Until")), sent)
    assert told["data"]["blocks"] == {
        "kind": {"value": "contract"},
        "due": {"label": "Until"},  # a day can be replaced, not taken away
        "extras": {"value": []},
    }
    assert modal.form_complaints(SHAPE.schema(), told) == []


def test_what_is_sent_becomes_the_form() -> None:
    sent = {
        "kind": "contract",
        "due": "2026-12-24",
        "amount": "12.5",
        "way": "post",
        "extras": ["stamp"],
        "note": "Đúng",
        "origin": "list",
        "surprise": 1,
    }
    assert SHAPE.read(sent) == (
        Document(
            kind="contract",
            due=date(2026, 12, 24),
            amount=12.5,
            way="post",
            extras=("stamp",),
            note="Đúng",
            origin="list",
        ),
        {},
    )


def test_what_is_empty_or_not_seen_has_a_meaning() -> None:
    emptied = {"kind": "offer", "due": "", "amount": None, "note": None, "extras": None, "origin": ""}
    assert SHAPE.read(emptied) == (Document(kind="offer", origin=""), {})
    assert SHAPE.read({"kind": "offer"}) == (Document(kind="offer"), {})


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("kind", "", "Fill this in"),
        ("kind", None, "Fill this in"),
        ("kind", {"a": 1}, "Choose one"),
        ("due", "13.11.2026", "Choose a date"),
        ("due", 5, "Choose a date"),
        ("amount", "much", "Write a number"),
        ("amount", "nan", "Write a number"),
        ("amount", "1e999", "Write a number"),
        ("amount", [1], "Write a number"),
        ("way", "pigeon", "Choose one"),
        ("way", "", "Choose one"),
        ("extras", "stamp", "Choose one"),
        ("extras", [1], "Choose one"),
        ("note", {"x": 1}, "does not fit"),
        ("note", 1, "does not fit"),
    ],
)
def test_a_wrong_value_has_a_sentence(key: str, value: Any, sentence: str) -> None:
    read, wrong = SHAPE.read(BLANK | {"origin": "list", key: value})
    assert list(wrong) == [key]
    assert sentence in wrong[key].text
    assert read == Document()
    answer = SHAPE.errors({name: message.text for name, message in wrong.items()})
    assert modal.part_complaints(SHAPE.schema(), answer) == []


def test_a_required_block_that_is_not_sent_at_all_is_missing() -> None:
    assert list(SHAPE.read({})[1]) == ["kind"]
    hidden = form(("a", Annotated[str, Input("A", is_required=True, visible_on="never")], ""), GO)
    assert ModalShape.of(hidden).read({"a": ""})[1] == {}
    depends = {"b": {"equals": "1"}}
    conditional = form(
        ("a", Annotated[str, Input("A", is_required=True, visible_on=depends)], ""),
        ("b", Annotated[str, Input("B")], ""),
        GO,
    )
    assert ModalShape.of(conditional).read({"b": ""})[1] == {}
    assert list(ModalShape.of(conditional).read({"a": "", "b": "1"})[1]) == ["a"]


@dataclass(frozen=True, slots=True)
class Span:
    first: Annotated[int, Input("First", type="number"), msgspec.Meta(le=99)] = 0
    last: Annotated[int, Input("Last", type="number")] = 0
    name: Annotated[str, Input("Name"), msgspec.Meta(max_length=3)] = ""
    go: Annotated[None, Primary("Go")] = None

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("The last comes after the first")


def test_bounds_and_rules_of_the_forms_own_are_held() -> None:
    shape = ModalShape.of(Span)
    assert shape.read({"first": "1", "last": 2, "name": "abc"}) == (Span(1, 2, "abc"), {})
    wrong = shape.read({"first": 100, "last": 2, "name": "abcd"})[1]
    assert {key: message.text for key, message in wrong.items()} == {
        "first": "At most {bound}.",
        "name": "At most {bound} characters.",
    }
    with pytest.raises(FormRejected) as caught:
        shape.read({"first": 2, "last": 1})
    assert caught.value.told == "The last comes after the first"
    with pytest.raises(ConfigurationError, match="refuses its own defaults"):
        ModalShape.of(make_dataclass("Odd", [], bases=(Span,), namespace=REFUSING, frozen=True))


def refuse(_form: object) -> None:
    raise ValueError("never")


REFUSING = {"__post_init__": refuse}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (JsonModal(surprise=Options(label="x")), "'surprise' is no block or button of Document"),
        (JsonModal(note=Options(items=())), "a Textarea has no items"),
        (JsonModal(intro=Options(error="x")), "a Text has no error"),
        (JsonModal(create=Options(url="/there")), "no absolute address"),
        (JsonModal(stop=Options(url="https://a.test")), "a Secondary has no url"),
        (Contact("a@b.test"), "gave a Contact; give a Document"),
    ],
)
def test_an_answer_that_does_not_fit_says_what_to_give(answer: Any, sentence: str) -> None:
    for fill in (SHAPE.opened, lambda found: SHAPE.changed(found, Document())):
        with pytest.raises(UnfitAnswer, match=sentence):
            fill(answer)


def inputs(count: int) -> list[tuple[str, Any, Any]]:
    return [(f"b{number}", Annotated[str, Input("B")], "") for number in range(count)]


def test_a_declaration_beyond_the_limits_is_refused() -> None:
    assert "11 blocks; Pipedrive takes 1 to 10" in problems_of(*inputs(11), GO)
    assert "0 blocks" in problems_of(GO)
    assert "0 buttons" in problems_of(*inputs(1))
    three = [(name, Annotated[None, Secondary("x")], None) for name in "xyz"]
    assert "3 buttons" in problems_of(*inputs(1), *three)
    assert ModalShape.of(form(*inputs(8), GO)).is_crowded is False
    assert ModalShape.of(form(*inputs(9), GO)).is_crowded is True
    with pytest.raises(ConfigurationError, match="no dataclass"):
        ModalShape.of(dict)
    with pytest.raises(ConfigurationError, match=r"Form\.a has no default"):
        ModalShape.of(make_dataclass("Form", [("a", Annotated[str, Input("A")]), GO]))


@pytest.mark.parametrize(
    ("hint", "default", "problem"),
    [
        (str, "", "has no block"),
        (Annotated[str, Input("A"), Textarea("A")], "", "has no block"),
        (Annotated[int, Input("A")], 0, "no text; write str"),
        (Annotated[str, Input("A", type="number")], "", "no number"),
        (Annotated[str | None, DatePicker("A")], None, "no day; write date"),
        (Annotated[str, CheckboxGroup("A")], "", "tuple[str, ...]"),
        (Annotated[tuple[str, ...], RadioGroup("A")], (), "no choice"),
        (Annotated[date | None, Select("A")], None, "no choice"),
        (Annotated[str, Separator()], "", "write None"),
        (Annotated[str, Input(" ")], "", "empty label"),
        (Annotated[str, Text()], "", "no text"),
        (Annotated[None, Primary("P", handler="open-url")], None, "names none"),
        (Annotated[None, Primary("P", url="javascript:x")], None, "no absolute address"),
        (Annotated[str, Input("A", visible_on={"z": "not_empty"})], "", "no such block"),
        (Annotated[str, Input("A", visible_on={"b0": {"is": "x"}})], "", "a condition that is none of"),
        (Annotated[str, Input("A", visible_on={})], "", "visible_on that is none of"),
        (Annotated[str, Select("A", [cast("Item", ("x", 1))])], "", "which is no Item"),
        (Annotated[str, Select("A", [Item("x", cast("str", None))])], "", "its value a text, a number"),
        (Annotated[str, Select("A", [Item("x", 1, visible_on={"z": "not_empty"})])], "", "no such block"),
    ],
)
def test_a_field_that_pipedrive_would_not_take_is_refused(hint: Any, default: Any, problem: str) -> None:
    told = problems_of(("a", hint, default), *inputs(1), GO)
    assert "Form.a" in told
    assert problem in told
