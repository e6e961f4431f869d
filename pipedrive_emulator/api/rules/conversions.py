"""Leads that become deals, and deals that become leads: jobs that are asked after until they are done.

https://developers.pipedrive.com/docs/api/v1/Leads and .../Deals (convert, version 2).
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.body import read_strictly
from pipedrive_emulator.api.call import Answer, Call, Job
from pipedrive_emulator.api.entity import Draft
from pipedrive_emulator.api.errors import ApiError, invalid, refused
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.rules.moving import ITEMS, move
from pipedrive_emulator.api.visibility import visible
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Key, Record

TABLE = "conversions"
_START, _FINISH = "start_conversion", "finish_conversion"
_NO_MORE = {"additional_data": None}
_KEPT_SECONDS = 3 * 86_400
_CARRIED = ("title", "owner_id", "person_id", "visible_to", "expected_close_date", "channel", "channel_id")
_PLACES = (("stage_id", "stages", "Stage"), ("pipeline_id", "pipelines", "Pipeline"))


def lead_to_deal(call: Call) -> Answer:
    said = read_strictly(call, firm=call.operation.body) if call.body is not None else {}
    source = _source(call, "leads", call.variables["id"])
    for key, table, noun in _PLACES:
        place = call.records.find(table, said.get(key))
        if said.get(key) is not None and (place is None or place["is_deleted"]):
            raise invalid([(key, f"{noun} {said[key]} was not found")])
    if "stage_id" in said:
        said.pop("pipeline_id", None)
    _check_stages(call, said.get("pipeline_id"))
    return _ordered(call, "leads", source, said)


def deal_to_lead(call: Call) -> Answer:
    return _ordered(call, "deals", _source(call, "deals", whole_number(call.variables["id"])), {})


def lead_status(call: Call) -> Answer:
    return _status(call, "leads", call.variables["id"], "deal_id")


def deal_status(call: Call) -> Answer:
    return _status(call, "deals", whole_number(call.variables["id"]), "lead_id")


def start(call: Call, facts: dict[str, Any]) -> None:
    _mark(call, facts["conversion_id"], status="running")


def finish(call: Call, facts: dict[str, Any]) -> None:
    """A source that cannot be converted any more is rejected; a place that is gone by now fails the job."""
    job = call.records.find(TABLE, facts["conversion_id"])
    if job is None:
        return
    source = visible(call, job["table"], job["source_id"])
    status = call.switches.get("conversion_end")
    if source is None or not _convertible(job["table"], source):
        status = "rejected"
    result = None
    if source is not None and status == "completed":
        try:
            result = _convert(call, job, source)
        except ApiError:
            status = "failed"
    _mark(call, job["conversion_id"], status=status, result_id=result)


def _source(call: Call, table: str, key: Key | None) -> Record:
    record = visible(call, table, key)
    if record is None:
        raise _missing()
    return record


def _check_stages(call: Call, pipeline_id: int | None) -> None:
    """A pipeline without stages has no place for a deal; ApiError 400."""
    if pipeline_id is None:
        return
    if all(stage["is_deleted"] for stage in call.records.where("stages", "pipeline_id", pipeline_id)):
        raise invalid([("pipeline_id", f"Pipeline {pipeline_id} has no stages")])


def _missing() -> ApiError:
    error = refused(404, "Entity was not found")
    error.body["error_info"] = "Object was not found."
    return error


def _ordered(call: Call, table: str, source: Record, said: dict[str, Any]) -> Answer:
    """One job for one record: who asks again is told of the same."""
    known = [job for job in call.records.where(TABLE, "source_id", source["id"]) if job["table"] == table]
    waiting = next((job for job in known if job["status"] in ("not_started", "running")), None)
    if waiting is not None:
        return Answer({"conversion_id": waiting["conversion_id"]}, extra=_NO_MORE)
    facts = {"conversion_id": str(uuid4())}
    job = {**facts, "table": table, "source_id": source["id"], "status": "not_started", "said": said}
    call.records.put(TABLE, facts["conversion_id"], {**job, "add_time": call.time, "result_id": None})
    seconds = call.switches.number("conversion_seconds")
    call.jobs.append(Job(_START, seconds / 2, facts))
    call.jobs.append(Job(_FINISH, seconds, facts))
    return Answer(facts, extra=_NO_MORE)


def _status(call: Call, table: str, key: Key | None, result_name: str) -> Answer:
    job = call.records.find(TABLE, call.variables["conversion_id"])
    if job is None or job["table"] != table or job["source_id"] != key or _age(call, job) > _KEPT_SECONDS:
        raise _missing()
    result = {} if job["result_id"] is None else {result_name: job["result_id"]}
    shown = {**result, "conversion_id": job["conversion_id"], "status": job["status"]}
    return Answer(shown, extra=_NO_MORE)


def _age(call: Call, job: Record) -> float:
    return call.now - datetime.fromisoformat(job["add_time"]).astimezone(UTC).timestamp()


def _mark(call: Call, conversion_id: str, **facts: Any) -> None:
    job = call.records.find(TABLE, conversion_id)
    if job is not None:
        call.records.put(TABLE, conversion_id, {**job, **facts})


def _convertible(table: str, source: Record) -> bool:
    """A lead needs somebody to be about; what is archived or closed is no longer anybody's to work on."""
    if source["is_archived"]:
        return False
    has_contact = source["person_id"] is not None or source.get("org_id") is not None
    return table == "leads" or (source["status"] == "open" and has_contact)


def _convert(call: Call, job: Record, source: Record) -> Key:
    """Raises ApiError, with nothing written yet, when there is no place for the new record."""
    make, key, to_key = (
        (_new_deal, "lead_id", "deal_id") if job["table"] == "leads" else (_new_lead, "deal_id", "lead_id")
    )
    result = make(call, source, job["said"])
    move(call, ITEMS, key, source["id"], result, to_key)
    gone = {"is_deleted": True, "update_time": call.time}
    call.records.put(job["table"], source["id"], {**source, **gone})
    return result


def _new_deal(call: Call, lead: Record, said: dict[str, Any]) -> Key:
    money = lead["value"] or {"amount": 0, "currency": None}
    changes = {key: lead[key] for key in _CARRIED} | said
    changes |= {"org_id": lead["organization_id"], "value": money["amount"], "currency": money["currency"]}
    about = {"source_lead_id": lead["id"], "origin": lead["origin"], "origin_id": lead["origin_id"]}
    custom = {"custom_fields": lead["custom_fields"]}
    record = {**shapes.DEAL, "add_time": call.time, "update_time": call.time, **about, **changes, **custom}
    draft = Draft(call, None, changes, record)
    DEALS.prepare(draft)
    made: int = call.records.add("deals", draft.record)["id"]
    return made


def _new_lead(call: Call, deal: Record, _said: dict[str, Any]) -> Key:
    lead_id = str(uuid4())
    record = {"id": lead_id, **shapes.LEAD, **{key: deal[key] for key in _CARRIED}}
    record |= {
        "organization_id": deal["org_id"],
        "value": {"amount": deal["value"], "currency": deal["currency"]},
        "creator_id": call.user.id,
        "source_name": "Deal",
        "origin": deal["origin"],
        "origin_id": deal["origin_id"],
        "source_deal_id": deal["id"],
        "custom_fields": deal["custom_fields"],
        "is_deleted": False,
        "archive_time": None,
        "add_time": call.time,
        "update_time": call.time,
    }
    call.records.put("leads", lead_id, record)
    return lead_id


OPERATIONS = {
    "POST v2/leads/{id}/convert/deal": lead_to_deal,
    "GET v2/leads/{id}/convert/status/{conversion_id}": lead_status,
    "POST v2/deals/{id}/convert/lead": deal_to_lead,
    "GET v2/deals/{id}/convert/status/{conversion_id}": deal_status,
}
JOBS = {_START: start, _FINISH: finish}
