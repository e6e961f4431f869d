"""What hangs on a deal or lead, carried over to another one; used by merges and conversions."""

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.records import Key

# Tables whose rows point at deals and leads with a key.
ITEMS = ("activities", "notes", "files", "mail_threads", "mail_messages", "callLogs")
# Projects point at several of each.
_IN_PROJECTS = {"deals": "deal_ids", "persons": "person_ids", "organizations": "org_ids"}
_PINS = {"deal_id": "pinned_to_deal_flag", "lead_id": "pinned_to_lead_flag"}


def move(call: Call, tables: tuple[str, ...], key: str, source: Key, target: Key, to_key: str = "") -> None:
    """Point rows with ``key`` at the source at the target instead, under ``to_key`` when its kind differs."""
    to_key = to_key or key
    for table in tables:
        for row in call.records.where(table, key, source):
            moved = {**row, key: None, to_key: target}
            pin = _PINS.get(key, "")
            if to_key != key and pin in row:
                moved |= {pin: row[pin] * 0, _PINS[to_key]: row[pin]}
            call.records.put(table, row["id"], moved)


def move_followers(call: Call, table: str, source: Key, target: Key) -> None:
    """Each user follows the target once."""
    there = {row["user_id"] for row in call.records.where("followers", "subject", f"{table}/{target}")}
    for row in call.records.where("followers", "subject", f"{table}/{source}"):
        if row["user_id"] in there:
            call.records.remove("followers", row["id"])
        else:
            moved = {"record_id": target, "subject": f"{table}/{target}"}
            call.records.put("followers", row["id"], {**row, **moved})


def move_projects(call: Call, table: str, source: Key, target: Key) -> None:
    """Projects of the source are the target's, named once."""
    key = _IN_PROJECTS[table]
    for row in list(call.records.all("projects")):
        if source in row[key]:
            moved = [target if value == source else value for value in row[key]]
            call.records.put("projects", row["id"], {**row, key: list(dict.fromkeys(moved))})
