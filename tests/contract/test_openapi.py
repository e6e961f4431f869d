"""The judge itself, and how much of the files it patches."""

import copy
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.contract import openapi
from tests.contract.openapi_mend import apply
from tests.contract.openapi_patches import PATCHES, Patch

pytestmark = pytest.mark.skipif(not openapi.is_there(), reason=openapi.ABSENT)


def example(version: str, method: str, path: str, status: int = 200) -> Any:
    answers = openapi.operations(version)[method, path]["responses"]
    return copy.deepcopy(answers[str(status)]["content"]["application/json"]["example"])


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_every_published_example_passes(version: str) -> None:
    judged = 0
    for (method, path), row in openapi.operations(version).items():
        for status, answer in row["responses"].items():
            content = answer.get("content", {}).get("application/json", {})
            if "example" in content:
                judged += 1
                found = openapi.complaints(version, method, path, int(status), content["example"])
                assert not found, f"{method} {path} {status}: {found}"
    assert judged > 150


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "one"}, "$.data.id: 'one' is not of type 'integer'"),
        ({"title": None}, "$.data.title: None is not of type 'string'"),
        ({"expected_close_date": "1 May"}, "$.data.expected_close_date: '1 May' is not a 'date'"),
        ({"label_ids": "1"}, "$.data.label_ids: '1' is not of type 'array'"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(change: dict[str, Any], complaint: str) -> None:
    body = example("v2", "GET", "/deals/{id}")
    body["data"] |= change
    assert openapi.complaints("v2", "GET", "/deals/{id}", 200, body) == [complaint]


def test_a_status_that_is_not_documented_is_a_complaint() -> None:
    body = example("v2", "POST", "/products", 201)
    assert openapi.complaints("v2", "POST", "/products", 200, body) == [
        "status 200 is not documented, only 201"
    ]


def test_an_error_without_schema_must_be_an_envelope() -> None:
    ask = ("v2", "GET", "/deals/{id}", 404)
    assert openapi.complaints(*ask, {"success": False, "error": "Deal not found"}) == []
    assert openapi.complaints(*ask, {"success": False})
    assert openapi.complaints(*ask, {"success": True, "error": "Deal not found"})
    assert openapi.complaints(*ask, None)


def test_what_the_newer_client_says_is_null_may_be_null() -> None:
    body = example("v2", "GET", "/deals")
    body["data"][0] |= {"won_time": None, "person_id": None}
    body["additional_data"]["next_cursor"] = None
    assert openapi.complaints("v2", "GET", "/deals", 200, body) == []


def test_what_the_file_lacks_is_judged_too() -> None:
    body = example("v2", "GET", "/activities")
    body["data"][0]["outcome"] = "busy"
    found = openapi.complaints("v2", "GET", "/activities", 200, body)
    assert found == ["$.data[0].outcome: 'busy' is not of type 'integer', 'null'"]
    pages = {"success": True, "data": [], "additional_data": {"next_cursor": 7}}
    assert openapi.complaints("v2", "GET", "/deals/installments", 200, pages)


def single_rows() -> Iterator[Patch]:
    """Every key of every patch by itself."""
    for patch in PATCHES:
        bare = replace(patch, nullable=(), also={}, optional=(), instead={})
        yield from (replace(bare, nullable=(key,)) for key in patch.nullable)
        yield from (replace(bare, optional=(key,)) for key in patch.optional)
        yield from (replace(bare, also={trail: more}) for trail, more in patch.also.items())
        yield from (replace(bare, instead={trail: other}) for trail, other in patch.instead.items())


def test_each_patch_is_needed_somewhere() -> None:
    """A row that changes nothing is out of date, or misspelt."""
    for row in single_rows():
        changed = 0
        for (method, path), operation in openapi.operations(row.version).items():
            if row.fits(row.version, path):
                for status, answer in operation["responses"].items():
                    plain = openapi.published(row.version, method, path, int(status))
                    changed += plain is not None and apply(row, plain) != plain
                    shown = answer.get("content", {}).get("application/json", {}).get("example")
                    changed += any(_has(shown, key.split(".")) for key in row.optional)
        assert changed, row
        assert row.reason


def _has(value: Any, trail: list[str]) -> bool:
    while isinstance(value, list) and value:
        value = value[0]
    if not trail:
        return True
    return isinstance(value, dict) and trail[0] in value and _has(value[trail[0]], trail[1:])


def test_keys_of_the_documented_example_are_missed() -> None:
    body = example("v2", "GET", "/deals")
    ask = ("v2", "GET", "/deals", 200)
    assert openapi.absent_keys(*ask, body) == []
    del body["data"][0]["arr"], body["additional_data"]
    assert openapi.absent_keys(*ask, body) == ["data.arr", "additional_data"]


def test_operations_that_left_the_file_are_still_judged() -> None:
    assert ("GET", "/persons/{id}/deals") in openapi.operations("v1")
    assert openapi.template_of("v1", "GET", "/persons/7/deals") == "/persons/{id}/deals"
    assert openapi.template_of("v2", "GET", "/deals/archived") == "/deals/archived"
    assert openapi.template_of("v2", "GET", "/nothing") is None
