"""The lists: deals, persons, organizations, activities, each with what this user may see."""

from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from pipedrive_emulator.host.as_user import AsUser, Record
from pipedrive_emulator.host.blocks import close_date
from pipedrive_emulator.host.extensions import actions_for
from pipedrive_emulator.host.timeline import urgency
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.host.wording import Wording, address_of

STATUSES = ("open", "won", "lost", "all")
SECTIONS = {
    "deal": "deals",
    "person": "persons",
    "organization": "organizations",
    "activity": "activities",
}
# What a list shows, in the words of link actions; these lists know no filter but the user's own sight.
EVERYONE: dict[str, Any] = {"everyone": 1}
FILTERS = {"activity": EVERYONE | {"activity_type": ""}}

Rows = list[tuple[int, list["Cell"]]]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    href: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    label: str
    href: str
    is_current: bool


async def deals(visit: Visit) -> Response:
    query = visit.request.query_params
    status = query.get("status", "") if query.get("status") in STATUSES else STATUSES[0]
    pipelines = visit.api.many("pipelines")
    pipeline = next((one for one in pipelines if str(one["id"]) == query.get("pipeline")), None)
    columns = ("Title", "Value", "Stage", "Owner", "Next activity", "Close date")
    rows = _deal_rows(visit, status, pipeline)
    return _page(visit, "deal", "Deals", columns, rows, _choices(status, pipeline, pipelines))


def _page(
    visit: Visit,
    kind: str,
    title: str,
    columns: tuple[str, ...],
    rows: Rows,
    choices: list[list[Choice]] | None = None,
) -> Response:
    """The list with a tick box in every row, once an app has something to do with what is ticked."""
    return visit.page(
        "list.html",
        section=SECTIONS[kind],
        title=title,
        columns=columns,
        rows=[cells for _, cells in rows],
        row_ids=[record_id for record_id, _ in rows],
        choices=choices or [],
        form=kind,
        resource=kind,
        filter=FILTERS.get(kind, EVERYONE),
        actions=actions_for(visit.emulator, visit.user, f"{kind}/list"),
    )


def _choices(status: str, pipeline: Record | None, pipelines: list[Record]) -> list[list[Choice]]:
    """The filters above the list; each keeps what the other one says."""
    kept = f"&pipeline={pipeline['id']}" if pipeline else ""
    statuses = [Choice(one.capitalize(), f"/deals?status={one}{kept}", one == status) for one in STATUSES]
    base = f"/deals?status={status}"
    everywhere = Choice("All pipelines", base, pipeline is None)
    named = [Choice(one["name"], f"{base}&pipeline={one['id']}", one is pipeline) for one in pipelines]
    return [statuses, [everywhere, *named]]


async def persons(visit: Visit) -> Response:
    names = visit.names()
    rows = [
        (
            person["id"],
            [
                Cell(person["name"], f"/person/{person['id']}"),
                Cell(_first(person, "emails")),
                Cell(_first(person, "phones")),
                Cell(names.get(person["owner_id"], "")),
            ],
        )
        for person in visit.api.many("persons")
    ]
    return _page(visit, "person", "People", ("Name", "Email", "Phone", "Owner"), rows)


async def organizations(visit: Visit) -> Response:
    names = visit.names()
    rows = [
        (
            organization["id"],
            [
                Cell(organization["name"], f"/organization/{organization['id']}"),
                Cell(address_of(organization.get("address"))),
                Cell(names.get(organization["owner_id"], "")),
            ],
        )
        for organization in visit.api.many("organizations")
    ]
    return _page(visit, "organization", "Organizations", ("Name", "Address", "Owner"), rows)


async def activities(visit: Visit) -> Response:
    """The open ones, the most urgent first; `?selected=ID` puts that one on top, as a link to it means."""
    names, wording = visit.names(), visit.wording
    deals = {deal["id"]: deal["title"] for deal in visit.api.many("deals")}
    selected = visit.request.query_params.get("selected")
    undone = visit.api.many("activities", done="false")
    rows = [
        (
            activity["id"],
            [
                Cell(activity["subject"], f"/deal/{activity['deal_id']}" if activity.get("deal_id") else ""),
                _step_cell(activity, wording),
                Cell(deals.get(activity.get("deal_id"), "")),
                Cell(names.get(activity["owner_id"], "")),
            ],
        )
        for activity in sorted(undone, key=lambda one: (str(one["id"]) != selected, urgency(one)))
    ]
    return _page(visit, "activity", "Activities", ("Subject", "Due", "Deal", "Owner"), rows)


def _deal_rows(visit: Visit, status: str, pipeline: Record | None) -> Rows:
    query = {} if status == "all" else {"status": status}
    if pipeline:
        query["pipeline_id"] = str(pipeline["id"])
    wording, names = visit.wording, visit.names()
    stages = {stage["id"]: stage["name"] for stage in visit.api.many("stages")}
    steps = _next_steps(visit.api)
    return [
        (deal["id"], _deal_row(deal, stages, steps.get(deal["id"]), wording, names))
        for deal in visit.api.many("deals", **query)
    ]


def _deal_row(
    deal: Record, stages: dict[int, str], step: Record | None, wording: Wording, names: dict[int, str]
) -> list[Cell]:
    closing = close_date(deal, wording).values
    return [
        Cell(deal["title"], f"/deal/{deal['id']}"),
        Cell(wording.money(deal.get("value"), deal.get("currency")), tone="number"),
        Cell(stages.get(deal["stage_id"], "")),
        Cell(names.get(deal["owner_id"], "")),
        _step_cell(step, wording),
        Cell(closing[0].text, tone=closing[0].tone) if closing else Cell(""),
    ]


def _next_steps(api: AsUser) -> dict[int, Record]:
    """The earliest open activity of each deal."""
    undone = api.many("activities", done="false")
    latest_first = sorted(undone, key=urgency, reverse=True)
    return {activity["deal_id"]: activity for activity in latest_first if activity.get("deal_id")}


def _step_cell(step: Record | None, wording: Wording) -> Cell:
    if step is None:
        return Cell("No activity", tone="warning")
    day, clock = wording.due(step.get("due_date"), step.get("due_time"))
    if day is None:
        return Cell("No date")
    return Cell(wording.due_text(day, clock), tone="negative" if wording.is_over(day, clock) else "")


def _first(record: Record, key: str) -> str:
    return next((str(entry.get("value") or "") for entry in record.get(key) or ()), "")
