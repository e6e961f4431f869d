"""Lists of deals in API v1: the archive, and those of a pipeline or stage; and who may see a deal.

https://developers.pipedrive.com/docs/api/v1/Deals, .../Pipelines and .../Stages (version 1).
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found
from pipedrive_emulator.api.rules import filtering
from pipedrive_emulator.api.rules.deal_sums import by_currency, plain_value
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1.deals import deal, deal_with_links, related, weighted_value
from pipedrive_emulator.api.v1.money import converted, formatted, tidy, wanted_currency
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.sorting import in_order
from pipedrive_emulator.api.visibility import is_hidden, permitted
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

_ARCHIVE_LINKS = ("person_id", "org_id", "pipeline_id", "stage_id")


def archived(call: Call) -> Answer:
    """A filter goes before all links and owners."""
    chosen = filtering.wanted(call, "deals") or (lambda row: _is_linked(call, row))
    rows = [row for row in call.records.all("deals") if _in_archive(call, row) and chosen(row)]
    page, marks = offset_page(call, in_order(call, rows, (*DEALS.blank, "id")))
    return Answer([deal_with_links(call, row) for row in page], nested(marks), related(call, page))


def permitted_users(call: Call) -> Answer:
    return Answer(permitted(call, DEALS.see, parent(call, "deals")))


def of_pipeline(call: Call) -> Answer:
    """The caller's open deals there, or somebody's, or everyone's."""
    rows = [row for row in _open_deals(call, "pipelines", "Pipeline", "pipeline_id") if _in_stage(call, row)]
    page, marks = offset_page(call, rows)
    summary = {"deals_summary": _summary(call, rows)} if call.query.get("get_summary") == "1" else {}
    return Answer([deal(call, row) for row in page], nested(marks) | summary)


def of_stage(call: Call) -> Answer:
    page, marks = offset_page(call, _open_deals(call, "stages", "Stage", "stage_id"))
    return Answer([deal(call, row) for row in page], nested(marks))


def _in_archive(call: Call, row: Record) -> bool:
    """Deleted ones are there only when asked for."""
    status = call.query.get("status", "all_not_deleted")
    if not row["is_archived"] or row["is_deleted"] != (status == "deleted"):
        return False
    return status in ("deleted", "all_not_deleted", row["status"]) and DEALS.see(call, row)


def _is_linked(call: Call, row: Record) -> bool:
    """``owned_by_you`` goes before ``user_id``."""
    query = call.query
    owner = call.user.id if query.get("owned_by_you") == "1" else query.get("user_id")
    lines = call.records.where("deal_products", "deal_id", row["id"]) if "product_id" in query else []
    return (
        owner in (None, row["owner_id"])
        and all(query.get(name) in (None, row[name]) for name in _ARCHIVE_LINKS)
        and ("product_id" not in query or query["product_id"] in [line["product_id"] for line in lines])
    )


def _open_deals(call: Call, table: str, noun: str, column: str) -> list[Record]:
    place = call.records.find(table, whole_number(call.variables["id"]))
    if place is None or is_hidden(call, place.get("pipeline_id", place["id"])):
        raise not_found(noun)
    chosen = _chooser(call)
    return [
        row
        for row in call.records.where("deals", column, place["id"])
        if row["status"] == "open"
        and not row["is_deleted"]
        and not row["is_archived"]
        and chosen(row)
        and DEALS.see(call, row)
    ]


def _chooser(call: Call) -> Callable[[Record], bool]:
    """``everyone`` goes before ``user_id``, that before a filter; without any it is the caller's own."""
    if call.query.get("everyone") == "1":
        return lambda _: True
    if "user_id" not in call.query and "filter_id" in call.query:
        return filtering.wanted(call, "deals") or (lambda _: True)
    owner = call.query.get("user_id", call.user.id)
    return lambda row: bool(row["owner_id"] == owner)


def _in_stage(call: Call, row: Record) -> bool:
    return call.query.get("stage_id") in (None, row["stage_id"])


def _summary(call: Call, deals: list[Record]) -> dict[str, Any]:
    """Counts and sums by stage and by currency; in one currency too when that is asked for."""
    stages: defaultdict[int, list[Record]] = defaultdict(list)
    for row in deals:
        stages[row["stage_id"]].append(row)
    per_stages = {str(stage): _sums(call, rows) for stage, rows in sorted(stages.items())}
    counts, values = by_currency(deals, lambda _: 1), by_currency(deals, plain_value)
    full = {code: {"count": counts[code], "value": value} for code, value in values.items()}
    found = {"per_stages": per_stages, "per_currency": counts, "per_currency_full": full}
    into = wanted_currency(call)
    if into is not None:
        found["per_stages_converted"] = {stage: _in_one(sums, into) for stage, sums in per_stages.items()}
    return found


def _sums(call: Call, deals: list[Record]) -> dict[str, Any]:
    weigh: Callable[[Record], float] = lambda row: weighted_value(call, row)  # noqa: E731 - a name for the line below
    counts, values, weighted = (by_currency(deals, worth) for worth in (lambda _: 1, plain_value, weigh))
    return {
        code: {
            "count": counts[code],
            "value": value,
            "value_formatted": formatted(value, code),
            "weighted_value": weighted[code],
            "weighted_value_formatted": formatted(weighted[code], code),
        }
        for code, value in values.items()
    }


def _in_one(sums: dict[str, Any], into: str) -> dict[str, Any]:
    value, weighted = (
        tidy(sum(converted(row[key], code, into) for code, row in sums.items()))
        for key in ("value", "weighted_value")
    )
    return {
        "count": sum(row["count"] for row in sums.values()),
        "value": value,
        "value_formatted": formatted(value, into),
        "weighted_value": weighted,
        "weighted_value_formatted": formatted(weighted, into),
    }


OPERATIONS = {
    "GET v1/deals/archived": archived,
    "GET v1/deals/{id}/permittedUsers": permitted_users,
    "GET v1/pipelines/{id}/deals": of_pipeline,
    "GET v1/stages/{id}/deals": of_stage,
}
