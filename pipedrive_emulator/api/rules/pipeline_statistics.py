"""How deals moved through a pipeline, https://developers.pipedrive.com/docs/api/v1/Pipelines (statistics).

Stages that a deal went through are told by its changelog; how the rates are made of them is ours.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.formats import is_date
from pipedrive_emulator.api.rules.deal_sums import by_currency, plain_value
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.v1.money import formatted
from pipedrive_emulator.api.visibility import is_hidden
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.changelog import TABLE as CHANGELOG
from pipedrive_emulator.world.records import Record

_DAY = 86_400


def conversion(call: Call) -> Answer:
    """Of the deals that were there in the period: how many that reached a stage also reached a later one."""
    deals = [row for row in _deals(call) if _is_between(call, row["add_time"], row["close_time"])]
    stages = [row["id"] for row in _stages(call)]
    reached = [_furthest(call, row, stages) for row in deals]
    conversions = []
    for (place, start), (further, end) in combinations(enumerate(stages), 2):
        base = sum(far >= place for far in reached)
        rate = _percent(sum(far >= further for far in reached), base)
        conversions.append({"from_stage_id": start, "to_stage_id": end, "conversion_rate": rate})
    ends = {end: _percent(sum(row["status"] == end for row in deals), len(deals)) for end in ("won", "lost")}
    return Answer(
        {"stage_conversions": conversions, "won_conversion": ends["won"], "lost_conversion": ends["lost"]}
    )


def movement(call: Call) -> Answer:
    deals = _deals(call)
    left_open = [row for row in deals if row["status"] == "open" and row["add_time"][:10] <= _period(call)[1]]
    return Answer(
        {
            "movements_between_stages": {"count": sum(len(_moves(call, row)) for row in deals)},
            "new_deals": _deals_and_values(_during(call, deals, "add_time")),
            "deals_left_open": _deals_and_values(left_open),
            "won_deals": _deals_and_values(_during(call, deals, "won_time")),
            "lost_deals": _deals_and_values(_during(call, deals, "lost_time")),
            "average_age_in_days": _ages(call, left_open),
        }
    )


def _period(call: Call) -> tuple[str, str]:
    start, end = str(call.query.get("start_date")), str(call.query.get("end_date"))
    if not is_date(start) or not is_date(end) or date.fromisoformat(start) > date.fromisoformat(end):
        raise refused(400, "Bad request: start_date and end_date are needed as YYYY-MM-DD, in that order.")
    return start, end


def _deals(call: Call) -> list[Record]:
    """The deals of one user in the pipeline, of the caller unless the query names another."""
    _period(call)
    pipeline = call.records.find("pipelines", whole_number(call.variables["id"]))
    if pipeline is None or is_hidden(call, pipeline["id"]):
        raise not_found("Pipeline")
    owner = call.query.get("user_id", call.user.id)
    rows = call.records.where("deals", "pipeline_id", pipeline["id"])
    return [
        row for row in rows if row["owner_id"] == owner and not row["is_deleted"] and DEALS.see(call, row)
    ]


def _stages(call: Call) -> list[Record]:
    rows = call.records.where("stages", "pipeline_id", whole_number(call.variables["id"]))
    return sorted((row for row in rows if not row["is_deleted"]), key=lambda row: row["order_nr"])


def _is_between(call: Call, added: str, closed: str | None) -> bool:
    """Whether a deal was open for some of the period."""
    start, end = _period(call)
    return added[:10] <= end and (closed is None or closed[:10] >= start)


def _during(call: Call, deals: Iterable[Record], key: str) -> list[Record]:
    start, end = _period(call)
    return [row for row in deals if row.get(key) and start <= row[key][:10] <= end]


def _stage_changes(call: Call, deal: Record) -> list[Record]:
    rows = call.records.where(CHANGELOG, "subject", f"deals/{deal['id']}")
    return [row for row in rows if row["field_key"] == "stage_id"]


def _moves(call: Call, deal: Record) -> list[Record]:
    start, end = _period(call)
    return [row for row in _stage_changes(call, deal) if start <= row["time"][:10] <= end]


def _furthest(call: Call, deal: Record, stages: list[int]) -> int:
    """Place of the last stage that the deal has been in; -1 for one in none of them."""
    been = {deal["stage_id"], *(row["old_value"] for row in _stage_changes(call, deal))}
    return max((stages.index(stage) for stage in been if stage in stages), default=-1)


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _deals_and_values(deals: list[Record]) -> dict[str, Any]:
    values = by_currency(deals, plain_value)
    return {
        "count": len(deals),
        "deals_ids": [row["id"] for row in deals],
        "values": values,
        "formatted_values": {code: formatted(value, code) for code, value in values.items()},
    }


def _ages(call: Call, deals: list[Record]) -> dict[str, Any]:
    """Whole days: since deals were made, and since they came to the stage where they stand."""
    by_stages = []
    for stage in _stages(call):
        there = [row for row in deals if row["stage_id"] == stage["id"]]
        value = _mean(there, lambda row: _days(call, row["stage_change_time"] or row["add_time"]))
        by_stages.append({"stage_id": stage["id"], "value": value})
    return {
        "across_all_stages": _mean(deals, lambda row: _days(call, row["add_time"])),
        "by_stages": by_stages,
    }


def _mean(deals: list[Record], measure: Callable[[Record], float]) -> int:
    return round(sum(map(measure, deals)) / len(deals)) if deals else 0


def _days(call: Call, moment: str) -> float:
    return (call.now - datetime.fromisoformat(moment).astimezone(UTC).timestamp()) / _DAY


OPERATIONS = {
    "GET v1/pipelines/{id}/conversion_statistics": conversion,
    "GET v1/pipelines/{id}/movement_statistics": movement,
}
