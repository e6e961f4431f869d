"""Summary and timeline of deals in API v1, https://developers.pipedrive.com/docs/api/v1/Deals (version 1)."""

import calendar
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.formats import is_date
from pipedrive_emulator.api.rules import filtering
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.v1.deals import deal, weighted_value
from pipedrive_emulator.api.v1.money import converted, formatted, tidy, wanted_currency
from pipedrive_emulator.world.records import Record

Worth = Callable[[Record], float]

_MOST_PERIODS = 366
_MONTHS = {"month": 1, "quarter": 3}
_DAYS = {"day": 1, "week": 7}
_EQUALITY = {"user_id": "owner_id", "pipeline_id": "pipeline_id", "stage_id": "stage_id", "status": "status"}
_TIMES = ("add_time", "update_time", "stage_change_time", "close_time", "won_time", "lost_time")


def summary(call: Call) -> Answer:
    return Answer(_summary(call, _deals(call, is_archived=False)))


def archived_summary(call: Call) -> Answer:
    return Answer(_summary(call, _deals(call, is_archived=True)))


def timeline(call: Call) -> Answer:
    return Answer(_timeline(call, _deals(call, is_archived=False)))


def archived_timeline(call: Call) -> Answer:
    return Answer(_timeline(call, _deals(call, is_archived=True)))


def by_currency(deals: Iterable[Record], worth: Worth) -> dict[str, float]:
    sums: defaultdict[str, float] = defaultdict(float)
    for record in deals:
        sums[record["currency"]] += worth(record)
    return {currency: tidy(amount) for currency, amount in sorted(sums.items())}


def plain_value(record: Record) -> float:
    return float(record["value"])


def _deals(call: Call, *, is_archived: bool) -> list[Record]:
    """What the caller sees and asked for; a filter goes before the user."""
    wanted = {column: call.query[name] for name, column in _EQUALITY.items() if name in call.query}
    passes = filtering.wanted(call, "deals")
    if passes is not None:
        wanted.pop("owner_id", None)
    return [
        row
        for row in call.records.all("deals")
        if row["is_archived"] == is_archived
        and not row["is_deleted"]
        and all(row[column] == value for column, value in wanted.items())
        and (passes is None or passes(row))
        and DEALS.see(call, row)
    ]


def _summary(call: Call, deals: list[Record]) -> dict[str, Any]:
    own = call.user.default_currency
    counts = by_currency(deals, lambda _: 1)
    values = by_currency(deals, plain_value)
    weighted = by_currency(deals, lambda row: weighted_value(call, row))
    total = tidy(sum(converted(amount, code, own) for code, amount in values.items()))
    weighted_total = tidy(sum(converted(amount, code, own) for code, amount in weighted.items()))
    return {
        "values_total": {
            code: {
                "value": amount,
                "count": counts[code],
                "value_converted": converted(amount, code, own),
                "value_formatted": formatted(amount, code),
                "value_converted_formatted": formatted(converted(amount, code, own), own),
            }
            for code, amount in values.items()
        },
        "weighted_values_total": {
            code: {"value": amount, "count": counts[code], "value_formatted": formatted(amount, code)}
            for code, amount in weighted.items()
        },
        "total_count": len(deals),
        "total_currency_converted_value": total,
        "total_weighted_currency_converted_value": weighted_total,
        "total_currency_converted_value_formatted": formatted(total, own),
        "total_weighted_currency_converted_value_formatted": formatted(weighted_total, own),
    }


def _timeline(call: Call, deals: list[Record]) -> list[dict[str, Any]]:
    """A group for each interval: open and won deals whose date lies in it."""
    periods, into = list(_periods(call)), wanted_currency(call)
    groups = []
    for (first, last), inside in zip(periods, _grouped(deals, periods, _day_of(call)), strict=True):
        shown = [] if call.query.get("exclude_deals") == "1" else [deal(call, row) for row in inside]
        totals = _totals(call, inside)
        group = {"period_start": f"{first} 00:00:00", "period_end": f"{last} 23:59:59", "deals": shown}
        extra = {"totals_converted": _in_one(totals, into)} if into else {}
        groups.append({**group, "totals": totals, **extra})
    return groups


def _grouped(
    deals: Iterable[Record], periods: list[tuple[str, str]], day: Callable[[Record], str]
) -> list[list[Record]]:
    """The deals of each interval, found in one pass: intervals follow one another without gaps."""
    starts, end = [first for first, _ in periods], periods[-1][1]
    groups: list[list[Record]] = [[] for _ in periods]
    for row in deals:
        if row["status"] != "lost" and starts[0] <= (on := day(row)) <= end:
            groups[bisect_right(starts, on) - 1].append(row)
    return groups


def _totals(call: Call, deals: list[Record]) -> dict[str, Any]:
    chosen = {status: [row for row in deals if row["status"] == status] for status in ("open", "won")}

    def weigh(row: Record) -> float:
        return weighted_value(call, row)

    return {
        "count": len(deals),
        "values": by_currency(deals, plain_value),
        "weighted_values": by_currency(deals, weigh),
        "open_count": len(chosen["open"]),
        "open_values": by_currency(chosen["open"], plain_value),
        "weighted_open_values": by_currency(chosen["open"], weigh),
        "won_count": len(chosen["won"]),
        "won_values": by_currency(chosen["won"], plain_value),
    }


def _in_one(totals: dict[str, Any], into: str) -> dict[str, Any]:
    """The same with every sum in one currency; counts stay."""
    return {
        key: value
        if isinstance(value, int)
        else {into: tidy(sum(converted(amount, code, into) for code, amount in value.items()))}
        for key, value in totals.items()
    }


def _periods(call: Call) -> Iterator[tuple[str, str]]:
    for name in ("start_date", "interval", "amount", "field_key"):
        if name not in call.query:
            raise refused(400, f"Bad request: {name} is required.")
    amount: int = call.query["amount"]
    if not is_date(call.query["start_date"]) or not 1 <= amount <= _MOST_PERIODS:
        raise refused(400, f"Bad request: start_date is YYYY-MM-DD, amount 1 to {_MOST_PERIODS}.")
    start, interval = date.fromisoformat(call.query["start_date"]), call.query["interval"]
    try:
        for number in range(amount):
            end = _later(start, interval, number + 1) - timedelta(days=1)
            yield _later(start, interval, number).isoformat(), end.isoformat()
    except (OverflowError, ValueError):
        raise refused(400, "Bad request: the timeline ends where the calendar does.") from None


def _later(start: date, interval: str, number: int) -> date:
    """So many intervals on; a month ends with its last day where it is short."""
    if interval in _DAYS:
        return start + timedelta(days=_DAYS[interval] * number)
    month = start.month - 1 + _MONTHS[interval] * number
    year, month = start.year + month // 12, month % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _day_of(call: Call) -> Callable[[Record], str]:
    """Reads the date that groups a deal; no date is before all intervals."""
    key = call.query["field_key"]
    field = call.records.find("dealFields", key)
    if key not in _TIMES and (field is None or field["field_type"] != "date"):
        raise refused(400, f"Bad request: {key} is not a date field of deals.")
    is_custom = field is not None and field["is_custom_field"]
    return lambda row: str((row.get("custom_fields", {}) if is_custom else row).get(key) or "")[:10]


OPERATIONS = {
    "GET v1/deals/summary": summary,
    "GET v1/deals/summary/archived": archived_summary,
    "GET v1/deals/timeline": timeline,
    "GET v1/deals/timeline/archived": archived_timeline,
}
