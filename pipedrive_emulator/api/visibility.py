"""Who sees which record.

``visible_to``: 1 owner only; 3 the owner's visibility group; 5 that group and those below; 7 everyone. On
plans without visibility groups 3 is everyone (https://developers.pipedrive.com/docs/api/v1/Roles).
An admin sees all. What cannot be seen does not exist: 404 for one, absent from lists.
"""

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.records import Key, Record

OWNER, GROUP, SUBGROUPS, EVERYONE = 1, 3, 5, 7
_PLANS_WITH_GROUPS = ("Premium", "Ultimate")
_LINKS = (("deals", "deal_id"), ("persons", "person_id"), ("organizations", "org_id"))


def everyone(_call: Call, _record: Record) -> bool:
    return True


def owned(call: Call, record: Record) -> bool:
    """Deals, persons, organizations: the owner decides who else."""
    if call.user.is_admin or record["owner_id"] == call.user.id:
        return True
    if record["visible_to"] in (OWNER, EVERYONE):
        return bool(record["visible_to"] == EVERYONE)
    return _same_group(call, record) or call.company.plan not in _PLANS_WITH_GROUPS


def linked(call: Call, record: Record) -> bool:
    """Activities: their owner, and whoever sees what they are linked to; unlinked ones the owner's group."""
    if call.user.is_admin or record["owner_id"] == call.user.id:
        return True
    links = [(table, record[key]) for table, key in _LINKS if record[key] is not None]
    if not links:
        return _same_group(call, record)
    return any(visible(call, table, key) for table, key in links)


def visible(call: Call, table: str, key: Key | None) -> Record | None:
    """A deal, person or organization that the caller may see, not deleted; else None."""
    record = call.records.find(table, key)
    return record if record and not record["is_deleted"] and owned(call, record) else None


def _same_group(call: Call, record: Record) -> bool:
    owner = call.world.user(record["owner_id"])
    return owner is not None and owner.visibility_group == call.user.visibility_group
