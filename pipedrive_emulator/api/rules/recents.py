"""What changed lately, of every kind in one list: https://developers.pipedrive.com/docs/api/v1/Recents.

Each item is the object that API v1 has for it; the oldest change comes first.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.rules.activity_types import activity_type
from pipedrive_emulator.api.rules.filtering import sees as sees_filter
from pipedrive_emulator.api.rules.notes import visible_note
from pipedrive_emulator.api.rules.search_items import sees_file
from pipedrive_emulator.api.v1.activities import activity
from pipedrive_emulator.api.v1.deals import deal
from pipedrive_emulator.api.v1.files import file
from pipedrive_emulator.api.v1.filters import filter_
from pipedrive_emulator.api.v1.notes import note
from pipedrive_emulator.api.v1.organizations import organization_with_links
from pipedrive_emulator.api.v1.pages import MOST, nested, offset_page
from pipedrive_emulator.api.v1.persons import person
from pipedrive_emulator.api.v1.pipelines import pipeline
from pipedrive_emulator.api.v1.products import product
from pipedrive_emulator.api.v1.stages import stage
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.api.v1.users import user
from pipedrive_emulator.api.visibility import everyone, linked, sees
from pipedrive_emulator.clock import v1_time
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.records import Record

MONTH_SECONDS = 31 * 86_400
_FORM = "%Y-%m-%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class Kind:
    table: str
    shape: Callable[[Call, Record], dict[str, Any]]
    see: Callable[[Call, Record], bool]


def list_page(call: Call) -> Answer:
    """Deleted records are told too, marked as such; further back than a month nothing is told."""
    since = _since(call)
    wanted = call.query.get("items", {*_KINDS, "user"})
    rows = [row for name in wanted for row in _changed(call, name, since)]
    rows.sort()  # no two are of the same kind and id, so records are never compared
    page, marks = offset_page(call, _first_seen(call, rows))
    last = page[-1][0] if page else since
    return Answer(
        [{"item": name, "id": _id(row), "data": _shape(call, name, row)} for _, name, _, row in page],
        {"since_timestamp": since, "last_timestamp_on_page": last, **nested(marks)},
    )


# When, of which kind, which one; and the record, or the colleague.
_Row = tuple[str, str, str, Any]


def _first_seen(call: Call, rows: list[_Row]) -> list[_Row]:
    """What the caller sees, up to one more than the longest page from ``start`` needs: seeing takes time."""
    needed = max(0, min(len(rows), call.query.get("start", 0) + MOST + 1))
    seen = (row for row in rows if row[1] == "user" or _KINDS[row[1]].see(call, row[3]))
    return list(islice(seen, needed))


def _since(call: Call) -> str:
    """Raises ApiError 400 for what is no moment."""
    try:
        moment = datetime.strptime(call.query.get("since_timestamp", ""), _FORM).replace(tzinfo=UTC)
        return v1_time(max(moment.timestamp(), call.now - MONTH_SECONDS))
    except (ValueError, OverflowError):
        raise refused(400, "Bad request: since_timestamp must be a time as YYYY-MM-DD HH:MM:SS.") from None


def _changed(call: Call, name: str, since: str) -> Iterator[_Row]:
    if name == "user":
        changed = ((one.modified, one.id, one) for one in call.colleagues())
        yield from ((moment, name, str(key), one) for moment, key, one in changed if moment >= since)
        return
    for record in call.records.all(_KINDS[name].table):
        moment = v1_form(record.get("update_time") or record.get("add_time"))
        if moment is not None and moment >= since:
            yield moment, name, str(record["id"]), record


def _id(row: Any) -> Any:
    return row.id if isinstance(row, User) else row["id"]


def _shape(call: Call, name: str, row: Any) -> dict[str, Any]:
    return user(call, row) if isinstance(row, User) else _KINDS[name].shape(call, row)


def _organization(call: Call, record: Record) -> dict[str, Any]:
    """Here it is a number whether the owner has a picture."""
    found = organization_with_links(call, record)
    owner = found["owner_id"]
    return found | {"owner_id": owner and {**owner, "has_pic": int(owner["has_pic"])}}


def _product(call: Call, record: Record) -> dict[str, Any]:
    """Here the owner and the visibility are numbers."""
    return product(call, record) | {"owner_id": record["owner_id"], "visible_to": record["visible_to"]}


def _sees_saved(call: Call, record: Record) -> bool:
    """Also one that is deleted, as every other kind."""
    return sees_filter(call, {**record, "is_deleted": False})


_KINDS: Mapping[str, Kind] = {
    "activity": Kind("activities", activity, linked),
    "activityType": Kind("activityTypes", lambda _, record: activity_type(record), everyone),
    "deal": Kind("deals", deal, sees("deals")),
    "file": Kind("files", file, sees_file),
    "filter": Kind("filters", filter_, _sees_saved),
    "note": Kind("notes", note, visible_note),
    "person": Kind("persons", person, sees("persons")),
    "organization": Kind("organizations", _organization, sees("organizations")),
    "pipeline": Kind("pipelines", pipeline, everyone),
    "product": Kind("products", _product, sees("products")),
    "stage": Kind("stages", stage, everyone),
}
OPERATIONS = {"GET v1/recents": list_page}
