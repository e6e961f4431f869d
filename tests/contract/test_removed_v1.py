"""The v1 operations that Pipedrive has dropped from its file."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract import openapi
from tests.contract.removed_v1 import STEPS, Scenario
from tests.emulator.client import MARTA
from tests.emulator.direct import Direct, direct
from tests.emulator.process import running_emulator

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


@pytest.fixture(scope="module")
def marta() -> Iterator[Direct]:
    with running_emulator("--set", "removed_v1=served", "--set", "burst_limit=1000000") as emulator:
        yield direct(emulator, MARTA)


def test_each_of_them_answers_in_the_form_that_it_had(marta: Direct) -> None:
    def send(method: str, path: str, values: dict[str, Any]) -> tuple[int, Any]:
        options = {"json": values} if method in ("POST", "PUT") else {"params": values}
        reply = marta.request(method, f"/api/v1{path}", **options)
        return reply.status_code, reply.json()

    wrong = {}
    for taken in Scenario(send).run():
        template = openapi.template_of("v1", taken.method, taken.path)
        assert template is not None, taken.path
        answers = openapi.operations("v1")[taken.method, template]["responses"]
        documented = {int(code) for code in answers if code.startswith("2")}
        name = f"{taken.method} {taken.path}"
        if taken.status not in documented:
            wrong[name] = [f"{taken.status}: {taken.body}"]
        elif lines := openapi.complaints("v1", taken.method, template, taken.status, taken.body):
            wrong[name] = lines
    assert wrong == {}
