"""Schemathesis sends the API whatever the published files allow, and what they forbid: never a 5xx."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipedrive_emulator.api import catalogue
from tests.contract import openapi
from tests.contract.known_records import KnownRecords
from tests.contract.official.suite import rows, running_client
from tests.emulator.client import MARTA, Client

SEED = "20261123"
# How many random cases an operation gets, besides some seventy that bend one value each.
CASES = {"v1": "3", "v2": "10"}
OPTIONS = (
    *("--checks", "not_a_server_error"),
    *("--phases", "examples,coverage,fuzzing"),
    *("--seed", SEED, "--generation-database", "none", "--no-shrink"),
    *("--generation-with-security-parameters", "false"),
    *("--suppress-health-check", "all", "--continue-on-failure", "--warnings", "off", "--no-color"),
)


@pytest.fixture
def client() -> Iterator[Client]:
    """A world of its own: what is fuzzed is also deleted."""
    with running_client() as client:
        yield client


def fuzz(client: Client, version: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    spec = folder / f"{version}.json"
    spec.write_text(json.dumps(KnownRecords(client.emulator.control("world")).spec(version)))
    command = [sys.executable, "-m", "schemathesis.cli", "run", str(spec), *OPTIONS]
    command += ["--max-examples", CASES[version], "--url", f"{client.emulator.url}/api/{version}"]
    command += ["--header", f"Authorization: Bearer {client.grant(MARTA)['access_token']}"]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, timeout=140, check=False)


@pytest.mark.timeout(150)
@pytest.mark.skipif(not openapi.is_there(), reason=openapi.ABSENT)
@pytest.mark.parametrize("version", ["v1", "v2"])
def test_no_request_ends_in_a_server_error(client: Client, tmp_path: Path, version: str) -> None:
    done = fuzz(client, version, tmp_path)
    calls = {
        (call["method"], openapi.template_of(version, call["method"], call["path"][7:]), call["status"])
        for call in client.emulator.ledger("api_call")
    }
    unserved = {(row.method, row.path) for row in rows(version) if catalogue.handler(row) is None}
    broken = set(re.findall(r"^\[(5\d\d)\]", done.stdout, re.MULTILINE))
    assert broken <= ({"501"} if unserved else set()), done.stdout
    assert unserved or done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    published = json.loads((tmp_path / f"{version}.json").read_text())["paths"]
    documented = {(method.upper(), path) for path, rows in published.items() for method in rows}
    assert documented <= {call[:2] for call in calls}
    answered = {call[:2] for call in calls if call[2] < 300}
    unanswered = documented - unserved - answered
    # Parts of a record (a discount of that deal, an option of that field) are seldom met by chance.
    assert len(unanswered) < 0.25 * len(documented - unserved), sorted(unanswered)
