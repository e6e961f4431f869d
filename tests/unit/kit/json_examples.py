"""A row with a field of every type, a form with a block of every kind, and the words of declaring them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Literal

from marketplace_app.kit.json_blocks import (
    CheckboxGroup,
    DatePicker,
    Input,
    Item,
    Primary,
    RadioGroup,
    Secondary,
    Select,
    Separator,
    Text,
    Textarea,
)
from marketplace_app.kit.json_values import (
    Address,
    Currency,
    Email,
    Header,
    Label,
    Link,
    Markdown,
    Phone,
)


@dataclass(frozen=True, slots=True)
class Everything:
    id: int
    header: Header
    state: Label
    remarks: str | Markdown | None
    score: Annotated[float | Decimal | None, "Score of the year"]
    signed_on: date | None
    wakes_at: time | None
    seen_at: datetime | None
    mail: Email | None
    call: Phone | None
    home: Address | None
    open_doc: Link | None
    total: Currency | None
    topics: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    mail: Annotated[Email, "E-mail"]
    since: date | None = None


KINDS = (Item("Offer", "offer"), Item("Contract", "contract", visible_on={"note": "not_empty"}))


@dataclass(frozen=True, slots=True)
class Document:
    intro: Annotated[str, Text()] = "Check **both** rules"
    kind: Annotated[str, Select("Document kind", KINDS, is_required=True, fetch_on_change=True)] = ""
    due: Annotated[
        date | None, DatePicker("Valid until", allow_clear=True, visible_on={"kind": {"equals": "offer"}})
    ] = None
    line: Annotated[None, Separator()] = None
    amount: Annotated[float | None, Input("Amount", type="number", message="In euro")] = None
    way: Annotated[Literal["mail", "post"], RadioGroup("Send by", (Item("M", "mail"), Item("P", "post")))] = (
        "mail"
    )
    extras: Annotated[tuple[str, ...], CheckboxGroup("Extras", (Item("Stamp", "stamp"),))] = ()
    note: Annotated[str, Textarea("Note", resize=True)] = ""
    origin: Annotated[str, Input("Origin", visible_on="never")] = "menu"
    stop: Annotated[None, Secondary("Cancel")] = None
    create: Annotated[None, Primary("Create", visible_on={"note": "not_empty"})] = None
