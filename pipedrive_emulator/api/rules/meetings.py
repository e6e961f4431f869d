"""Which user of Pipedrive is which user of a video calling app.

https://developers.pipedrive.com/docs/api/v1/Meetings. An app links users of the company whose token it has.
"""

from uuid import UUID

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError

TABLE = "userProviderLinks"


def add(call: Call) -> Answer:
    values = read_leniently(call)
    user = call.colleague(values["user_id"])
    is_own = call.client_id in (None, values["marketplace_client_id"])
    if user is None or values["company_id"] != call.company.id or not is_own:
        raise _refused(401, "No permission to create user provider link")
    key = _uuid(values["user_provider_id"], 400)
    kept = call.records.find(TABLE, key)
    if kept is not None and kept["marketplace_client_id"] != values["marketplace_client_id"]:
        raise _refused(401, "No permission to create user provider link")
    call.records.put(TABLE, key, values)
    return Answer({"message": "The user was added successfully"})


def remove(call: Call) -> Answer:
    key = _uuid(call.variables["id"], 403)
    kept = call.records.find(TABLE, key)
    if kept is None or call.client_id not in (None, kept["marketplace_client_id"]):
        raise _refused(401, "No permission to remove user provider link")
    call.records.remove(TABLE, key)
    return Answer({"message": "The user was removed successfully"})


def _uuid(text: str, status: int) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise _refused(status, "Incorrect parameter provided") from None


def _refused(status: int, message: str) -> ApiError:
    """This service's own envelope."""
    return ApiError(status, {"message": message})


OPERATIONS = {
    "POST v1/meetings/userProviderLinks": add,
    "DELETE v1/meetings/userProviderLinks/{id}": remove,
}
