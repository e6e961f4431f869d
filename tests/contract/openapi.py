"""Pipedrive's published OpenAPI files as a judge of answers.

From the command line, against a running emulator:
``python -m tests.contract.openapi URL API_TOKEN METHOD /api/v2/path ['{"json": "body"}']``.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from tests.contract.openapi_mend import is_optional, or_null, patched

FOLDER = Path(__file__).parents[3] / "shared" / "pipedrive" / "openapi"
# An operation that has left the published file is looked up in the last file that had it.
FILES = {"v1": ("v1.yaml", "v1-2026-01-14.yaml"), "v2": ("v2.yaml",)}
ABSENT = f"{FOLDER.parent.name}/{FOLDER.name}: Pipedrive's OpenAPI files are not beside this checkout"
_SCHEMAS_INSIDE = ("items", "allOf", "anyOf", "oneOf", "additionalProperties")
_FORMATS = {
    "date": r"\d{4}-\d\d-\d\d",
    "uuid": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    # v1 writes most of its times with a space and no zone, and calls them date-time.
    "date-time": r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d|T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))",
}


class _PlainLoader(yaml.CSafeLoader):
    """Safe, and dates in examples stay text."""


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def is_there() -> bool:
    return FOLDER.is_dir()


def document(version: str) -> dict[str, Any]:
    """The newest published file, as a value of your own."""
    return _read(FILES[version][0])


def _read(name: str) -> dict[str, Any]:
    text = (FOLDER / name).read_text("utf-8")
    spec: dict[str, Any] = yaml.load(text, _PlainLoader)  # noqa: S506 - it is safe
    return spec


@cache
def operations(version: str) -> Mapping[tuple[str, str], Mapping[str, Any]]:
    """Every documented operation by METHOD and path template."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for name in reversed(FILES[version]):
        paths = _read(name)["paths"]
        found |= {(method.upper(), path): row for path, rows in paths.items() for method, row in rows.items()}
    return found


def template_of(version: str, method: str, path: str) -> str | None:
    """The path template of a request, literal segments first; ``path`` without prefix and query."""
    fitting = [
        template
        for known, template in operations(version)
        if known == method and re.fullmatch(re.sub(r"{[^}]+}", "[^/]+", template), path)
    ]
    return min(fitting, key=lambda template: template.count("{"), default=None)


def published(version: str, method: str, template: str, status: int) -> Any:
    """JSON Schema of an answer as the file has it; None where it documents no JSON for this status."""
    answers = operations(version)[method, template]["responses"]
    schema = answers.get(str(status), {}).get("content", {}).get("application/json", {}).get("schema")
    return None if schema is None else _as_json_schema(schema)


@cache
def schema_of(version: str, method: str, template: str, status: int) -> Any:
    """The same, mended where the file is wrong."""
    schema = published(version, method, template, status)
    return None if schema is None else patched(schema, version, template)


def complaints(version: str, method: str, path_template: str, status: int, body: Any) -> list[str]:
    """What the published file has against this answer; empty when nothing.

    Errors (4xx, 5xx) without a documented schema must be one of Pipedrive's envelopes.
    """
    answers = operations(version)[method, path_template]["responses"]
    if status < 400 and str(status) not in answers:
        return [f"status {status} is not documented, only {', '.join(sorted(answers))}"]
    schema = schema_of(version, method, path_template, status)
    if schema is None:
        return [] if status < 400 else _envelope_complaints(body)
    errors = Draft202012Validator(schema, format_checker=_checker()).iter_errors(body)
    return sorted(f"{error.json_path}: {error.message[:160]}" for error in errors)


def allows_null(version: str, method: str, path_template: str, status: int, trail: tuple[str, ...]) -> bool:
    """Whether the file says that the value at a trail of property names, lists left out, may be null."""
    schema = schema_of(version, method, path_template, status)
    found = [] if schema is None else list(_at(schema, trail))
    return any(Draft202012Validator(part).is_valid(None) for part in found)


def _at(schema: Any, trail: tuple[str, ...]) -> Iterator[Any]:
    if not trail:
        yield schema
        return
    parts = [part for name in ("allOf", "anyOf", "oneOf") for part in schema.get(name, [])]
    for part in [*parts, *([schema["items"]] if "items" in schema else [])]:
        yield from _at(part, trail)
    if trail[0] in schema.get("properties", {}):
        yield from _at(schema["properties"][trail[0]], trail[1:])


def absent_keys(version: str, method: str, path_template: str, status: int, body: Any) -> list[str]:
    """Keys of the file's own example that this answer lacks, looking at the first record of lists.

    Hardly any schema says what is required, so that an empty object would pass for anything.
    """
    answer = operations(version)[method, path_template]["responses"].get(str(status), {})
    example = answer.get("content", {}).get("application/json", {}).get("example")
    absent = [".".join(trail) for trail in _absent(example, body, ())]
    return [trail for trail in absent if not is_optional(version, path_template, trail)]


def _envelope_complaints(body: Any) -> list[str]:
    if not isinstance(body, dict) or body.get("success") is not False:
        return ["$: an error has success false"]
    said = [body.get(name) for name in ("error", "message", "errors")]
    return [] if any(said) else ["$: an error says what is wrong in error, message or errors"]


def _as_json_schema(schema: Any) -> Any:
    """OAS 3.0 to JSON Schema: ``nullable`` becomes a type."""
    if isinstance(schema, list):
        return [_as_json_schema(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: part for name, part in schema.items() if name not in ("nullable", "example", "description")}
    kept |= {name: _as_json_schema(kept[name]) for name in _SCHEMAS_INSIDE if name in kept}
    if "properties" in kept:
        kept["properties"] = {name: _as_json_schema(part) for name, part in kept["properties"].items()}
    return or_null(kept) if schema.get("nullable") else kept


@cache
def _checker() -> FormatChecker:
    checker = FormatChecker(formats=())
    for name, pattern in _FORMATS.items():
        checker.checks(name)(
            lambda value, p=pattern: not isinstance(value, str) or bool(re.fullmatch(p, value))
        )
    return checker


def _absent(example: Any, body: Any, trail: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(example, list) and isinstance(body, list) and example and body:
        yield from _absent(example[0], body[0], trail)
    if isinstance(example, dict) and isinstance(body, dict):
        for name in example:
            if re.fullmatch(r"[0-9a-f]{40}.*|\d+", name):  # a custom field, or a record's number
                continue
            if name in body:
                yield from _absent(example[name], body[name], (*trail, name))
            else:
                yield (*trail, name)


def report(url: str, token: str, method: str, path: str, body: str | None = None) -> str:
    """Make one call: its status, its answer, the complaints and the hints, as text."""
    version = "v2" if path.startswith("/api/v2/") else "v1"
    template = template_of(version, method, re.sub(r"^(/api)?/v[12]|\?.*$", "", path))
    if template is None:
        return f"{method} {path} is not documented"
    headers = {"x-api-token": token, "Content-Type": "application/json"}
    reply = httpx2.request(method, url + path, headers=headers, content=body, timeout=30)
    answer = reply.json()
    asked = (version, method, template, reply.status_code, answer)
    found, hints = complaints(*asked), absent_keys(*asked)
    lines = [f"{reply.status_code} {json.dumps(answer, ensure_ascii=False)[:2000]}"]
    lines += [f"{len(found)} complaints", *(f"  {line}" for line in found)]
    lines += [f"{len(hints)} keys of the documented example are absent", *(f"  {line}" for line in hints)]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(report(*sys.argv[1:]) + "\n")
