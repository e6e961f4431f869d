"""Pipedrive's own npm client finds an answer of the promised type behind every method that it has."""

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract import openapi
from tests.contract.official.defects import EXCEPTIONS, TYPE_DEFECTS
from tests.contract.official.suite import Outcome, call_everything, running_client
from tests.emulator.client import BASIC, MARTA, Client, sent_back

SHAPES = Path(__file__).with_name("shapes.cjs")


@pytest.fixture(scope="module")
def running() -> Iterator[Client]:
    with running_client() as client:
        yield client


@pytest.fixture(scope="module")
def outcome(running: Client) -> Outcome:
    return call_everything(running)


def test_every_method_answers_what_its_type_promises(
    outcome: Outcome, record_property: Callable[[str, object], None]
) -> None:
    complaints = outcome.complaints()
    answered = len(outcome.keys) - len(complaints)
    record_property("measure", f"official client: {answered} of {len(outcome.keys)} methods answered")
    for method, reason in EXCEPTIONS.items():
        record_property("measure", f"  not {method}: {reason}")
    expected = EXCEPTIONS.keys() | outcome.unserved()
    unexpected = {method: lines for method, lines in complaints.items() if method not in expected}
    assert not unexpected, json.dumps(unexpected, indent=1, ensure_ascii=False)
    assert EXCEPTIONS.keys() <= complaints.keys()


def test_these_are_all_the_methods_there_are(outcome: Outcome) -> None:
    assert Counter(method.partition(" ")[0] for method in outcome.keys) == {"v1": 210, "v2": 158}
    assert {call.method for call in outcome.calls} == outcome.keys.keys()


def test_no_two_methods_are_one_operation(outcome: Outcome) -> None:
    by_operation: dict[tuple[str, str, str], set[str]] = {}
    for call in outcome.calls:
        if row := call.operation:
            by_operation.setdefault((row.version, row.method, row.path), set()).add(call.method)
    assert not {row: methods for row, methods in by_operation.items() if len(methods) > 1}


def test_oauth2_configuration_renews_and_revokes(outcome: Outcome) -> None:
    assert outcome.oauth2 == {"isNew": True, "status": 200, "afterRevoke": 401}


def test_a_defect_of_a_type_is_listed_only_while_it_matters(outcome: Outcome) -> None:
    unserved = outcome.unserved()
    for defect in TYPE_DEFECTS:
        if any(defect.fits(method, "") for method in unserved):
            continue
        problems = [
            problem
            for call in outcome.calls
            for problem in call.problems
            if defect.fits(call.method, ".".join(name for name in problem["at"] if isinstance(name, str)))
        ]
        assert problems, defect


def test_the_three_operations_that_the_client_lacks_answer_over_plain_http(running: Client) -> None:
    asked = running.emulator.http.get(
        "/oauth/authorize", params=running.wish(), headers=running.browser_headers(MARTA)
    )
    code = sent_back(running.decide(MARTA))["code"]
    fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": running.app.callback}
    first = running.emulator.http.post("/oauth/token", data=fields, auth=BASIC)
    fields = {"grant_type": "refresh_token", "refresh_token": first.json()["refresh_token"]}
    second = running.emulator.http.post("/oauth/token/", data=fields, auth=BASIC)
    assert asked.status_code == 302  # to the consent page, which is the documented HTML
    for path, reply in (("/oauth/token", first), ("/oauth/token/", second)):
        assert reply.status_code == 200, reply.text
        told = ("v1", "POST", path, 200, reply.json())
        assert openapi.is_there() is False or openapi.complaints(*told) == []
        assert openapi.is_there() is False or openapi.absent_keys(*told) == []


JUDGED: list[tuple[str, dict[str, Any], str | None]] = [
    ("v2 DealsApi.getDeal", {"success": True, "data": {"id": 1, "won_time": None}}, None),
    ("v2 DealsApi.getDeal", {"success": True, "data": {"id": "1"}}, "data.id"),
    ("v2 DealsApi.getDeal", {"success": True, "data": {"title": None}}, "data.title"),
    ("v2 DealsApi.getDeal", {"success": True, "data": []}, "data"),
    ("v2 DealsApi.getDeals", {"success": True, "data": {}}, "data"),
    ("v2 DealsApi.getDeals", {"success": True, "data": [{"label_ids": [1, "2"]}]}, "data.0.label_ids.1"),
    ("v1 UsersApi.getUsers", {"success": "yes", "data": []}, "success"),
    ("v1 LeadsApi.getLead", {"success": True, "data": {}}, "data.cc_email"),
    ("v1 LeadsApi.getLead", {"success": True, "data": {"origin": 1}}, "data.origin"),
    ("v1 LeadsApi.getLead", {"success": True, "data": {"visible_to": "2"}}, "data.visible_to"),
    ("v1 LeadsApi.getLead", {"success": True, "data": {"value": {"amount": 1}}}, "data.value.currency"),
]


def test_the_judge_of_types_sees_what_is_wrong() -> None:
    script = (
        f"const {{ Shapes }} = require({json.dumps(str(SHAPES))});"
        "const shapes = new Shapes();"
        f"const found = {json.dumps(JUDGED)}.map(([name, value]) => shapes.answerProblems(name, value));"
        "const trails = found.map((problems) => problems.map(({ at }) => at.join('.')));"
        "process.stdout.write(JSON.stringify(trails));"
    )
    printed = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True).stdout
    for (method, answer, trail), found in zip(JUDGED, json.loads(printed), strict=True):
        assert trail in found if trail else found == [], f"{method} {answer}: {found}"
