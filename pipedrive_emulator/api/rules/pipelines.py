"""Pipelines and their stages, https://developers.pipedrive.com/docs/api/v1/Stages (version 2)."""

from pipedrive_emulator.api import engine
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.visibility import is_hidden
from pipedrive_emulator.world import shapes


def _pipeline_last(draft: Draft) -> None:
    if draft.before is None:
        numbers = [row["order_nr"] for row in draft.call.records.all("pipelines")]
        draft.record["order_nr"] = max(numbers, default=0) + 1


def _stage_last(draft: Draft) -> None:
    """A stage stands in a pipeline that exists, at its end when it is new there."""
    pipeline = draft.call.records.find("pipelines", draft.record["pipeline_id"])
    if pipeline is None or pipeline["is_deleted"]:
        raise invalid([("pipeline_id", f"Pipeline {draft.record['pipeline_id']} was not found")])
    if draft.changed("pipeline_id"):
        stages = draft.call.records.all("stages")
        numbers = [row["order_nr"] for row in stages if row["pipeline_id"] == pipeline["id"]]
        draft.record["order_nr"] = max(numbers, default=0) + 1


PIPELINES = Entity(
    table="pipelines",
    noun="Pipeline",
    blank=shapes.PIPELINE,
    needed=("name",),
    firm=("is_deal_probability_enabled",),
    see=lambda call, row: not is_hidden(call, row["id"]),
    prepare=_pipeline_last,
)

STAGES = Entity(
    table="stages",
    noun="Stage",
    blank=shapes.STAGE,
    needed=("name",),
    firm=("pipeline_id", "deal_probability", "is_deal_rot_enabled"),
    see=lambda call, row: not is_hidden(call, row["pipeline_id"]),
    prepare=_stage_last,
)


def _delete_pipeline(call: Call) -> Answer:
    """Its stages go with it."""
    answer = engine.delete(call, PIPELINES)
    for stage in call.records.where("stages", "pipeline_id", answer.data["id"]):
        if not stage["is_deleted"]:
            call.records.put("stages", stage["id"], {**stage, "is_deleted": True, "update_time": call.time})
    return _without_deals(call, "pipeline_id", answer)


def _delete_stage(call: Call) -> Answer:
    return _without_deals(call, "stage_id", engine.delete(call, STAGES))


def _without_deals(call: Call, key: str, answer: Answer) -> Answer:
    """Deals stay where they are, or are deleted with their stage, in bulk."""
    if call.switches.get("deals_of_deleted_stage") == "deleted":
        call.marks.is_bulk = True
        for deal in call.records.where("deals", key, answer.data["id"]):
            if not deal["is_deleted"]:
                call.records.put("deals", deal["id"], {**deal, "is_deleted": True, "update_time": call.time})
    return answer


OPERATIONS = {
    **crud("v2/pipelines", PIPELINES),
    **crud("v2/stages", STAGES),
    "DELETE v2/pipelines/{id}": _delete_pipeline,
    "DELETE v2/stages/{id}": _delete_stage,
}
