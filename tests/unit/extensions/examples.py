"""A deal in good order, and what it is made of; tests change what they are about.

It is Monday, 23 November 2026, 08:00 UTC: 15:00 in Hanoi, 03:00 in New York.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from marketplace_app.extensions.facts import DealFacts
from marketplace_app.extensions.picture import picture
from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.extensions.view import DealView
from marketplace_app.kit import Words
from marketplace_app.pipedrive.resources.activities import Activity
from marketplace_app.pipedrive.resources.deal_fields import DealField, StageRule
from marketplace_app.pipedrive.resources.deals import Deal
from marketplace_app.pipedrive.resources.organizations import Organization
from marketplace_app.pipedrive.resources.persons import ContactPoint, Person
from marketplace_app.pipedrive.resources.stages import Pipeline, Stage

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)
DAY = timedelta(days=1)
HANOI = "Asia/Ho_Chi_Minh"
NEW_YORK = "America/New_York"
BERLIN = "Europe/Berlin"

QUALIFIED = Stage(id=1, name="Qualified", pipeline_id=1, order_nr=1)
PROPOSAL = Stage(id=2, name="Proposal", pipeline_id=1, order_nr=2)
NEGOTIATION = Stage(id=3, name="Negotiation", pipeline_id=1, order_nr=3)
ELSEWHERE = Stage(id=4, name="Onboarding", pipeline_id=2, order_nr=1)


def deal(**values: Any) -> Deal:
    usual: dict[str, Any] = {
        "id": 12,
        "title": "Saigon Foods rollout",
        "owner_id": 1,
        "pipeline_id": 1,
        "stage_id": PROPOSAL.id,
        "status": "open",
        "currency": "EUR",
        "value": 18400,
        "person_id": 5,
        "org_id": 9,
        "add_time": NOW - 40 * DAY,
        "update_time": NOW - 3 * DAY,
        "stage_change_time": NOW - 12 * DAY,
        "expected_close_date": TODAY + 18 * DAY,
        "participants_count": 2,
    }
    return Deal(**usual | values)


def activity(**values: Any) -> Activity:
    usual: dict[str, Any] = {
        "id": 77,
        "subject": "Call Lan about pricing",
        "type": "call",
        "deal_id": 12,
        "due_date": TODAY + DAY,
        "update_time": NOW - DAY,
    }
    return Activity(**usual | values)


def person(**values: Any) -> Person:
    usual: dict[str, Any] = {
        "id": 5,
        "name": "Lan Trần",
        "emails": [ContactPoint("lan@saigonfoods.example", primary=True)],
        "phones": [ContactPoint("+84 28 3822 1234", primary=True)],
    }
    return Person(**usual | values)


def field(name: str, *, required: list[int] | None = None, important: list[int] | None = None) -> DealField:
    """A text field of the company's own, with its name as its code."""
    return DealField(
        field_code=name,
        field_name=name,
        field_type="varchar",
        is_custom_field=True,
        required_fields=StageRule(enabled=required is not None, stage_ids=required or []),
        important_fields=StageRule(enabled=important is not None, stage_ids=important or []),
    )


def facts(**values: Any) -> DealFacts:
    usual: dict[str, Any] = {
        "deal": deal(),
        "activities": [activity()],
        "persons": [person(), person(id=6, name="Minh Đỗ")],
        "stages": [QUALIFIED, PROPOSAL, NEGOTIATION, ELSEWHERE],
        "pipelines": [Pipeline(id=1, name="Sales"), Pipeline(id=2, name="Onboarding")],
        "organization": Organization(id=9, name="Saigon Foods"),
    }
    return DealFacts(**usual | values)


def stand(language: str = "en", zone: str = HANOI, *, now: datetime = NOW) -> Standpoint:
    words = Words.of(language, {"en": "en-US", "vi": "vi-VN"}[language], zone)
    return Standpoint(words, now, "https://acme.pipedrive.com")


def drawn(known: DealFacts, language: str = "en", zone: str = HANOI) -> DealView:
    return picture(known, stand(language, zone))
