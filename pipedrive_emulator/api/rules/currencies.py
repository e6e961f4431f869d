"""The currencies of a company: https://developers.pipedrive.com/docs/api/v1/Currencies."""

from pipedrive_emulator.api.call import Answer, Call


def list_all(call: Call) -> Answer:
    """``term`` finds in name and code; there are no pages."""
    term = call.query.get("term", "").casefold()
    rows = call.records.all("currencies")
    return Answer([row for row in rows if term in f"{row['name']} {row['code']}".casefold()])


OPERATIONS = {"GET v1/currencies": list_all}
