"""A JSON panel of several objects, one of a single one, and a JSON modal; they fail as an author's can."""

import asyncio
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from marketplace_app.kit import (
    ActionContext,
    Extension,
    FormRejected,
    ModalContext,
    PanelContext,
    Refresh,
    Snackbar,
    say,
)
from marketplace_app.kit.json_modal import (
    DatePicker,
    Input,
    Item,
    JsonModal,
    Options,
    Primary,
    Secondary,
    Select,
    Textarea,
)
from marketplace_app.kit.json_panel import (
    Currency,
    Email,
    ErrorCard,
    Header,
    JsonPanel,
    Label,
    Link,
    Markdown,
    WebLink,
)
from marketplace_app.pipedrive.resources import deals, persons
from tests.integration.own_app.extensions import FAILURES

offers_extension = Extension("offers", title="Offers")
contact_extension = Extension("contact", title="Contact")
note_extension = Extension("note", title="Note")
WRONG = [{"id": 1, "header": "x", "state": "signed", "remarks": None}]  # of a handler that nobody checks
KINDS = (Item("Offer", "offer"), Item("Contract", "contract"))


@dataclass(frozen=True, slots=True)
class Offer:
    id: int
    header: Header
    state: Label
    remarks: Markdown
    total: Annotated[Currency | None, "Total value"] = None
    signed_on: date | None = None
    document: Link | None = None
    topics: tuple[str, ...] = ()


@offers_extension.json_panel("deal", Offer)
async def offers(context: PanelContext) -> list[Offer] | JsonPanel[list[Offer]] | ErrorCard:
    deal = await deals.get(context.pipedrive, context.record_id)
    how, _, which = deal.title.partition(" ")
    if how == "fail":
        raise FAILURES[which]
    if how == "slow":
        await asyncio.sleep(30)
    if how == "unfit":
        return cast("list[Offer]", WRONG)
    if how == "card":
        return ErrorCard("Closed today", "Come **back**", WebLink("https://a.test/hours", "Hours"))
    if how == "empty":
        return []
    offer = Offer(
        id=31,
        header=deal.title,
        state=Label("Waiting for signature", "yellow"),
        remarks=Markdown("Ask **legal**"),
        total=Currency(18400, "EUR"),
        signed_on=date(2026, 11, 13),
        document=Link("https://app.example.test/o/31", "Open offer"),
        topics=("Annual",),
    )
    return JsonPanel([offer], WebLink("https://a.test/offers", "All offers"), "https://a.test/settings")


@dataclass(frozen=True, slots=True)
class Contact:
    name: Annotated[str, "Full name"]
    mail: Email | None = None


@contact_extension.json_panel("person", Contact)
async def contact(context: PanelContext) -> Contact:
    person = await persons.get(context.pipedrive, context.record_id)
    return Contact(person.name, "a@b.test")


@dataclass(frozen=True, slots=True)
class Note:
    kind: Annotated[str, Select("Document kind", KINDS, is_required=True, fetch_on_change=True)] = ""
    due: Annotated[date | None, DatePicker("Valid until", visible_on={"kind": {"equals": "offer"}})] = None
    note: Annotated[str, Textarea("Note")] = ""
    origin: Annotated[str, Input("Origin", visible_on="never")] = "menu"
    stop: Annotated[None, Secondary("Cancel")] = None
    create: Annotated[None, Primary("Create")] = None


@note_extension.json_modal(Note)
async def opened(context: ModalContext) -> Note:
    deal = await deals.get(context.pipedrive, context.record_id)
    how, _, which = deal.title.partition(" ")
    if how == "fail":
        raise FAILURES[which]
    if how == "slow":
        await asyncio.sleep(30)
    return Note(kind="offer", note=deal.title)


@note_extension.changed
async def changed(_context: ModalContext, form: Note, invoker: str) -> JsonModal[Note]:
    """The day is chosen anew for a contract, and the note says why."""
    due = date(2027, 1, 1) if form.kind == "contract" else form.due
    return JsonModal(Note(form.kind, due, form.note), note=Options(label=f"Note, for {invoker}"))


@note_extension.submitted
async def save(context: ActionContext, form: Note) -> Snackbar | tuple[Snackbar, Refresh] | JsonModal[Note]:
    how, _, which = form.note.partition(" ")
    if how == "fail":
        raise FAILURES[which]
    if how == "field":
        raise FormRejected("due", {"due": "Choose a working day"}, told="Not like this")
    if how == "again":
        return JsonModal(Note(form.kind, form.due, "better"), due=Options(error="Choose a working day"))
    await deals.update(context.pipedrive, context.record_id, title=form.note)
    if how == "written":
        raise FAILURES[which]
    if how == "slow":
        await asyncio.sleep(float(which))
    return Snackbar(say("Renamed"), say("There"), "https://example.com/x"), Refresh()


EXTENSIONS = (offers_extension, contact_extension, note_extension)
