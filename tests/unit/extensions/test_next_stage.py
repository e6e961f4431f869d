from typing import Any

import msgspec
import pytest

from marketplace_app.extensions.next_stage import Slot, following_stage, is_filled, missing_required, slots
from marketplace_app.pipedrive.resources.deal_fields import DealField, StageRule
from tests.unit.extensions.examples import ELSEWHERE, NEGOTIATION, PROPOSAL, QUALIFIED, deal, field

STAGES = [NEGOTIATION, ELSEWHERE, PROPOSAL, QUALIFIED]


def test_the_next_one_in_order_of_the_same_pipeline_follows() -> None:
    assert following_stage(deal(stage_id=1), STAGES) == PROPOSAL
    assert following_stage(deal(stage_id=2), STAGES) == NEGOTIATION


def test_nothing_follows_the_last_stage_or_one_that_is_unknown() -> None:
    assert following_stage(deal(stage_id=3), STAGES) is None
    assert following_stage(deal(stage_id=99), STAGES) is None


def test_a_deleted_stage_is_passed_over() -> None:
    gone = msgspec.structs.replace(PROPOSAL, is_deleted=True)
    assert following_stage(deal(stage_id=1), [QUALIFIED, gone, NEGOTIATION]) == NEGOTIATION


def test_required_fields_come_before_important_ones() -> None:
    fields = [field("Rival", important=[3]), field("Budget", required=[3]), field("Other", required=[2])]
    found = slots(deal(custom_fields={"Rival": "none"}), fields, 3)
    assert found == [
        Slot("Budget", is_required=True, is_filled=False),
        Slot("Rival", is_required=False, is_filled=True),
    ]
    assert missing_required(deal(), fields, 3) == ["Budget"]


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("a", True),
        (0, True),
        (False, True),
        ([3], True),
        ({"value": 200, "currency": "EUR"}, True),
        (None, False),
        ("", False),
        ([], False),
        ({"value": None, "currency": None}, False),
        ({}, False),
    ],
)
def test_what_counts_as_filled_in_a_field_of_the_companys_own(value: Any, filled: bool) -> None:
    assert is_filled(deal(custom_fields={"x": value}), field("x")) is filled


@pytest.mark.parametrize(
    ("code", "values", "filled"),
    [
        ("value", {"value": 0}, False),
        ("value", {"value": 1}, True),
        ("expected_close_date", {"expected_close_date": None}, False),
        ("label_ids", {"label_ids": []}, False),
        ("label_ids", {"label_ids": [1]}, True),
        ("probability", {"probability": 0}, True),
        ("channel", {}, True),  # not read here, so nothing is claimed about it
    ],
)
def test_what_counts_as_filled_in_a_field_of_pipedrives(
    code: str, values: dict[str, Any], filled: bool
) -> None:
    standard = DealField(field_code=code, field_name=code, field_type="varchar")
    assert is_filled(deal(**values), standard) is filled


@pytest.mark.parametrize(
    ("rule", "covers"),
    [
        (StageRule(), False),
        (StageRule(enabled=True), True),
        (StageRule(enabled=True, stage_ids=[2]), True),
        (StageRule(enabled=True, stage_ids=[3]), False),
        (StageRule(enabled=False, stage_ids=[2]), False),
        (StageRule(enabled=True, statuses={"2": ["won"]}), False),
    ],
)
def test_which_stages_a_rule_covers(rule: StageRule, covers: bool) -> None:
    assert rule.covers(2) is covers
