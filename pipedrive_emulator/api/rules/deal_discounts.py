"""Discounts on whole deals, https://developers.pipedrive.com/docs/api/v1/Deals (discounts, version 2)."""

from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.body import read_strictly
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.rules.deal_parts import open_to_change, part
from pipedrive_emulator.api.rules.deal_value import lines, settle
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.world.records import Record

TABLE, NOUN = "deal_discounts", "Discount"
_ALL = 100


def of_one(call: Call) -> Answer:
    return Answer(call.records.where(TABLE, "deal_id", parent(call, "deals")["id"]))


def add(call: Call) -> Answer:
    deal = open_to_change(call)
    made = {"id": str(uuid4()), **_read(call, {}), "deal_id": deal["id"]}
    made |= {"created_at": call.time, "created_by": call.user.id}
    return Answer(_kept(call, deal, made))


def change(call: Call) -> Answer:
    deal = open_to_change(call)
    before = _find(call, deal)
    return Answer(_kept(call, deal, {**before, **_read(call, before)}))


def remove(call: Call) -> Answer:
    deal = open_to_change(call)
    found = _find(call, deal)
    call.records.remove(TABLE, found["id"])
    _settle(call, deal)
    return Answer({"id": found["id"]})


def _find(call: Call, deal: Record) -> Record:
    return part(call, TABLE, NOUN, deal, call.variables["discount_id"])


def _read(call: Call, before: Record) -> dict[str, Any]:
    said = read_strictly(call, firm=call.operation.body)
    after = {**before, **said}
    if after["amount"] <= 0:
        raise invalid([("amount", "Parameter 'amount' must be a positive number")])
    if after["type"] == "percentage" and after["amount"] > _ALL:
        raise invalid([("amount", "Parameter 'amount' cannot be more than 100 percent")])
    return {key: after[key] for key in ("description", "amount", "type")}


def _kept(call: Call, deal: Record, record: Record) -> Record:
    kept = {**record, "updated_at": call.time, "updated_by": call.user.id}
    call.records.put(TABLE, record["id"], kept)
    _settle(call, deal)
    return kept


def _settle(call: Call, deal: Record) -> None:
    """A deal without products keeps the value that somebody gave it."""
    if lines(call, deal["id"]):
        settle(call, deal["id"])


OPERATIONS = {
    "GET v2/deals/{id}/discounts": of_one,
    "POST v2/deals/{id}/discounts": add,
    "PATCH v2/deals/{id}/discounts/{discount_id}": change,
    "DELETE v2/deals/{id}/discounts/{discount_id}": remove,
}
