"""A gap: something that a deal lacks, and the situation in which rules look for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from marketplace_app.domain.message import Message
from marketplace_app.extensions.facts import DealFacts


class GapKind(StrEnum):
    NO_NEXT_STEP = "no-next-step"
    OVERDUE = "overdue"
    CLOSE_DATE = "close-date"
    QUIET = "quiet"
    REQUIRED_FIELDS = "required-fields"
    SINGLE_CONTACT = "single-contact"
    NO_REPLY = "no-reply"
    NOBODY_LINKED = "nobody-linked"
    NO_CONTACT_DETAILS = "no-contact-details"
    DUPLICATE = "duplicate"
    OTHER_OWNER = "other-owner"
    CURRENCIES = "currencies"


class Fix(StrEnum):
    """What one click can do about a gap."""

    PLAN = "plan"
    CALL = "call"
    SET_CLOSE_DATE = "set-close-date"
    LINK = "link"
    OPEN_PERSON = "open-person"
    OPEN_ORGANIZATION = "open-organization"
    OPEN_DEAL = "open-deal"


@dataclass(frozen=True, slots=True)
class Gap:
    """`points` are lost by it, none by a hint; `record_id` is what the fix is about, if not the deal."""

    kind: GapKind
    points: int
    message: Message
    fix: Fix | None = None
    record_id: int | None = None


@dataclass(frozen=True, slots=True)
class Situation:
    facts: DealFacts
    today: date
    zone: ZoneInfo

    def days_since(self, moment: datetime) -> int:
        return (self.today - moment.astimezone(self.zone).date()).days

    @property
    def changed_at(self) -> datetime | None:
        return self.facts.deal.update_time or self.facts.deal.add_time

    @property
    def days_to_rot(self) -> int | None:
        """Until the stage calls the deal rotten, zero or less once it is; None where nothing rots."""
        stage, changed_at = self.facts.stage, self.changed_at
        if stage is None or changed_at is None or not stage.is_deal_rot_enabled:
            return None
        return None if stage.days_to_rotten is None else stage.days_to_rotten - self.days_since(changed_at)


Rule = Callable[[Situation], Iterable[Gap]]
