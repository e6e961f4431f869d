"""Pipelines and stages from short tables."""

from collections.abc import Sequence

from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.seed.planter import Planter

Stage = tuple[str, int, int | None]
"""Name, probability in percent, days until a deal rots there (None: never)."""


def plant_pipeline(planter: Planter, name: str, stages: Sequence[Stage], *, weighs: bool = False) -> None:
    """``weighs``: deals of this pipeline carry probabilities."""
    since = planter.time(-400)
    order_nr = 1 + len(list(planter.records.all("pipelines")))
    pipeline = planter.add(
        "pipelines",
        shapes.PIPELINE,
        name=name,
        order_nr=order_nr,
        is_deal_probability_enabled=weighs,
        add_time=since,
    )
    for number, (stage_name, probability, rots_after) in enumerate(stages, 1):
        planter.add(
            "stages",
            shapes.STAGE,
            name=stage_name,
            order_nr=number,
            pipeline_id=pipeline["id"],
            deal_probability=probability,
            is_deal_rot_enabled=rots_after is not None,
            days_to_rotten=rots_after,
            add_time=since,
        )
