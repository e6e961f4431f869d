"""The table of facts against the OpenAPI files from which it was made."""

import json
from pathlib import Path

import pytest
import yaml

from pipedrive_emulator.api import catalogue, operations
from pipedrive_emulator.api.derive_facts import FACTS, removed_text, text

SPECS = Path(__file__).parents[3] / "shared" / "pipedrive" / "openapi"


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_facts_are_those_of_the_openapi_file(version: str) -> None:
    spec = SPECS / f"{version}.yaml"
    if not spec.exists():
        pytest.skip(f"{spec.name}: the OpenAPI files are not beside this checkout")
    assert (
        text(yaml.load(spec.read_text("utf-8"), yaml.CSafeLoader)) == (FACTS / f"{version}.jsonl").read_text()
    )


def test_every_row_can_be_matched_by_its_own_path() -> None:
    table = operations.load()
    for version, prefix in (("v1", "/v1"), ("v1", "/api/v1"), ("v2", "/api/v2")):
        for line in (FACTS / f"{version}.jsonl").read_text().splitlines():
            row = json.loads(line)
            match = table.match(row["method"], prefix + row["path"])
            assert match is not None
            assert (match.operation.path, match.operation.cost) == (row["path"], row["cost"])


def test_literal_segments_win_over_variables() -> None:
    table = operations.load()
    archived = table.match("GET", "/api/v2/deals/archived")
    assert archived is not None
    assert archived.operation.path == "/deals/archived"
    one = table.match("GET", "/api/v2/deals/7")
    assert one is not None
    assert one.variables == {"id": "7"}


def test_every_documented_operation_is_served() -> None:
    published = [row for row in operations.load().rows if not row.is_removed]
    assert len(published) == 210 + 158
    assert [row.name for row in published if catalogue.handler(row) is None] == []


def test_the_removed_facts_are_those_of_the_older_file() -> None:
    older, newer = SPECS / "v1-2026-01-14.yaml", SPECS / "v1.yaml"
    if not older.exists():
        pytest.skip(f"{older.name}: the OpenAPI files are not beside this checkout")
    specs = [yaml.load(file.read_text("utf-8"), yaml.CSafeLoader) for file in (older, newer)]
    assert removed_text(*specs) == (FACTS / "v1-removed.jsonl").read_text()
