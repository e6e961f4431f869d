"""Two deals of one, and one of two: duplicate and merge.

https://developers.pipedrive.com/docs/api/v1/Deals and https://pipedrive.readme.io/docs/merging-two-deals.
"""

from typing import Any

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.custom_fields import merged
from pipedrive_emulator.api.errors import refused
from pipedrive_emulator.api.rules.deal_participants import participants
from pipedrive_emulator.api.rules.deal_parts import check_open, open_to_change
from pipedrive_emulator.api.rules.deal_value import lines, settle
from pipedrive_emulator.api.rules.moving import ITEMS, move, move_followers, move_projects
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1.deals import deal as view
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

_COPIED = (
    "title",
    "owner_id",
    "value",
    "person_id",
    "org_id",
    "stage_id",
    "pipeline_id",
    "currency",
    "probability",
    "visible_to",
    "expected_close_date",
    "label_ids",
    "acv",
    "arr",
    "mrr",
    "custom_fields",
)
_PARTS = ("deal_products", "deal_discounts", "deal_installments")


def duplicate(call: Call) -> Answer:
    """A new open deal with the people and products of the old one; its history and items stay there."""
    source = parent(call, "deals")
    blank = {**shapes.DEAL, "creator_user_id": call.user.id, "add_time": call.time, "update_time": call.time}
    made = call.records.add("deals", {**blank, **{key: source[key] for key in _COPIED if key in source}})
    for row in participants(call, source):
        about = {"deal_id": made["id"], "add_time": call.time, "added_by_user_id": call.user.id}
        call.records.add("deal_participants", {**row, **about})
    for row in lines(call, source["id"]):
        times = {"deal_id": made["id"], "add_time": call.time, "update_time": call.time}
        call.records.add("deal_products", {**row, **times})
    settle_if_priced(call, made["id"])
    return Answer(view(call, _find(call, made["id"])))


def merge(call: Call) -> Answer:
    """The deal named in the body lives on and wins; what it lacks comes from the other, as do all items."""
    loser = open_to_change(call)
    other = read_leniently(call)["merge_with_id"]
    winner = visible(call, "deals", other)
    if winner is None or winner["id"] == loser["id"]:
        raise refused(400, f"Deal {other} is not one that this deal can be merged with.")
    check_open(winner)
    filled = {key: value for key, value in loser.items() if winner.get(key) in (None, [], "")}
    filled["custom_fields"] = merged(loser["custom_fields"], winner["custom_fields"])
    call.records.put("deals", winner["id"], {**winner, **_merging(filled), "update_time": call.time})
    _move(call, loser, winner)
    gone = {"is_deleted": True, "update_time": call.time}
    call.records.put("deals", loser["id"], {**loser, **gone})
    call.marks.merged["deals", loser["id"]] = winner["id"]
    settle_if_priced(call, winner["id"])
    return Answer({**view(call, _find(call, winner["id"])), "merge_what_id": loser["id"]})


def _merging(filled: dict[str, Any]) -> dict[str, Any]:
    """Whether and when a deal ended is no empty field."""
    ends = ("close_time", "won_time", "lost_time", "lost_reason", "archive_time", "first_won_time")
    return {key: value for key, value in filled.items() if key not in ends and "local_" not in key}


def _move(call: Call, loser: Record, winner: Record) -> None:
    known = {row["person_id"] for row in participants(call, winner)}
    for row in participants(call, loser):
        if row["person_id"] in known:
            call.records.remove("deal_participants", row["id"])
        else:
            call.records.put(
                "deal_participants", row["id"], {**row, "deal_id": winner["id"], "is_contact": False}
            )
    move(call, (*ITEMS, *_PARTS), "deal_id", loser["id"], winner["id"])
    move_followers(call, "deals", loser["id"], winner["id"])
    move_projects(call, "deals", loser["id"], winner["id"])


def settle_if_priced(call: Call, deal_id: int) -> None:
    """A deal without products keeps the value that somebody gave it."""
    if lines(call, deal_id):
        settle(call, deal_id)


def _find(call: Call, deal_id: int) -> Record:
    record = call.records.find("deals", deal_id)
    if record is None:
        raise LookupError(f"deal {deal_id} is gone")
    return record


OPERATIONS = {
    "POST v1/deals/{id}/duplicate": duplicate,
    "PUT v1/deals/{id}/merge": merge,
}
