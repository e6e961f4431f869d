"""Pipelines and their stages, https://developers.pipedrive.com/docs/api/v1/Stages (version 2)."""

from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.world import shapes


def _pipeline_last(draft: Draft) -> None:
    if draft.before is None:
        draft.record["order_nr"] = 1 + len(list(draft.call.records.all("pipelines")))


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
    prepare=_pipeline_last,
)

STAGES = Entity(
    table="stages",
    noun="Stage",
    blank=shapes.STAGE,
    needed=("name",),
    firm=("pipeline_id", "deal_probability", "is_deal_rot_enabled"),
    prepare=_stage_last,
)

OPERATIONS = crud("v2/pipelines", PIPELINES) | crud("v2/stages", STAGES)
