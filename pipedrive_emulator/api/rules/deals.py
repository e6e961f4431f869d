"""Deals: the stage decides the pipeline, the status decides the times.

https://developers.pipedrive.com/docs/api/v1/Deals (version 2).
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud, list_page
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid, refused
from pipedrive_emulator.api.rules.counts import (
    activity_extras,
    item_counts,
    linked_count,
    smart_bcc,
    stored,
)
from pipedrive_emulator.api.rules.currencies import has_currency
from pipedrive_emulator.api.rules.deal_value import derived, lines
from pipedrive_emulator.api.rules.links import check_labels, check_links, check_owner, check_visibility
from pipedrive_emulator.api.visibility import sees
from pipedrive_emulator.clock import local_date
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record

_STATUSES = ("open", "won", "lost")
_ONLY_WITH = {
    "lost_reason": ("lost",),
    "lost_time": ("lost",),
    "won_time": ("won",),
    "close_time": ("won", "lost"),
}
_CLOSING = {"won": ("close", "won"), "lost": ("close", "lost"), "open": ()}


def _prepare(draft: Draft) -> None:
    _check_editable(draft)
    check_owner(draft)
    check_visibility(draft, "deal")
    check_labels(draft, "dealFields")
    check_links(draft, "person_id", "org_id")
    _check_contact(draft)
    _settle_new(draft)
    _check_currency(draft)
    _settle_stage(draft)
    _settle_status(draft)
    _settle_archive(draft)
    _settle_value(draft)


def _check_editable(draft: Draft) -> None:
    """An archived deal takes no change but the one that brings it back."""
    if draft.before and draft.before["is_archived"] and draft.record["is_archived"]:
        raise refused(403, "Archived deals cannot be changed.")
    if draft.changes.get("is_deleted"):
        raise invalid([("is_deleted", "A deal is deleted with DELETE, not through its body")])


def _check_contact(draft: Draft) -> None:
    """The API asks leads for a person or an organization, and by its documents not deals."""
    has_none = draft.record["person_id"] is None and draft.record["org_id"] is None
    if has_none and draft.call.switches.get("deal_without_contact") == "refuse":
        raise invalid([("person_id", "A deal must be linked to a person or an organization")])


def _settle_new(draft: Draft) -> None:
    if draft.before is None:
        draft.record["creator_user_id"] = draft.call.user.id
        draft.record["currency"] = draft.record["currency"] or draft.call.user.default_currency


def _check_currency(draft: Draft) -> None:
    """What nobody said is the caller's own, whatever that is."""
    code = draft.changes.get("currency")
    if code is not None and not has_currency(draft.call, code):
        raise invalid([("currency", f"Currency {code} was not found")])


def _settle_stage(draft: Draft) -> None:
    """A stage brings its pipeline; a pipeline alone means its first stage; nothing means the first of all."""
    stage = _stage(draft)
    if draft.before is None or stage["id"] != draft.before["stage_id"]:
        draft.record["stage_change_time"] = None if draft.before is None else draft.call.time
    draft.record["stage_id"], draft.record["pipeline_id"] = stage["id"], stage["pipeline_id"]


def _stage(draft: Draft) -> Record:
    stages = [stage for stage in draft.call.records.all("stages") if not stage["is_deleted"]]
    stages.sort(key=lambda stage: (stage["pipeline_id"], stage["order_nr"]))
    if not stages:
        raise invalid([("stage_id", "This company has no stages")])
    wanted = {"stage_id": "id", "pipeline_id": "pipeline_id"}
    for key, column in wanted.items():
        if key in draft.changes:
            found = next((stage for stage in stages if stage[column] == draft.changes[key]), None)
            if found is None:
                raise invalid([(key, f"Parameter '{key}' names nothing that exists")])
            return found
    current = draft.before["stage_id"] if draft.before else stages[0]["id"]
    return next(stage for stage in [*stages, *draft.call.records.all("stages")] if stage["id"] == current)


def _settle_status(draft: Draft) -> None:
    record, status = draft.record, draft.record["status"]
    if status not in _STATUSES:
        raise invalid([("status", f"Parameter 'status' must be one of: {', '.join(_STATUSES)}")])
    for key, statuses in _ONLY_WITH.items():
        if draft.changes.get(key) is not None and status not in statuses:
            raise invalid(
                [(key, f"Parameter '{key}' can only be set when status is {' or '.join(statuses)}")]
            )
    if draft.changed("status"):
        _stamp(draft, status)
    for event in _CLOSING[status]:
        record[f"local_{event}_date"] = _owners_date(draft, record[f"{event}_time"])


def _stamp(draft: Draft, status: str) -> None:
    """Times of the closing that happens now; a reopened deal has none."""
    for event in ("close", "won", "lost"):
        moment = draft.changes.get(f"{event}_time") or draft.call.time
        draft.record[f"{event}_time"] = moment if event in _CLOSING[status] else None
        draft.record[f"local_{event}_date"] = None
    if status != "lost":
        draft.record["lost_reason"] = None
    if status == "won":
        draft.record.setdefault("first_won_time", draft.record["won_time"])


def _owners_date(draft: Draft, moment: str) -> str:
    owner = draft.call.colleague(draft.record["owner_id"]) or draft.call.user
    return local_date(_epoch(moment), owner.time_zone)


def _epoch(moment: str) -> float:
    parsed = datetime.fromisoformat(moment)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def _settle_archive(draft: Draft) -> None:
    if not draft.record["is_archived"]:
        draft.record["archive_time"] = None
    elif draft.record["archive_time"] is None:
        draft.record["archive_time"] = draft.call.time


def _settle_value(draft: Draft) -> None:
    """Products go before a value that somebody sends, and count in the deal's currency."""
    if draft.before is None:
        return
    draft.record.update(derived(draft.call, draft.record))
    for line in lines(draft.call, draft.before["id"]):
        if line["currency"] != draft.record["currency"]:
            there = {**line, "currency": draft.record["currency"]}
            draft.call.records.put("deal_products", line["id"], there)


def _listed(call: Call, record: Record) -> bool:
    """Archived deals are never here, deleted ones only when asked for."""
    return not record["is_archived"] and record["is_deleted"] == (call.query.get("status") == "deleted")


def _in_archive(call: Call, record: Record) -> bool:
    return bool(record["is_archived"]) and record["is_deleted"] == (call.query.get("status") == "deleted")


def _has_status(_: Call, record: Record, status: Any) -> bool:
    return status in ("deleted", record["status"])


def _participants(call: Call, record: Record) -> int:
    others = {row["person_id"] for row in call.records.where("deal_participants", "deal_id", record["id"])}
    return len(others | {record["person_id"]} - {None})


DEALS = Entity(
    table="deals",
    noun="Deal",
    blank=shapes.DEAL,
    needed=("title",),
    firm=("owner_id", "stage_id", "pipeline_id", "value", "currency", "status", "visible_to", "is_archived"),
    fields_table="dealFields",
    see=sees("deals"),
    listed=_listed,
    prepare=_prepare,
    filters={"status": _has_status},
    extras={
        **activity_extras("deal_id"),
        **stored("first_won_time", "last_incoming_mail_time", "last_outgoing_mail_time", "source_lead_id"),
        **item_counts("deals", "deal_id"),
        "products_count": linked_count("deal_products", "deal_id"),
        "participants_count": _participants,
        "smart_bcc_email": smart_bcc("deal"),
    },
)

_ARCHIVE = replace(DEALS, listed=_in_archive)


def _archived(call: Call) -> Answer:
    return list_page(call, _ARCHIVE)


OPERATIONS = {**crud("v2/deals", DEALS), "GET v2/deals/archived": _archived}
