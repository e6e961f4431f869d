import pytest

from marketplace_app.pipedrive.resources.organizations import Organization
from marketplace_app.pipedrive.resources.stages import Pipeline
from tests.unit.extensions.examples import (
    NEGOTIATION,
    PROPOSAL,
    QUALIFIED,
    activity,
    deal,
    person,
)
from tests.unit.extensions.fake_pipedrive import FakePipedrive, World


@pytest.fixture
def world() -> World:
    """Deal 12 in good order, another open deal, and an activity of that other deal."""
    return World(
        FakePipedrive(
            {
                "deals": [deal(notes_count=5), deal(id=13, title="Another", person_id=8)],
                "activities": [activity(), activity(id=78, deal_id=13)],
                "persons": [person(), person(id=6, name="Minh Đỗ")],
                "organizations": [Organization(id=9, name="Saigon Foods")],
                "stages": [QUALIFIED, PROPOSAL, NEGOTIATION],
                "pipelines": [Pipeline(id=1, name="Sales")],
                "dealFields": [],
            }
        )
    )
