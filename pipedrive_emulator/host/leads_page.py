"""The leads inbox: a list with labels and sources, and the chosen lead beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.host.as_user import Record, Refused
from pipedrive_emulator.host.list_pages import Choice
from pipedrive_emulator.host.timeline import Moment, focus, history, notes_and_files
from pipedrive_emulator.host.visit import Visit

INBOX = "/leads/inbox"


@dataclass(frozen=True, slots=True)
class Label:
    """``color`` is Pipedrive's own word: green, blue, red, yellow, purple, gray ..."""

    name: str
    color: str


@dataclass(frozen=True, slots=True)
class Line:
    """One lead in the list, in words."""

    id: str
    title: str
    contact: str
    labels: tuple[Label, ...]
    source: str
    created: str
    owner: str
    value: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class Lead:
    """The chosen lead; ``person`` and ``organization`` are records, or None when out of sight."""

    line: Line
    person: Record | None
    organization: Record | None
    close_date: str
    is_archived: bool
    focus: tuple[Moment, ...]
    history: tuple[Moment, ...]

    @property
    def path(self) -> str:
        return f"/api/v1/leads/{self.line.id}"


async def inbox(visit: Visit) -> Response:
    """``?label=ID`` narrows the list, ``?archived=1`` shows what was put away."""
    try:
        return _inbox(visit)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return visit.notice("No such lead", "It was deleted, or it has become a deal. Look among the deals.")


def _inbox(visit: Visit) -> Response:
    query = visit.request.query_params
    labels = {row["id"]: Label(row["name"], row["color"]) for row in visit.api.v1("leadLabels")}
    chosen, is_archived = query.get("label"), query.get("archived") == "1"
    rows = visit.api.v1("leads/archived" if is_archived else "leads", sort="add_time DESC")
    lines = [_line(visit, row, labels) for row in rows if chosen is None or chosen in row["label_ids"]]
    return visit.page(
        "leads.html",
        section="leads",
        lines=lines,
        lead=_chosen(visit, labels),
        choices=_choices(labels, chosen, is_archived=is_archived),
        query=visit.request.url.query,
    )


async def convert(visit: Visit) -> Response:
    """Start it; the page then asks ``converted`` until there is a deal."""
    lead = visit.request.path_params["record"]
    started = visit.api.write("POST", f"/api/v2/leads/{lead}/convert/deal", {})
    return JSONResponse({"conversion": started["conversion_id"]})


async def converted(visit: Visit) -> Response:
    """``{status, deal}``; status is not_started, running, completed, failed or rejected."""
    lead, conversion = visit.request.path_params["record"], visit.request.path_params["conversion"]
    answer = visit.api.write("GET", f"/api/v2/leads/{lead}/convert/status/{conversion}", None)
    return JSONResponse({"status": answer["status"], "deal": answer.get("deal_id")})


def _choices(
    labels: Mapping[str, Label], chosen: str | None, *, is_archived: bool
) -> tuple[tuple[Choice, ...], ...]:
    kept, also = ("?archived=1", "&archived=1") if is_archived else ("", "")
    boxes = (
        Choice("Inbox", INBOX, not is_archived),
        Choice("Archived", f"{INBOX}?archived=1", is_archived),
    )
    named = (Choice(label.name, f"{INBOX}?label={key}{also}", key == chosen) for key, label in labels.items())
    return boxes, (Choice("All labels", f"{INBOX}{kept}", chosen is None), *named)


def _line(visit: Visit, row: Record, labels: Mapping[str, Label]) -> Line:
    value = row.get("value") or {}
    contacts = (("persons", row["person_id"]), ("organizations", row["organization_id"]))
    names = [record["name"] for table, key in contacts if (record := visit.api.maybe(table, key))]
    return Line(
        id=row["id"],
        title=row["title"],
        contact=" \u00b7 ".join(names),
        labels=tuple(labels[key] for key in row["label_ids"] if key in labels),
        source=row.get("source_name") or "",
        created=visit.wording.moment(row["add_time"]),
        owner=visit.names().get(row["owner_id"], ""),
        value=visit.wording.money(value["amount"], value["currency"]) if value else "",
        is_new=not row["was_seen"],
    )


def _chosen(visit: Visit, labels: Mapping[str, Label]) -> Lead | None:
    """The lead that the path names; raises Refused when this user has none of that id."""
    lead_id: Any = visit.request.path_params.get("record")
    if lead_id is None:
        return None
    (row,) = visit.api.v1(f"leads/{lead_id}")
    return _lead(visit, row, labels)


def _lead(visit: Visit, row: Record, labels: Mapping[str, Label]) -> Lead:
    wording, names = visit.wording, visit.names()
    activities = visit.api.many("activities", lead_id=row["id"])
    events = notes_and_files(visit.api.v1("notes", lead_id=row["id"]), (), names)
    closes, _ = wording.due(row.get("expected_close_date"), None)
    return Lead(
        line=_line(visit, row, labels),
        person=visit.api.maybe("persons", row["person_id"]),
        organization=visit.api.maybe("organizations", row["organization_id"]),
        close_date=wording.day(closes) if closes else "",
        is_archived=row["is_archived"],
        focus=tuple(focus(activities, wording, names)),
        history=tuple(history(activities, events, wording, names)),
    )
