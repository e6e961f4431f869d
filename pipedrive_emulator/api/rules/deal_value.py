"""What a deal is worth by its products and discounts; arithmetic and the one place that writes it.

https://developers.pipedrive.com/docs/api/v1/DealProducts (version 2) names the parts; the formulas are ours.
"""

from collections.abc import Iterable

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.v1.money import tidy
from pipedrive_emulator.world.records import Record

ONE_TIME = "one-time"
# Bills in a year.
BILLS = {"annually": 1, "semi-annually": 2, "quarterly": 4, "monthly": 12, "weekly": 52}


def line_sum(row: Record) -> float:
    """One bill of the line: price by quantity, less its discount, plus tax where that is not in the price."""
    gross = row["item_price"] * row["quantity"]
    less = gross * row["discount"] / 100 if row["discount_type"] == "percentage" else row["discount"]
    share = row["tax"] / 100 if row["tax_method"] == "exclusive" else 0
    return tidy((gross - less) * (1 + share))


def deal_value(rows: Iterable[Record], discounts: Iterable[Record]) -> float:
    """All bills of what is enabled, one year's of what never ends; discounts lessen what is paid once."""
    enabled = [row for row in rows if row["is_enabled"]]
    bills = sum(
        row["sum"] * (row["billing_frequency_cycles"] or _bills(row)) for row in enabled if recurs(row)
    )
    return tidy(_paid_once(enabled, discounts) + bills)


def _paid_once(enabled: list[Record], discounts: Iterable[Record]) -> float:
    """Each discount is of the whole; together they take no more than there is."""
    once = sum(row["sum"] for row in enabled if not recurs(row))
    less = sum(
        once * row["amount"] / 100 if row["type"] == "percentage" else row["amount"] for row in discounts
    )
    return float(max(once - less, 0))


def yields(rows: Iterable[Record], discounts: Iterable[Record] = ()) -> dict[str, float | None]:
    """``acv``, ``arr`` and ``mrr``: the first year, a year and a month; null without products."""
    rows = list(rows)
    if not rows:
        return {"acv": None, "arr": None, "mrr": None}
    enabled = [row for row in rows if row["is_enabled"]]
    yearly = sum(row["sum"] * _bills(row) for row in enabled if recurs(row))
    first = sum(
        row["sum"] * min(_bills(row), row["billing_frequency_cycles"] or _bills(row))
        for row in enabled
        if recurs(row)
    )
    return {
        "acv": tidy(_paid_once(enabled, discounts) + first),
        "arr": tidy(yearly),
        "mrr": tidy(yearly / 12),
    }


def recurs(row: Record) -> bool:
    return bool(row["billing_frequency"] != ONE_TIME)


def lines(call: Call, deal_id: int) -> list[Record]:
    return call.records.where("deal_products", "deal_id", deal_id)


def installments(call: Call, deal_id: int) -> list[Record]:
    return call.records.where("deal_installments", "deal_id", deal_id)


def derived(call: Call, deal: Record) -> dict[str, float | None]:
    """The keys of a deal that follow from its products; nothing for a deal that has none."""
    rows = lines(call, deal["id"])
    if not rows:
        return {}
    discounts = call.records.where("deal_discounts", "deal_id", deal["id"])
    return {"value": deal_value(rows, discounts), **yields(rows, discounts)}


def settle(call: Call, deal_id: int) -> None:
    """Write the deal's value anew after its products or discounts changed; without products it is 0."""
    deal = call.records.find("deals", deal_id)
    if deal is None:
        raise LookupError(f"deal {deal_id} is gone")
    without = {"value": 0, **yields(())}
    worth = derived(call, deal) or without
    if any(deal.get(key) != value for key, value in worth.items()):
        call.records.put("deals", deal_id, {**deal, **worth, "update_time": call.time})


def _bills(row: Record) -> int:
    return BILLS[row["billing_frequency"]]
