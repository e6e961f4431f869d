"""Merging two persons or two organizations: the one in ``merge_with_id`` survives and wins every conflict.

Its empty fields are filled from the other, whose deals, activities, notes, files, mails and followers move.
https://pipedrive.readme.io/docs/merging-two-persons.
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.rules.moving import move_followers, move_projects
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1 import organizations, persons
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.world.records import Record

# Table of the merged -> which keys of which tables point at it.
_POINTERS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "persons": (
        *((table, "person_id") for table in ("deals", "leads", "notes", "files", "mail_messages")),
        *((table, "person_id") for table in ("activities", "projects", "callLogs", "deal_participants")),
    ),
    "organizations": (
        *((table, "org_id") for table in ("deals", "persons", "notes", "files", "mail_messages")),
        *((table, "org_id") for table in ("activities", "projects", "callLogs")),
        ("leads", "organization_id"),
        ("organizationRelationships", "rel_owner_org_id"),
        ("organizationRelationships", "rel_linked_org_id"),
    ),
}
_NOUNS = {"persons": "Person", "organizations": "Organization"}
_LISTS = {"emails": "value", "phones": "value", "im": "value"}
_OWN = frozenset({"id", "custom_fields", "add_time", "update_time", "is_deleted", "picture_id"})
_EMPTY: tuple[Any, ...] = (None, "", [], {})


def merge_persons(call: Call) -> Answer:
    loser, winner = merge(call, "persons")
    return Answer(persons.person(call, winner) | {"merge_what_id": loser})


def merge_organizations(call: Call) -> Answer:
    return Answer(organizations.organization(call, merge(call, "organizations")[1]))


def merge(call: Call, table: str) -> tuple[int, Record]:
    """Do it, and answer the id that is gone and the record that is left.

    Raises:
        ApiError: 404 for a record that the caller does not see, 400 for one with itself.
    """
    loser = parent(call, table)
    winner = visible(call, table, read_leniently(call)["merge_with_id"])
    if winner is None:
        raise not_found(_NOUNS[table])
    if winner["id"] == loser["id"]:
        raise refused(400, "Bad request: a record cannot be merged with itself.")
    for pointing, key in _POINTERS[table]:
        _repoint(call, pointing, key, loser["id"], winner["id"])
    move_followers(call, table, loser["id"], winner["id"])
    move_projects(call, table, loser["id"], winner["id"])
    _tidy(call, table, winner["id"])
    kept = call.records.put(table, winner["id"], _filled(winner, loser) | {"update_time": call.time})
    call.records.put(table, loser["id"], loser | {"is_deleted": True, "update_time": call.time})
    call.marks.merged[table, loser["id"]] = winner["id"]
    return loser["id"], kept


def _filled(winner: Record, loser: Record) -> Record:
    """The winner with the loser's values where it has none; contacts of both, the winner's first."""
    merged = {key: value for key, value in loser.items() if key not in _OWN and winner.get(key) in _EMPTY}
    for key, name in _LISTS.items():
        if winner.get(key) and loser.get(key):
            known = {row[name] for row in winner[key]}
            more = [row | {"primary": False} for row in loser[key] if row[name] not in known]
            merged[key] = winner[key] + more
    if winner.get("picture_id") is None and loser.get("picture_id") is not None:
        merged["picture_id"] = loser["picture_id"]
    custom = (loser.get("custom_fields") or {}) | (winner.get("custom_fields") or {})
    return winner | merged | {"custom_fields": custom}


def _repoint(call: Call, table: str, key: str, loser: int, winner: int) -> None:
    for row in call.records.where(table, key, loser):
        call.records.put(table, row["id"], row | {key: winner})
    if (table, key) == ("activities", "person_id"):
        for row in call.records.where(table, "participants.person_id", loser):
            guests = _guests(row["participants"], loser, winner)
            call.records.put(table, row["id"], row | {"participants": guests})


def _guests(rows: list[Record], loser: int, winner: int) -> list[Record]:
    """The winner once, in the loser's place."""
    others = [row for row in rows if row["person_id"] not in (loser, winner)]
    primary = any(row["primary"] for row in rows if row["person_id"] in (loser, winner))
    return [{"person_id": winner, "primary": primary}, *others]


def _tidy(call: Call, table: str, winner: int) -> None:
    """What has become double or points at itself goes: participants, relationships."""
    if table == "organizations":
        for row in call.records.where("organizationRelationships", "rel_owner_org_id", winner):
            if row["rel_linked_org_id"] == winner:
                call.records.remove("organizationRelationships", row["id"])
    else:
        seen: set[int] = set()
        for row in call.records.where("deal_participants", "person_id", winner):
            if row["deal_id"] in seen:
                call.records.remove("deal_participants", row["id"])
            seen.add(row["deal_id"])


OPERATIONS = {
    "PUT v1/persons/{id}/merge": merge_persons,
    "PUT v1/organizations/{id}/merge": merge_organizations,
}
