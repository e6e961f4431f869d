"""The cards of the left sidebar: Summary, Details, Person, Organization, lists of linked records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.wording import Wording, address_of


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a row; ``href`` links to another page of this host."""

    text: str
    href: str = ""
    tone: str = ""
    is_phone: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Link:
    text: str
    href: str
    aside: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """``form`` opens a form on ``record``, by the pencil in the card's corner."""

    title: str
    rows: tuple[Row, ...] = ()
    links: tuple[Link, ...] = ()
    form: str = ""
    record: int | None = None


def row(label: str, *texts: str | None, href: str = "", tone: str = "") -> Row:
    return Row(label, tuple(Value(text, href, tone) for text in texts if text))


def person_block(person: Record) -> Block:
    rows = (
        row("Name", person.get("name"), href=f"/person/{person['id']}"),
        Row("Phone", tuple(Value(one, is_phone=True) for one in _contacts(person.get("phones")) if one)),
        row("Email", *_contacts(person.get("emails"))),
    )
    return Block("Person", rows)


def organization_block(organization: Record) -> Block:
    rows = (
        row("Name", organization.get("name"), href=f"/organization/{organization['id']}"),
        row("Address", address_of(organization.get("address"))),
    )
    return Block("Organization", rows)


def people_block(title: str, people: Sequence[Record]) -> Block:
    links = [
        Link(person["name"], f"/person/{person['id']}", _first(person.get("emails"))) for person in people
    ]
    return Block(title, links=tuple(links))


def deals_block(deals: Sequence[Record], wording: Wording) -> Block:
    links = [
        Link(deal["title"], f"/deal/{deal['id']}", wording.money(deal.get("value"), deal.get("currency")))
        for deal in deals
        if deal["status"] == "open"
    ]
    return Block("Open deals", links=tuple(links))


def details_block(
    deal: Record, fields: Sequence[Record], wording: Wording, names: Mapping[int, str]
) -> Block:
    """The company's own fields, in the order in which it made them."""
    values = deal.get("custom_fields") or {}
    own = [field for field in fields if field["field_code"] in values]
    rows = (
        row(field["field_name"], _text(values[field["field_code"]], field, wording, names)) for field in own
    )
    return Block("Details", tuple(rows))


def labels_of(record: Record, fields: Sequence[Record]) -> tuple[str, ...]:
    options = _options(next((field for field in fields if field["field_code"] == "label_ids"), {}))
    return tuple(options[label] for label in record.get("label_ids") or () if label in options)


def close_date(deal: Record, wording: Wording) -> Row:
    """The expected close date, red once it has passed for an open deal."""
    if not deal.get("expected_close_date"):
        return row("Close date")
    day = date.fromisoformat(deal["expected_close_date"][:10])
    late = deal["status"] == "open" and day < wording.today
    return row("Close date", wording.day(day), tone="negative" if late else "")


def _contacts(entries: Sequence[Record] | None) -> tuple[str, ...]:
    return tuple(str(entry.get("value") or "") for entry in entries or ())


def _first(entries: Sequence[Record] | None) -> str:
    return next(iter(_contacts(entries)), "")


def _options(field: Record) -> dict[Any, str]:
    return {option["id"]: option["label"] for option in field.get("options") or ()}


def _text(value: Any, field: Record, wording: Wording, names: Mapping[int, str]) -> str:
    """One custom value in words; its shape depends on the type of its field."""
    if value in (None, "", []):
        return ""
    kind = field.get("field_type")
    if kind in ("enum", "set"):
        options, chosen = _options(field), value if isinstance(value, list) else [value]
        return ", ".join(options.get(one, str(one)) for one in chosen)
    if kind == "monetary":
        return wording.money(value.get("value"), value.get("currency"))
    if kind == "date":
        return wording.day(date.fromisoformat(str(value)[:10]))
    if kind == "user":
        return names.get(value, str(value))
    return str(value.get("value") if isinstance(value, dict) else value)
