"""Rows that the removed v1 operations show in a form of their own: a deal's products, and searches."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.v1.money import formatted
from pipedrive_emulator.api.v1.products import product
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.world.records import Record

_AS_IN_V2 = (
    "id",
    "deal_id",
    "order_nr",
    "product_id",
    "product_variation_id",
    "item_price",
    "discount",
    "discount_type",
    "sum",
    "currency",
    "comments",
    "tax",
    "tax_method",
    "name",
    "quantity",
    "billing_frequency",
    "billing_frequency_cycles",
    "billing_start_date",
)


def line(call: Call, row: Record) -> dict[str, Any]:
    """One product of a deal, from the answer of v2; the product itself when the query asks for it."""
    shown = {key: row[key] for key in _AS_IN_V2} | {
        "company_id": call.company.id,
        "product_attachment_id": row["id"],
        "enabled_flag": row["is_enabled"],
        "active_flag": True,
        "add_time": v1_form(row["add_time"]),
        "last_edit": v1_form(row["update_time"]) or "",
        "sum_formatted": formatted(row["sum"], row["currency"]),
        "quantity_formatted": f"{row['quantity']:g}",
    }
    if str(call.query.get("include_product_data")) in ("1", "True"):
        found = call.records.find("products", row["product_id"])
        shown["product"] = product(call, found) if found else None
    return shown


def search_body(call: Call) -> Mapping[str, Any]:
    """The query of a v1 search in the names of v2."""
    query = dict(call.query)
    if not call.operation.path.endswith("/field"):
        return query
    if not query.get("field_type") or not query.get("field_key"):
        raise refused(400, "Bad request: field_type and field_key are required.")
    query["entity_type"] = query["field_type"].removesuffix("Field")
    query["field"] = query["field_key"]
    query["match"] = "exact" if query.get("exact_match") else "middle"
    return query
