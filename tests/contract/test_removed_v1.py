"""The v1 operations that Pipedrive has dropped from its file."""

import re

import pytest

from tests.contract import openapi
from tests.contract.removed_v1 import STEPS

pytestmark = pytest.mark.skipif(not openapi.is_there(), reason=openapi.ABSENT)


def removed() -> set[tuple[str, str]]:
    published = {
        (method.upper(), path) for path, rows in openapi.document("v1")["paths"].items() for method in rows
    }
    return openapi.operations("v1").keys() - published


def test_the_scenario_touches_each_of_them() -> None:
    touched = {
        (step[0], openapi.template_of("v1", step[0], re.sub(r"{[^}]*}", "1", step[1]))) for step in STEPS
    }
    assert len(removed()) == 62
    assert touched - removed() == {("POST", "/activityTypes")}
    assert removed() <= touched
