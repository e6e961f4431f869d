"""Installments of deals, https://developers.pipedrive.com/docs/api/v1/Deals (installments, version 2)."""

from typing import Any

from pipedrive_emulator.api.body import read_strictly
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules.deal_parts import check_plan, number, of_deals, open_to_change, part
from pipedrive_emulator.api.rules.deal_value import lines, recurs
from pipedrive_emulator.world.records import Record

TABLE, NOUN = "deal_installments", "Installment"


def of_many(call: Call) -> Answer:
    check_plan(call, NOUN + "s")
    rows, cursor = page(call, of_deals(call, TABLE))
    return Answer(rows, {"next_cursor": cursor})


def add(call: Call) -> Answer:
    """Wants a deal that is paid once: one such product at least, and none that recurs."""
    deal = _deal(call)
    said = _read(call)
    rows = [row for row in lines(call, deal["id"]) if row["is_enabled"]]
    if any(map(recurs, rows)):
        raise invalid([("deal_id", "A deal with recurring products takes no installments")])
    if not rows:
        raise invalid([("deal_id", "Installments need a one-time product on the deal")])
    return Answer(call.records.add(TABLE, {**said, "deal_id": deal["id"]}))


def change(call: Call) -> Answer:
    before = _find(call, _deal(call))
    return Answer(call.records.put(TABLE, before["id"], {**before, **_read(call)}))


def remove(call: Call) -> Answer:
    found = _find(call, _deal(call))
    call.records.remove(TABLE, found["id"])
    return Answer({"id": found["id"]})


def _deal(call: Call) -> Record:
    check_plan(call, NOUN + "s")
    return open_to_change(call)


def _find(call: Call, deal: Record) -> Record:
    return part(call, TABLE, NOUN, deal, number(call, "installment_id"))


def _read(call: Call) -> dict[str, Any]:
    said = read_strictly(call, firm=call.operation.body)
    if said.get("amount", 1) <= 0:
        raise invalid([("amount", "Parameter 'amount' must be a positive number")])
    return said


OPERATIONS = {
    "GET v2/deals/installments": of_many,
    "POST v2/deals/{id}/installments": add,
    "PATCH v2/deals/{id}/installments/{installment_id}": change,
    "DELETE v2/deals/{id}/installments/{installment_id}": remove,
}
