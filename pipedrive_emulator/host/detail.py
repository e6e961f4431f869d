"""The picture of one record's detail view, whatever kind of record it is."""

from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.blocks import Block
from pipedrive_emulator.host.stages import StageBar
from pipedrive_emulator.host.timeline import Moment


@dataclass(frozen=True, slots=True)
class Detail:
    """``kind`` is deal, person or organization, and at the same time the view that panels register for.

    ``prefill`` goes to the activity form; ``stages`` and what follows it exist for deals only.
    """

    kind: str
    id: int
    title: str
    owner: str
    blocks: tuple[Block, ...]
    focus: tuple[Moment, ...]
    history: tuple[Moment, ...]
    prefill: dict[str, Any]
    person: Record | None = None
    organization: Record | None = None
    value: str = ""
    stages: StageBar | None = None
    lost_reason: str = ""
    is_archived: bool = False

    @property
    def path(self) -> str:
        return f"/api/v2/{self.kind}s/{self.id}"
