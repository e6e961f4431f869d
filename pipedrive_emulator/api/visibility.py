"""Who sees which record.

``visible_to``: 1 owner only; 3 the owner's visibility group; 5 that group and those below; 7 everyone. On
plans without visibility groups 3 is everyone (https://developers.pipedrive.com/docs/api/v1/Roles).
An admin sees all, a follower what is followed. What cannot be seen does not exist: 404 for one, absent from
lists.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.records import Key, Record
from pipedrive_emulator.world.staff import hidden_pipelines

OWNER, GROUP, SUBGROUPS, EVERYONE = 1, 3, 5, 7
_PLANS_WITH_GROUPS = ("Premium", "Ultimate")
_LINKS = (
    ("deals", "deal_id"),
    ("persons", "person_id"),
    ("organizations", "org_id"),
    ("leads", "lead_id"),
    ("projects", "project_id"),
)

See = Callable[[Call, Record], bool]


def everyone(_call: Call, _record: Record) -> bool:
    return True


def owned(call: Call, record: Record) -> bool:
    """The owner decides who else; followers are not asked for here."""
    if call.user.is_admin or record["owner_id"] == call.user.id:
        return True
    if is_hidden(call, record.get("pipeline_id")):
        return False
    visible_to = int(record.get("visible_to") or EVERYONE)
    if visible_to in (OWNER, EVERYONE):
        return visible_to == EVERYONE
    if call.company.plan not in _PLANS_WITH_GROUPS:
        return True
    return _is_in_owners_group(call, record, with_subgroups=visible_to == SUBGROUPS)


def is_hidden(call: Call, pipeline_id: int | None) -> bool:
    """Whether the caller's role does not see the pipeline, nor what stands in it."""
    if call.company.plan not in _PLANS_WITH_GROUPS:
        return False
    return pipeline_id in hidden_pipelines(call.records, call.user)


def sees(table: str) -> See:
    """The rule for records of that table: as their owner decided, and followers besides."""

    def see(call: Call, record: Record) -> bool:
        return owned(call, record) or _follows(call, f"{table}/{record['id']}")

    return see


def linked(call: Call, record: Record) -> bool:
    """Activities: their owner, and whoever sees what they are linked to; unlinked ones the owner's group."""
    if call.user.is_admin or record["owner_id"] == call.user.id:
        return True
    links = [(table, record[key]) for table, key in _LINKS if record.get(key) is not None]
    if not links:
        return _is_in_owners_group(call, record, with_subgroups=False)
    return any(visible(call, table, key) for table, key in links)


def visible(call: Call, table: str, key: Key | None) -> Record | None:
    """A record with an owner that the caller may see, not deleted; else None."""
    record = call.records.find(table, key)
    return record if record and not record.get("is_deleted") and sees(table)(call, record) else None


def permitted(call: Call, see: See, record: Record) -> list[int]:
    """The active colleagues who may see the record, by id."""
    users = [user for user in call.colleagues() if user.active]
    return sorted(user.id for user in users if see(replace(call, user=user), record))


def _follows(call: Call, subject: str) -> bool:
    return any(row["user_id"] == call.user.id for row in call.records.where("followers", "subject", subject))


def _is_in_owners_group(call: Call, record: Record, *, with_subgroups: bool) -> bool:
    owner = call.world.user(record["owner_id"])
    if owner is None:
        return False
    mine = _groups_from(call, call.user.visibility_group)
    return owner.visibility_group in mine if with_subgroups else owner.visibility_group == next(mine)


def _groups_from(call: Call, group: int) -> Iterator[int]:
    """The group and those above it; roles are what the API calls visibility groups."""
    seen: set[int] = set()
    above: int | None = group
    while above is not None and above not in seen:
        seen.add(above)
        yield above
        role = call.records.find("roles", above)
        above = role.get("parent_role_id") if role else None
