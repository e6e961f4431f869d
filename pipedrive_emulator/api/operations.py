"""The table of everything that Pipedrive's API offers, read from facts/, and the way from a path to a row."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

_FACTS = Path(__file__).parent / "facts"
VERSIONS = ("v1", "v2")
PREFIXES = {"/api/v2": "v2", "/api/v1": "v1", "/v1": "v1"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One row; ``cost`` in API tokens, any one of ``scopes`` suffices, types as derive_facts writes them.

    ``is_removed``: it has left the published file, and answers by switch.
    """

    version: str
    method: str
    path: str
    cost: int
    scopes: frozenset[str]
    ok: int
    query: Mapping[str, str]
    body: Mapping[str, Any]
    required: frozenset[str]
    deprecated: bool = False
    is_removed: bool = False

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))

    @property
    def name(self) -> str:
        """As tables of handlers spell it: ``GET v2/deals/{id}``."""
        return f"{self.method} {self.version}{self.path}"


@dataclass(frozen=True, slots=True)
class Match:
    operation: Operation
    variables: Mapping[str, str]


class Operations:
    def __init__(self, rows: tuple[Operation, ...]) -> None:
        self.rows = rows
        self._by_start: defaultdict[tuple[str, str, int], list[tuple[tuple[str, ...], Operation]]]
        self._by_start = defaultdict(list)
        for row in sorted(rows, key=lambda row: row.path.count("{")):
            self._by_start[row.version, row.segments[0], len(row.segments)].append((row.segments, row))

    def match(self, method: str, path: str) -> Match | None:
        """The row for a request; literal segments win over variables."""
        return next((match for match in self._matches(path) if match.operation.method == method), None)

    def knows(self, path: str) -> bool:
        return bool(self._matches(path))

    def _matches(self, path: str) -> list[Match]:
        version, segments = _split(path)
        rows = self._by_start.get((version, segments[0], len(segments)), []) if segments else []
        found = [(row, _variables(pattern, segments)) for pattern, row in rows]
        return [Match(row, variables) for row, variables in found if variables is not None]


def load() -> Operations:
    published = [_row(version, line) for version in VERSIONS for line in _lines(version)]
    removed = [replace(_row("v1", line), is_removed=True) for line in _lines("v1-removed")]
    return Operations((*published, *removed))


def _lines(version: str) -> list[str]:
    return (_FACTS / f"{version}.jsonl").read_text(encoding="utf-8").splitlines()


def _row(version: str, line: str) -> Operation:
    facts = json.loads(line)
    sets = {name: frozenset(facts[name]) for name in ("scopes", "required")}
    return Operation(version=version, **facts | sets)


def _split(path: str) -> tuple[str, tuple[str, ...]]:
    for prefix, version in PREFIXES.items():
        if path.startswith(prefix + "/"):
            return version, tuple(path[len(prefix) :].strip("/").split("/"))
    return "", ()


def _variables(pattern: tuple[str, ...], segments: tuple[str, ...]) -> dict[str, str] | None:
    variables = {}
    for expected, actual in zip(pattern, segments, strict=True):
        if expected.startswith("{"):
            variables[expected.strip("{}")] = actual
        elif expected != actual:
            return None
    return variables
