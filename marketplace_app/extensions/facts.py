"""What was read about a deal, as the viewer may see it. Pure, and kept between a picture and its actions."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from marketplace_app.pipedrive.resources.activities import Activity
from marketplace_app.pipedrive.resources.deal_fields import DealField
from marketplace_app.pipedrive.resources.deals import Deal
from marketplace_app.pipedrive.resources.organizations import Organization
from marketplace_app.pipedrive.resources.persons import Person
from marketplace_app.pipedrive.resources.stages import Pipeline, Stage


class Part(StrEnum):
    """What is read beside the deal; each may fail alone."""

    ACTIVITIES = "activities"
    PEOPLE = "people"
    STAGES = "stages"
    PIPELINES = "pipelines"
    FIELDS = "fields"
    ORGANIZATION = "organization"
    OTHER_DEALS = "other deals"


class Trouble(StrEnum):
    FAILED = "failed"
    HIDDEN = "hidden"  # Pipedrive does not show it to this viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFacts:
    """`activities` are the open ones. A part in `troubles` is empty because it is not known."""

    deal: Deal
    activities: list[Activity] = field(default_factory=list)
    persons: list[Person] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    pipelines: list[Pipeline] = field(default_factory=list)
    fields: list[DealField] = field(default_factory=list)
    organization: Organization | None = None
    other_deals: list[Deal] = field(default_factory=list)
    troubles: dict[Part, Trouble] = field(default_factory=dict)

    def knows(self, *parts: Part) -> bool:
        return not any(part in self.troubles for part in parts)

    @property
    def is_open(self) -> bool:
        return self.deal.status == "open" and not self.deal.is_archived and not self.deal.is_deleted

    @property
    def is_unlinked(self) -> bool:
        """Nobody, nothing and no plan: a deal that was only just written down."""
        return (
            self.deal.person_id is None
            and self.deal.org_id is None
            and self.knows(Part.ACTIVITIES)
            and not self.activities
        )

    @property
    def stage(self) -> Stage | None:
        return next((stage for stage in self.stages if stage.id == self.deal.stage_id), None)

    @property
    def pipeline(self) -> Pipeline | None:
        return next((each for each in self.pipelines if each.id == self.deal.pipeline_id), None)

    @property
    def contact(self) -> Person | None:
        return next((person for person in self.persons if person.id == self.deal.person_id), None)

    def with_deal(self, deal: Deal) -> "DealFacts":
        return replace(self, deal=deal)

    def with_activity(self, activity: Activity) -> "DealFacts":
        """As it is now: added, replaced, or gone when it is done, deleted or moved to another deal."""
        others = [each for each in self.activities if each.id != activity.id]
        is_open = not activity.done and not activity.is_deleted and activity.deal_id == self.deal.id
        return replace(self, activities=[*others, activity] if is_open else others)

    def with_person(self, person: Person) -> "DealFacts":
        others = [each for each in self.persons if each.id != person.id]
        return replace(self, persons=contact_first([*others, person], self.deal))

    def with_organization(self, organization: Organization) -> "DealFacts":
        return replace(self, organization=organization)


def contact_first(persons: Iterable[Person], deal: Deal) -> list[Person]:
    return sorted(persons, key=lambda person: person.id != deal.person_id)
