"""What the panel's buttons and forms send. Dates are ISO texts, so that a bad one gets a sentence of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlanForm:
    subject: str
    due_date: str = ""
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class ActivityForm:
    """`seen` is the activity's `update_time` in the picture."""

    activity_id: int
    seen: str = ""


@dataclass(frozen=True, slots=True)
class MoveDateForm:
    activity_id: int
    seen: str = ""
    due_date: str = ""


@dataclass(frozen=True, slots=True)
class CloseDateForm:
    """`seen` is the deal's `update_time` in the picture, here and below."""

    seen: str = ""
    expected_close_date: str = ""


@dataclass(frozen=True, slots=True)
class MoveStageForm:
    stage_id: int
    seen: str = ""


@dataclass(frozen=True, slots=True)
class LinkForm:
    """`id` of the record that Pipedrive's dialog has made."""

    id: int
