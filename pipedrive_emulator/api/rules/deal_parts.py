"""What products, discounts and installments of a deal share: the deal they hang on, and its plan."""

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import invalid, not_found, refused
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Key, Record

_PLANS_WITHOUT = ("Lite", "Essential")


def open_to_change(call: Call) -> Record:
    """The deal of the path, for writing: ApiError 404 when it is not there, 403 when it is archived."""
    deal = parent(call, "deals")
    check_open(deal)
    return deal


def check_open(deal: Record) -> None:
    """Raises ApiError 403 for an archived deal."""
    if deal["is_archived"]:
        raise refused(403, "Archived deals cannot be changed.")


def part(call: Call, table: str, noun: str, deal: Record, key: Key | None) -> Record:
    """A row of the deal; ApiError 404 for one of another deal."""
    row = call.records.find(table, key)
    if row is None or row["deal_id"] != deal["id"]:
        raise not_found(noun)
    return row


def number(call: Call, name: str) -> int | None:
    return whole_number(call.variables[name])


def of_deals(call: Call, table: str) -> list[Record]:
    """The rows of the deals that ``deal_ids`` names, as far as the caller sees these."""
    if "deal_ids" not in call.query:
        raise invalid([("deal_ids", "Parameter 'deal_ids' is required for this request")])
    seen = [deal_id for deal_id in sorted(call.query["deal_ids"]) if visible(call, "deals", deal_id)]
    return [row for deal_id in seen for row in call.records.where(table, "deal_id", deal_id)]


def check_plan(call: Call, what: str) -> None:
    """Raises ApiError 403 on plans below Growth."""
    if call.company.plan in _PLANS_WITHOUT:
        raise refused(
            403, f"{what} are not part of the {call.company.plan} plan.", "ERR_FEATURE_NOT_AVAILABLE"
        )
