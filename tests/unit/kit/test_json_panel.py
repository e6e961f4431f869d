"""JSON panels: the schema file of a dataclass, and the answers that are checked against it."""

from dataclasses import make_dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Annotated, Any

import pytest

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.json_panel import (
    ErrorCard,
    JsonPanel,
    PanelShape,
    UnfitAnswer,
    WebLink,
    is_list_of,
)
from marketplace_app.kit.json_values import Currency, Header, Label, Link, Markdown
from tests.unit.kit.json_examples import Contact, Everything

LIST = PanelShape.of(Everything, is_list=True)
SINGLE = PanelShape.of(Contact, is_list=False)
HANOI = timezone(timedelta(hours=7))
ROW = Everything(
    id=31,
    header="Offer 31",
    state=Label("Waiting", "yellow"),
    remarks=Markdown("Ask **legal**"),
    score=Decimal("12.50"),
    signed_on=date(2026, 11, 13),
    wakes_at=time(6, 30, tzinfo=HANOI),
    seen_at=datetime(2026, 11, 13, 20, 20, 39, 5, tzinfo=UTC),
    mail="a@example.test",
    call="+84 1",
    home="Hà Nội",
    open_doc=Link("https://app.example.test/o/31", "Open"),
    total=Currency(Decimal(18400), "EUR"),
    topics=("Annual", "Onsite"),
)


def problems_of(name: str, *fields: tuple[Any, ...], is_list: bool = False) -> str:
    with pytest.raises(ConfigurationError) as caught:
        PanelShape.of(make_dataclass(name, fields), is_list=is_list)
    return str(caught.value)


def test_a_row_becomes_the_schema_file() -> None:
    assert PanelShape.of(Contact, is_list=False).schema() == {
        "type": "object",
        "required": ["mail"],
        "properties": {
            "mail": {"$ref": "#/definitions/email", "label": "E-mail"},
            "since": {"$ref": "#/definitions/date", "label": "Since"},
        },
    }


def test_the_file_of_a_list_has_each_type_under_its_name() -> None:
    schema = LIST.schema()
    assert schema["type"] == "array"
    properties = schema["items"]["properties"]
    assert {key: each["$ref"].rpartition("/")[2] for key, each in properties.items()} == {
        "id": "numerical",
        "header": "header",
        "state": "label",
        "remarks": "text",
        "score": "numerical",
        "signed_on": "date",
        "wakes_at": "time",
        "seen_at": "date-time",
        "mail": "email",
        "call": "phone",
        "home": "address",
        "open_doc": "link",
        "total": "currency",
        "topics": "tags",
    }
    labels = {key: each.get("label") for key, each in properties.items()}
    assert (labels["id"], labels["header"]) == (None, None)
    assert (labels["score"], labels["signed_on"]) == ("Score of the year", "Signed on")
    assert schema["items"]["required"] == ["id", "header", "state"]


def test_values_are_written_as_pipedrive_reads_them() -> None:
    assert LIST.encode([ROW]) == {
        "data": [
            {
                "id": 31,
                "header": "Offer 31",
                "state": {"color": "yellow", "label": "Waiting"},
                "remarks": {"markdown": True, "value": "Ask **legal**"},
                "score": 12.5,
                "signed_on": "2026-11-13",
                "wakes_at": "06:30:00+07:00",
                "seen_at": "2026-11-13T20:20:39+00:00",
                "mail": "a@example.test",
                "call": "+84 1",
                "home": "Hà Nội",
                "open_doc": {"value": "https://app.example.test/o/31", "external": True, "label": "Open"},
                "total": {"code": "EUR", "value": 18400},
                "topics": ["Annual", "Onsite"],
            }
        ]
    }


def test_nothing_is_an_empty_answer() -> None:
    assert LIST.encode(None) == LIST.encode([]) == {"data": []}
    assert SINGLE.encode(None) == SINGLE.encode({}) == {"data": {}}


def test_what_stands_around_the_rows() -> None:
    around = JsonPanel([ROW], WebLink("https://a.test/all", "All " + "x" * 60), "https://a.test/settings")
    body = LIST.encode(around)
    assert body["external_link"] == {"url": "https://a.test/all", "label": "All " + "x" * 35 + "…"}
    assert body["settings"] == {"url": "https://a.test/settings"}
    for odd in (JsonPanel([ROW], WebLink("javascript:x", "x")), JsonPanel([ROW], None, "/settings")):
        with pytest.raises(UnfitAnswer, match="absolute"):
            LIST.encode(odd)


def test_what_pipedrive_would_not_show_is_not_sent() -> None:
    (row,) = LIST.encode([{**values(), "remarks": "x" * 300, "state": Label("y" * 50)}])["data"]
    assert row["remarks"] == "x" * 254 + "…"
    assert row["state"]["label"] == "y" * 39 + "…"
    (row,) = LIST.encode([{**values(), "remarks": Markdown("z" * 256)}])["data"]
    assert row["remarks"] == {"markdown": True, "value": "z" * 254 + "…"}
    (row,) = LIST.encode([{**values(), "remarks": "x" * 255, "state": Label("y" * 40)}])["data"]
    assert (row["remarks"], row["state"]["label"]) == ("x" * 255, "y" * 40)


def values() -> dict[str, Any]:
    return {"id": 1, "header": "x", "state": Label("y")}


@pytest.mark.parametrize(
    ("key", "value", "advice"),
    [
        ("id", "31", "number"),
        ("id", True, "number"),
        ("score", float("nan"), "finite number"),
        ("score", Decimal("Infinity"), "finite number"),
        ("header", 1, "str"),
        ("remarks", 1, "str or a Markdown"),
        ("remarks", "\ud800", "str or a Markdown"),
        ("signed_on", datetime(2026, 1, 1, tzinfo=UTC), "a date"),
        ("signed_on", "13.11.2026", "a date"),
        ("wakes_at", time(6, 30), "time zone"),
        ("seen_at", datetime(2026, 1, 1), "time zone"),  # noqa: DTZ001 - the point of it
        ("seen_at", datetime(1800, 1, 1, tzinfo=timezone(timedelta(seconds=25))), "whole minutes"),
        ("open_doc", Link("javascript:alert(1)"), "http or https"),
        ("open_doc", "app.example.test", "http or https"),
        ("total", Currency(1, "euro"), "ISO 4217"),
        ("total", 12, "Currency"),
        ("state", {"color": "pink", "label": "x"}, "green, red"),
        ("topics", [1], "list of str"),
        ("topics", "Annual", "list of str"),
    ],
)
def test_a_wrong_value_names_its_field_and_says_what_to_give(key: str, value: Any, advice: str) -> None:
    with pytest.raises(UnfitAnswer, match=f"Everything 1: {key} is no .*{advice}"):
        LIST.encode([{**values(), key: value}])


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ([{**values(), "surprise": 1}], "'surprise' is not declared; add it to Everything or leave it out"),
        ([{"id": 1, "header": "x"}], "state is missing"),
        ([ROW] * 11, "11 objects, and Pipedrive shows 10: .* external_link"),
        ([Contact("a@b.test")], "Everything 1: is a Contact; give a Everything"),
        (ROW, "give a list of Everything"),
        ("x", "give a list of Everything"),
    ],
)
def test_an_answer_of_another_shape_says_what_to_give(answer: Any, sentence: str) -> None:
    with pytest.raises(UnfitAnswer, match=sentence):
        LIST.encode(answer)
    assert len(LIST.encode([ROW] * 10)["data"]) == 10


def test_a_declaration_beyond_the_limits_is_refused() -> None:
    many = [(f"f{number}", str) for number in range(21)]
    assert "21 fields beside its header; Pipedrive shows 20" in problems_of("Row", *many)
    PanelShape.of(make_dataclass("Row", [*many[:20], ("header", Header)]), is_list=True)
    assert "no field of type Header" in problems_of("Row", ("a", str), is_list=True)
    assert "2 fields of type Header" in problems_of("Row", ("a", Header), ("b", Header))
    assert "has no fields" in problems_of("Row")
    assert "Row.a is of no type that a JSON panel shows" in problems_of("Row", ("a", bool))
    assert "Row.a is of no type" in problems_of("Row", ("a", str | int))
    assert "Row.b has an empty label" in problems_of("Row", ("a", str), ("b", Annotated[str, " "]))
    both = problems_of("Row", ("a", bytes), ("b", object))
    assert "Row.a" in both
    assert "Row.b" in both
    with pytest.raises(ConfigurationError, match="no dataclass"):
        PanelShape.of(dict, is_list=True)


def test_the_handlers_annotation_says_whether_it_is_a_list() -> None:
    for answer in (list[Contact], JsonPanel[list[Contact]], list[Contact] | JsonPanel[list[Contact]] | None):
        assert is_list_of(Contact, answer)
    for answer in (Contact, Contact | None, JsonPanel[Contact]):
        assert not is_list_of(Contact, answer)
    for answer in (None, JsonPanel, list[Everything], Contact | list[Contact], dict[str, Contact]):
        with pytest.raises(ConfigurationError, match=r"list\[Contact\], Contact"):
            is_list_of(Contact, answer)


def test_an_error_card_is_as_long_as_pipedrive_takes() -> None:
    card = ErrorCard("x" * 31, "Please *wait*", WebLink("https://a.test/c", "Connect"))
    assert card.encode() == {
        "error": {
            "title": "x" * 29 + "…",
            "subtitle": "Please *wait*",
            "action": {"url": "https://a.test/c", "label": "Connect"},
        }
    }
    assert ErrorCard("x", action=WebLink("javascript:x", "x")).encode() == {"error": {"title": "x"}}
