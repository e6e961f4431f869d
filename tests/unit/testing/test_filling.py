"""Forms that a stranger fills in."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest

from marketplace_app.kit.forms import parse_form
from marketplace_app.testing.tenancy.filling import fields_of, filling, takes_ids


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Everything:
    name: str
    count: int
    share: float
    day: date
    is_on: bool
    colour: Colour
    size: Literal["s", "m"]
    note: str | None
    amount: Annotated[int, "of money"]
    tags: list[str] = field(default_factory=list)
    other: object = None


def test_each_field_gets_what_its_type_takes() -> None:
    filled = filling(Everything)
    made = parse_form(Everything, filled)
    assert made.colour is Colour.RED
    assert (made.name, made.note) == ("Something", "Something")
    assert "other" not in filled


def test_what_is_filled_in_already_stays() -> None:
    assert filling(Everything, {"name": "An", "size": "", "count": None})["name"] == "An"
    assert filling(Everything, {"size": ""})["size"] == "s"
    assert filling(None) == {}


@pytest.mark.parametrize(
    ("hint", "expected"),
    [(int, True), (str, True), (int | None, True), (list[int], True), (date, False), (bool, False)],
)
def test_ids_go_where_numbers_and_texts_go(hint: Any, *, expected: bool) -> None:
    assert takes_ids(hint) is expected


def test_fields_of_nothing_are_none() -> None:
    assert fields_of(None) == {}
