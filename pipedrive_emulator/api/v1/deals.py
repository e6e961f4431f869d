"""Deals in API v1: money written out, times without zone, names of what they are linked to.

https://developers.pipedrive.com/docs/api/v1/Deals (version 1).
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.v1 import custom_fields, refs
from pipedrive_emulator.api.v1.money import formatted, tidy
from pipedrive_emulator.api.v1.pipelines import pipeline
from pipedrive_emulator.api.v1.stages import stage
from pipedrive_emulator.api.v1.times import v1_form
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.clock import v1_time
from pipedrive_emulator.world.records import Record

_SAME = (
    "id",
    "stage_id",
    "title",
    "value",
    "currency",
    "status",
    "probability",
    "lost_reason",
    "pipeline_id",
)
_SAME_TOO = ("is_archived", "expected_close_date", "origin", "origin_id", "channel", "channel_id")
_TIMES = (
    "archive_time",
    "add_time",
    "update_time",
    "stage_change_time",
    "close_time",
    "won_time",
    "first_won_time",
    "lost_time",
    "last_incoming_mail_time",
    "last_outgoing_mail_time",
)
_COUNTS = (
    "products_count",
    "files_count",
    "notes_count",
    "followers_count",
    "email_messages_count",
    "activities_count",
    "done_activities_count",
    "undone_activities_count",
    "participants_count",
)


def deal(call: Call, record: Record) -> dict[str, Any]:
    """One deal with the ids of its links, as most answers have it."""
    return {
        **{key: record.get(key) for key in (*_SAME, *_SAME_TOO)},
        "creator_user_id": record["creator_user_id"],
        "user_id": record["owner_id"],
        "person_id": record["person_id"],
        "org_id": record["org_id"],
        "active": record["status"] == "open" and not record["is_deleted"],
        "deleted": record["is_deleted"],
        "visible_to": str(record["visible_to"]),
        "label": ",".join(map(str, record["label_ids"])),
        **{key: v1_form(record.get(key)) for key in _TIMES},
        **{key: DEALS.extras[key](call, record) for key in _COUNTS},
        **_activities(call, record),
        **_names(call, record),
        **_money(call, record),
        "stage_order_nr": (call.records.find("stages", record["stage_id"]) or {}).get("order_nr"),
        "rotten_time": _rotten_time(call, record),
        "cc_email": DEALS.extras["smart_bcc_email"](call, record),
        **custom_fields.flat(call, "dealFields", record),
    }


def deal_with_links(call: Call, record: Record) -> dict[str, Any]:
    """The same with its links as objects, as lists of all deals have it."""
    return deal(call, record) | {
        "creator_user_id": refs.user(call, record["creator_user_id"]),
        "user_id": refs.user(call, record["owner_id"]),
        "person_id": refs.person(call, record["person_id"]),
        "org_id": refs.organization(call, record["org_id"]),
    }


def related(call: Call, records: list[Record]) -> dict[str, Any]:
    """``related_objects`` of those deals, their stages and pipelines among them."""
    places = {
        kind: {
            str(found["id"]): shown(call, found)
            for found in (call.records.find(f"{kind}s", row[f"{kind}_id"]) for row in records)
            if found
        }
        for kind, shown in (("stage", stage), ("pipeline", pipeline))
    }
    return places | refs.related(
        call,
        users=[row[key] for row in records for key in ("owner_id", "creator_user_id")],
        persons=[row["person_id"] for row in records],
        organizations=[row["org_id"] for row in records],
    )


def weighted_value(call: Call, record: Record) -> float:
    """By the deal's probability, else its stage's; in full where the pipeline does not weigh."""
    pipe = call.records.find("pipelines", record["pipeline_id"]) or {}
    if not pipe.get("is_deal_probability_enabled"):
        return tidy(record["value"])
    where = call.records.find("stages", record["stage_id"]) or {}
    own = record["probability"]
    return tidy(record["value"] * (where.get("deal_probability", 100) if own is None else own) / 100)


def _activities(call: Call, record: Record) -> dict[str, Any]:
    ids = {key: DEALS.extras[f"{key}_activity_id"](call, record) for key in ("next", "last")}
    coming = call.records.find("activities", ids["next"]) or {}
    past = call.records.find("activities", ids["last"]) or {}
    return {
        "next_activity_id": ids["next"],
        "next_activity_date": coming.get("due_date"),
        "next_activity_time": coming.get("due_time"),
        "next_activity_subject": coming.get("subject"),
        "next_activity_type": coming.get("type"),
        "next_activity_duration": coming.get("duration"),
        "next_activity_note": coming.get("note"),
        "last_activity_id": ids["last"],
        "last_activity_date": past.get("due_date"),
    }


def _names(call: Call, record: Record) -> dict[str, Any]:
    """A link to what the caller may not see keeps its name to itself."""
    person, organization = (
        visible(call, table, record[key])
        for table, key in (("persons", "person_id"), ("organizations", "org_id"))
    )
    return {
        "person_name": person["name"] if person else None,
        "org_name": organization["name"] if organization else None,
        "person_hidden": record["person_id"] is not None and person is None,
        "org_hidden": record["org_id"] is not None and organization is None,
        "owner_name": refs.owner_name(call, record["owner_id"]),
    }


def _money(call: Call, record: Record) -> dict[str, Any]:
    currency, weighted = record["currency"], weighted_value(call, record)
    yields = {key: record.get(key) for key in ("acv", "arr", "mrr")}
    return {
        "formatted_value": formatted(record["value"], currency),
        "weighted_value": weighted,
        "formatted_weighted_value": formatted(weighted, currency),
        "weighted_value_currency": currency,
        **yields,
        **{f"{key}_currency": None if value is None else currency for key, value in yields.items()},
    }


def _rotten_time(call: Call, record: Record) -> str | None:
    """When an open deal has stood untouched for as long as its stage allows."""
    where = call.records.find("stages", record["stage_id"]) or {}
    if not where.get("is_deal_rot_enabled") or not where.get("days_to_rotten") or record["status"] != "open":
        return None
    touched = datetime.fromisoformat(record["update_time"] or record["add_time"]).astimezone(UTC)
    rots = (touched + timedelta(days=where["days_to_rotten"])).timestamp()
    return v1_time(rots) if rots <= call.now else None
