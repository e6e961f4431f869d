"""The currencies of a company: https://developers.pipedrive.com/docs/api/v1/Currencies."""

from typing import Any

from pipedrive_emulator.api.call import Answer, Call


def list_all(call: Call) -> Answer:
    """``term`` finds in name and code; there are no pages."""
    term = call.query.get("term", "").casefold()
    rows = call.records.all("currencies")
    return Answer([row for row in rows if term in f"{row['name']} {row['code']}".casefold()])


def has_currency(call: Call, code: Any) -> bool:
    """Whether it is one of the company's; codes are in capitals."""
    return any(row["code"] == code for row in call.records.all("currencies"))


OPERATIONS = {"GET v1/currencies": list_all}
