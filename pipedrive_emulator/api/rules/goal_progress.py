"""How far a goal has come in a period: what the world's deals and activities say.

A period is two dates, both included, in UTC. Sums are in the goal's currency, others converted into it.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.teams import members
from pipedrive_emulator.api.v1.money import converted
from pipedrive_emulator.world.records import Record

# An RFC 3339 or v1 time, or a date; None when the record does not count.
Moment = Callable[[Call, Record, Record], Any]


def _when(key: str) -> Moment:
    return lambda _call, _goal, record: record.get(key)


def _progressed(call: Call, goal: Record, deal: Record) -> Any:
    """The last time when the deal entered the stage: it stands there, or its history tells."""
    stage = goal["type"]["params"].get("stage_id")
    if deal["stage_id"] == stage:
        return deal.get("stage_change_time") or deal["add_time"]
    rows = call.records.where("changelog", "subject", f"deals/{deal['id']}")
    entered = [row["time"] for row in rows if row["field_key"] == "stage_id" and row["new_value"] == stage]
    return entered[-1] if entered else None


def _forecast(_: Call, __: Record, deal: Record) -> Any:
    if deal["status"] == "won":
        return deal["won_time"]
    return deal["expected_close_date"] if deal["status"] == "open" else None


def _done(_: Call, __: Record, activity: Record) -> Any:
    return activity["marked_as_done_time"] if activity["done"] else None


# Kind -> the table it counts in, and the moment that decides whether a record counts.
KINDS: Mapping[str, tuple[str, Moment]] = {
    "deals_won": ("deals", _when("won_time")),
    "deals_started": ("deals", _when("add_time")),
    "deals_progressed": ("deals", _progressed),
    "activities_completed": ("activities", _done),
    "activities_added": ("activities", _when("add_time")),
    "revenue_forecast": ("deals", _forecast),
}


def progress(call: Call, goal: Record, start: str, end: str) -> int:
    """The number of records, or for ``sum`` the value of the deals."""
    table, moment = KINDS[goal["type"]["name"]]
    counted = [
        record
        for record in _candidates(call, goal, table)
        if start <= (moment(call, goal, record) or "")[:10] <= end
    ]
    if goal["expected_outcome"]["tracking_metric"] == "quantity" or table != "deals":
        return len(counted)
    currency = _currency(call, goal)
    return round(sum(converted(deal["value"] or 0, deal["currency"], currency) for deal in counted))


def _candidates(call: Call, goal: Record, table: str) -> Iterator[Record]:
    owners, params = _owners(call, goal["assignee"]), goal["type"]["params"]
    pipelines, types = params.get("pipeline_id"), _type_keys(call, params.get("activity_type_id"))
    for record in call.records.all(table):
        if record.get("is_deleted") or (owners is not None and record["owner_id"] not in owners):
            continue
        if table == "deals" and (pipelines is None or record["pipeline_id"] in pipelines):
            yield record
        if table == "activities" and (types is None or record["type"] in types):
            yield record


def _owners(call: Call, assignee: Mapping[str, Any]) -> set[int] | None:
    """None is everybody."""
    if assignee["type"] == "company":
        return None
    return {assignee["id"]} if assignee["type"] == "person" else set(members(call, assignee["id"]))


def _type_keys(call: Call, numbers: list[int] | None) -> set[str] | None:
    if numbers is None:
        return None
    rows = [call.records.find("activityTypes", number) for number in numbers]
    return {row["key_string"] for row in rows if row}


def _currency(call: Call, goal: Record) -> str:
    row = call.records.find("currencies", goal["expected_outcome"]["currency_id"])
    return str(row["code"]) if row else call.company.currency
