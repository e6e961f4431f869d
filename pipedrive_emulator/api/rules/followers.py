"""Followers of deals, persons, organizations and products, and of users, in both versions.

https://developers.pipedrive.com/docs/api/v1/Deals (followers). API v2 names a follower by the user, API v1 by
the row that ties the user to the record.
"""

from collections.abc import Callable
from typing import Any

from pipedrive_emulator.api.body import read_leniently, read_strictly
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import invalid, not_allowed, not_found, refused
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record

FOLLOWERS, CHANGES = "followers", "follower_changes"

# Table -> what a refusal calls a record, and the key under which API v1 names it.
_FOLLOWED = {
    "deals": ("Deal", "deal_id"),
    "persons": ("Person", "person_id"),
    "organizations": ("Organization", "org_id"),
    "products": ("Product", "product_id"),
}

Handler = Callable[[Call], Answer]


def of(call: Call, table: str, record_id: int) -> list[Record]:
    """Who follows the record, longest first."""
    return call.records.where(FOLLOWERS, "subject", f"{table}/{record_id}")


def follow(call: Call, table: str, record_id: int, user_id: int) -> Record:
    """Let the user follow, and remember that the caller saw to it."""
    subject = {"table": table, "record_id": record_id, "subject": f"{table}/{record_id}"}
    row = call.records.add(FOLLOWERS, subject | {"user_id": user_id, "add_time": call.time})
    _note(call, row, "added")
    return row


def unfollow(call: Call, row: Record) -> None:
    call.records.remove(FOLLOWERS, row["id"])
    _note(call, row, "removed")


def _note(call: Call, row: Record, action: str) -> None:
    said = {"action": action, "actor_user_id": call.user.id, "follower_user_id": row["user_id"]}
    call.records.add(CHANGES, said | {"time": call.time, "subject": row["subject"]})


def _followed(call: Call, table: str) -> int:
    """The number of the record in the path, which the caller must see."""
    record = visible(call, table, whole_number(call.variables["id"]))
    if record is None:
        raise not_found(_FOLLOWED[table][0])
    return int(record["id"])


def _v2_row(row: Record) -> dict[str, Any]:
    return {"user_id": row["user_id"], "add_time": row["add_time"]}


def _v1_row(row: Record) -> dict[str, Any]:
    key = _FOLLOWED[row["table"]][1]
    times = {"add_time": v1_form(row["add_time"])}
    return {"user_id": row["user_id"], "id": row["id"], key: row["record_id"]} | times


def _list(call: Call, table: str) -> Answer:
    rows, cursor = page(call, of(call, table, _followed(call, table)))
    return Answer([_v2_row(row) for row in rows], {"next_cursor": cursor})


def _add(call: Call, table: str) -> Answer:
    record_id = _followed(call, table)
    user_id = read_strictly(call, firm=("user_id",))["user_id"]
    if (complaint := _complaint(call, table, record_id, user_id)) is not None:
        raise invalid([("user_id", complaint)])
    return Answer(_v2_row(follow(call, table, record_id, user_id)))


def _remove(call: Call, table: str) -> Answer:
    user_id = whole_number(call.variables["follower_id"])
    rows = of(call, table, _followed(call, table))
    row = next((row for row in rows if row["user_id"] == user_id), None)
    if row is None:
        raise not_found("Follower")
    unfollow(call, row)
    return Answer({"user_id": user_id})


def _changes(call: Call, table: str) -> Answer:
    subject = f"{table}/{_followed(call, table)}"
    rows, cursor = page(call, call.records.where(CHANGES, "subject", subject))
    names = ("action", "actor_user_id", "follower_user_id", "time")
    return Answer([{name: row[name] for name in names} for row in rows], {"next_cursor": cursor})


def _v1_list(call: Call, table: str) -> Answer:
    rows, marks = offset_page(call, of(call, table, _followed(call, table)))
    return Answer([_v1_row(row) for row in rows], nested(marks))


def _v1_add(call: Call, table: str) -> Answer:
    record_id = _followed(call, table)
    user_id = read_leniently(call, "user_id")["user_id"]
    if (complaint := _complaint(call, table, record_id, user_id)) is not None:
        raise refused(400, f"Bad request: {complaint}.")
    return Answer(_v1_row(follow(call, table, record_id, user_id)))


def _v1_remove(call: Call, table: str) -> Answer:
    number = whole_number(call.variables["follower_id"])
    row = next((row for row in of(call, table, _followed(call, table)) if row["id"] == number), None)
    if row is None:
        raise not_found("Follower")
    unfollow(call, row)
    return Answer({"id": number})


def _complaint(call: Call, table: str, record_id: int, user_id: int) -> str | None:
    user = call.colleague(user_id)
    if user is None or not user.active:
        return f"User {user_id} was not found"
    if any(row["user_id"] == user_id for row in of(call, table, record_id)):
        return f"User {user_id} follows it already"
    return None


def _of_user(call: Call) -> list[Record]:
    user = call.colleague(whole_number(call.variables["id"]))
    if user is None:
        raise refused(404, "User not found or not accessible.")
    if not call.user.is_admin and user.id != call.user.id:
        raise not_allowed()
    return of(call, "users", user.id)


def _list_of_user(call: Call) -> Answer:
    rows, cursor = page(call, _of_user(call))
    return Answer([_v2_row(row) for row in rows], {"next_cursor": cursor})


def _v1_list_of_user(call: Call) -> Answer:
    return Answer([row["user_id"] for row in _of_user(call)])


_KINDS: dict[str, Callable[[Call, str], Answer]] = {
    "GET v2/{}/{{id}}/followers": _list,
    "POST v2/{}/{{id}}/followers": _add,
    "GET v2/{}/{{id}}/followers/changelog": _changes,
    "DELETE v2/{}/{{id}}/followers/{{follower_id}}": _remove,
    "GET v1/{}/{{id}}/followers": _v1_list,
    "POST v1/{}/{{id}}/followers": _v1_add,
    "DELETE v1/{}/{{id}}/followers/{{follower_id}}": _v1_remove,
}


def _bound(serve: Callable[[Call, str], Answer], table: str) -> Handler:
    return lambda call: serve(call, table)


OPERATIONS: dict[str, Handler] = {
    path.format(table): _bound(serve, table) for table in _FOLLOWED for path, serve in _KINDS.items()
} | {"GET v2/users/{id}/followers": _list_of_user, "GET v1/users/{id}/followers": _v1_list_of_user}
