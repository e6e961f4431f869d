"""The deal panel as templates/extensions/deal_panel.html prints it: texts in the viewer's language."""

from dataclasses import dataclass

from marketplace_app.extensions.controls import Control, Dialog, Jump, Press


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a part is not shown; what Pipedrive hides from the viewer is not worth another try."""

    sentence: str
    can_retry: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """`level` is healthy, attention, risk or unknown for an open deal, else won, lost or gone.

    `score` is None for all but the first three.
    """

    level: str
    verdict: str
    tally: str = ""
    score: int | None = None
    spoken: str = ""
    stage: str = ""
    stage_age: str = ""
    rotting: str = ""
    is_rotten: bool = False
    closing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """`tone` is none, late, today, ahead or someday; `cost` the points that it costs, as text."""

    title: str
    tone: str
    kind: str = ""
    when: str = ""
    cost: str = ""
    controls: tuple[Control, ...] = ()
    more: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """The step that was done just now, and the way back."""

    sentence: str
    undo: Press


@dataclass(frozen=True, slots=True)
class GapRow:
    """A hint has no `cost`."""

    id: str
    sentence: str
    cost: str
    controls: tuple[Control, ...] = ()


@dataclass(frozen=True, slots=True)
class Gaps:
    """`all_clear` instead of rows when nothing is amiss."""

    rows: tuple[GapRow, ...] = ()
    more: tuple[GapRow, ...] = ()
    more_label: str = ""
    all_clear: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStage:
    """`filled` of `total` fields; a last stage has no `control`."""

    name: str = ""
    note: str = ""
    filled: int = 0
    total: int = 0
    missing: tuple[str, ...] = ()
    control: Press | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """An absent phone or e-mail is empty; `phone_link` and `email_link` are their URLs."""

    link: Jump
    initials: str
    role: str = ""
    phone: str = ""
    phone_link: str = ""
    email: str = ""
    email_link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    total: int = 0
    rows: tuple[PersonRow, ...] = ()
    more: tuple[PersonRow, ...] = ()
    more_label: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class DealRow:
    link: Jump
    detail: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    organization: Jump | None = None
    organization_problem: Problem | None = None
    summary: str = ""
    rows: tuple[DealRow, ...] = ()
    more: tuple[DealRow, ...] = ()
    more_label: str = ""
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Recap:
    sentence: str
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Starter:
    sentence: str
    control: Dialog


@dataclass(frozen=True, slots=True, kw_only=True)
class DealView:
    """What is None is not shown. `step_problem` stands where the next step could not be read."""

    header: Header
    finished: Finished | None = None
    starters: tuple[Starter, ...] = ()
    next_step: NextStep | None = None
    step_problem: Problem | None = None
    gaps: Gaps | None = None
    next_stage: NextStage | None = None
    people: People | None = None
    linked: Linked | None = None
    recap: Recap | None = None
    counts: tuple[str, ...] = ()
