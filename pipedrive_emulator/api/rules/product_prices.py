"""Prices of products and of their variations: one for each currency.

https://developers.pipedrive.com/docs/api/v1/Products (version 2).
"""

from collections.abc import Iterator
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.formats import is_type
from pipedrive_emulator.world.product_shapes import PRICE
from pipedrive_emulator.world.records import Record

_TYPES = {"price": "number", "cost": "number", "direct_cost": "number", "notes": "string"}
# Rows that an answer has given may be sent back with these.
_OWN_IDS = ("product_id", "product_variation_id")
LARGEST = 1e15


def settled(call: Call, rows: Any, **blank: Any) -> list[Record]:
    """Rows filled up and checked; without any, one of 0 in the caller's currency.

    Raises:
        ApiError: 400 with what is wrong.
    """
    default = PRICE | blank
    if rows is None:
        return [default | {"currency": call.user.default_currency}]
    complaints = [("prices", text) for text in _complaints(call, rows)]
    if complaints:
        raise invalid(complaints)
    return [default | {name: row[name] for name in PRICE if row.get(name) is not None} for row in rows]


def shown(rows: list[Record], key: str, number: int) -> list[Record]:
    """As answers have them: ``key`` says whose prices they are."""
    return [{key: number, **row} for row in rows]


def _complaints(call: Call, rows: Any) -> Iterator[str]:
    known = {row["code"] for row in call.records.all("currencies")}
    seen = set()
    for row in rows:
        currency = row.get("currency")
        if currency not in known:
            yield f"Currency {currency} was not found"
        elif currency in seen:
            yield f"There can only be one price in {currency}"
        seen.add(str(currency))
        yield from _misfits(row)


def _misfits(row: Record) -> Iterator[str]:
    for name, value in row.items():
        kind = _TYPES.get(name)
        if kind is None and name != "currency" and name not in _OWN_IDS:
            yield f"Parameter 'prices.{name}' is not allowed for this request"
        elif kind and value is not None and not is_type(value, kind):
            yield f"Parameter 'prices.{name}' must be a {kind}"
        elif kind == "number" and value is not None and not abs(value) < LARGEST:
            yield f"Parameter 'prices.{name}' is too large"
