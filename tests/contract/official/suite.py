"""Run the official client through every method, and judge each answer by type, status and OpenAPI.

By hand: ``python -m tests.contract.official.suite [part of a method's name]`` prints what is wrong.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipedrive_emulator.api import catalogue, operations
from tests.contract import openapi
from tests.contract.official.defects import is_defect
from tests.emulator.app_behind import CLIENT_ID, MANIFEST, SECRETS, running_app
from tests.emulator.client import ACME, JACK, LINH, MARTA, Client
from tests.emulator.process import running_emulator

SCRIPT = Path(__file__).with_name("run.cjs")
TABLE = operations.load()


def rows(version: str) -> list[operations.Operation]:
    """Every operation of the table of facts."""
    return [operations._row(version, line) for line in operations._lines(version)]


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the client: ``method`` like ``v2 DealsApi.addDeal``; ``failure`` when nothing was sent."""

    method: str
    problems: list[dict[str, Any]]
    failure: str = ""
    verb: str = ""
    url: str = ""
    status: int = 0
    body: Any = None

    @property
    def operation(self) -> operations.Operation | None:
        match = TABLE.match(self.verb, urlsplit(self.url).path)
        return match.operation if match else None

    @property
    def is_served(self) -> bool:
        return self.operation is not None and catalogue.handler(self.operation) is not None

    def known_keys(self) -> set[str]:
        """What the table of facts lets a caller send; the client spells dots and dashes as underscores."""
        operation = self.operation
        if operation is None:
            return set()
        variables = [part.strip("{}") for part in operation.segments if part.startswith("{")]
        names = {*operation.query, *operation.body, *variables}
        return names | {name.replace(".", "_").replace("-", "_") for name in names}

    def complaints(self) -> list[str]:
        """All that is wrong with it; empty when it is what Pipedrive would have answered."""
        operation = self.operation
        if self.failure or operation is None:
            return [self.failure or f"{self.verb} {self.url} is not documented"]
        if self.status != operation.ok:
            return [f"{self.status}, not {operation.ok}: {json.dumps(self.body, ensure_ascii=False)[:300]}"]
        return [*self._type_complaints(operation), *self._openapi_complaints(operation)]

    def _type_complaints(self, operation: operations.Operation) -> Iterator[str]:
        for problem in self.problems:
            trail = tuple(name for name in problem["at"] if isinstance(name, str))
            is_null = problem.get("isNull", False) and self._may_be_null(operation, trail)
            if not is_null and not is_defect(self.method, ".".join(trail)):
                yield f"type of {'.'.join(map(str, problem['at']))}: {problem['problem']}"

    def _may_be_null(self, operation: operations.Operation, trail: tuple[str, ...]) -> bool:
        """The client's generator drops most of the ``nullable`` of its own source: that one is asked."""
        asked = (operation.version, operation.method, operation.path, self.status)
        return not openapi.is_there() or openapi.allows_null(*asked, trail)

    def _openapi_complaints(self, operation: operations.Operation) -> list[str]:
        if not openapi.is_there():
            return []
        asked = (operation.version, operation.method, operation.path, self.status)
        absent = openapi.absent_keys(*asked, self.body)
        return [f"openapi {line}" for line in openapi.complaints(*asked, self.body)] + [
            f"the documented example has {key}" for key in absent
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """``keys`` are what each method can send, by its types."""

    keys: dict[str, list[str]]
    calls: list[Call]
    oauth2: dict[str, Any]

    def complaints(self) -> dict[str, list[str]]:
        """By method, those of all its calls; a method that was never called has one too."""
        found: dict[str, list[str]] = {method: [] for method in self.keys}
        for call in self.calls:
            found.setdefault(call.method, []).extend(call.complaints())
            if call.operation is not None:
                unknown = set(self.keys[call.method]) - call.known_keys()
                found[call.method] += [f"may send {key}, which is no fact" for key in sorted(unknown)]
        for method in self.keys.keys() - {call.method for call in self.calls}:
            found[method].append("no scenario calls it")
        return {method: lines for method, lines in found.items() if lines}

    def unserved(self) -> set[str]:
        """Methods that cannot be judged while the emulator lacks operations: theirs, or one before them."""
        lacking = {call.method for call in self.calls if call.operation and not call.is_served}
        waiting = {call.method for call in self.calls if call.failure.endswith("is missing")}
        return lacking | waiting if lacking else set()


@contextmanager
def running_client() -> Iterator[Client]:
    """An emulator of its own without limits of speed, and an app that asks for every scope there is."""
    asked = [row.scopes for version in operations.VERSIONS for row in rows(version)]
    scopes = sorted({"base"}.union(*asked))
    manifest = {**MANIFEST, "scopes": [{"name": name, "reason": "All of it."} for name in scopes]}
    with running_emulator() as emulator, running_app() as app:
        emulator.control("apps", app.registration(manifest=manifest))
        emulator.turn(burst_limit="1000000", search_limit="1000000", daily_budget="1000000000")
        yield Client(emulator, app)


def call_everything(client: Client) -> Outcome:
    """Raises AssertionError when the script itself breaks down."""
    order = {
        "host": client.emulator.url,
        "clientId": CLIENT_ID,
        "clientSecret": SECRETS[0],
        "redirectUri": client.app.callback,
        "code": client.code(MARTA),
        "kept": {
            "linh": LINH,
            "jack": JACK,
            "company": ACME,
            "app": {"id": CLIENT_ID, "hooks": f"{client.app.url}/hooks"},
            "dates": _dates(client.emulator.control("clock")["now"]),
        },
    }
    command = ["node", str(SCRIPT), json.dumps(order)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    return Outcome(seen["keys"], [Call(**call) for call in seen["calls"]], seen["oauth2"])


def _dates(now: float) -> dict[str, str]:
    moment = datetime.fromtimestamp(now, UTC)
    return {
        "today": f"{moment:%Y-%m-%d}",
        "lastMonth": f"{moment - timedelta(days=30):%Y-%m-%d}",
        "nextMonth": f"{moment + timedelta(days=30):%Y-%m-%d}",
        "since": f"{moment - timedelta(days=1):%Y-%m-%d %H:%M:%S}",
        "callStart": f"{moment - timedelta(minutes=9):%Y-%m-%dT%H:%M:%SZ}",
        "callEnd": f"{moment - timedelta(minutes=4):%Y-%m-%dT%H:%M:%SZ}",
    }


def main(part: str = "") -> None:
    with running_client() as client:
        outcome = call_everything(client)
    complaints = outcome.complaints()
    for method, lines in complaints.items():
        if part in method:
            sys.stdout.write("\n  ".join([method, *lines[:12]]) + "\n")
    sys.stdout.write(f"{len(outcome.keys) - len(complaints)} of {len(outcome.keys)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
