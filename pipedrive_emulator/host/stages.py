"""The bar of stages at the head of a deal, and what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.wording import Wording


@dataclass(frozen=True, slots=True)
class Step:
    id: int
    name: str
    is_reached: bool
    is_current: bool
    hint: str


@dataclass(frozen=True, slots=True)
class StageBar:
    """``status`` is open, won or lost; ``note`` is the line below the bar."""

    steps: tuple[Step, ...]
    status: str
    note: str


def stage_bar(deal: Record, stages: Sequence[Record], pipeline: str, wording: Wording) -> StageBar:
    order = sorted(stages, key=lambda stage: stage["order_nr"])
    ids = [stage["id"] for stage in order]
    here = ids.index(deal["stage_id"]) if deal["stage_id"] in ids else -1
    waited = wording.waited(deal.get("stage_change_time") or deal["add_time"])
    steps = tuple(
        Step(stage["id"], stage["name"], place <= here, place == here, _hint(place - here, waited))
        for place, stage in enumerate(order)
    )
    name = order[here]["name"] if here >= 0 else "another stage"
    return StageBar(steps, deal["status"], f"{pipeline} \u2192 {name} \u00b7 {_stay(waited)}")


def _hint(distance: int, waited: str) -> str:
    return "Move the deal here" if distance else f"The deal came here {_since(waited)}"


def _since(waited: str) -> str:
    return waited if waited == "today" else f"{waited} ago"


def _stay(waited: str) -> str:
    return "in this stage since today" if waited == "today" else f"in this stage for {waited}"
