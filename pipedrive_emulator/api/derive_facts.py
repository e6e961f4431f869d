"""Boil Pipedrive's OpenAPI files down to the facts that the emulator needs, one operation a line.

``python -m pipedrive_emulator.api.derive_facts v1.yaml v2.yaml older.yaml`` writes facts/v1.jsonl,
facts/v2.jsonl and facts/v1-removed.jsonl with what the older file has beyond v1.yaml.
A fact row is ``{"method", "path", "cost", "scopes", "ok", "query": {name: type}, "body": {key: type},
"required": [key]}``; a type is a JSON type name, ``a|b|c`` for an enumeration, a leading ``?`` where null
may be sent. Of a body also ``[type]`` for a list, and ``{key: type}`` for an object with known keys, of which
the ones that end in ``!`` must be there. ``"deprecated": true`` stands where it is so.
"""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

FACTS = Path(__file__).parent / "facts"
_METHODS = ("get", "post", "put", "patch", "delete")
# What npm's pipedrive 33.7.0 may send and the files of August 2026 do not know yet.
_NEWER = {
    ("POST", "/activities"): {"outcome": "?integer"},
    ("PATCH", "/activities/{id}"): {"outcome": "?integer"},
}

Json = Mapping[str, Any]


def rows(spec: Json) -> Iterator[dict[str, Any]]:
    """The fact rows of one OpenAPI document, in its own order."""
    for path, operations in spec["paths"].items():
        for method in _METHODS:
            if method in operations and not path.startswith("/oauth"):
                yield _row(spec, method.upper(), path, operations[method])


def text(spec: Json) -> str:
    return _lines(rows(spec))


def removed_text(older: Json, spec: Json) -> str:
    """What the older document has and the newer has not."""
    kept = {(row["method"], row["path"]) for row in rows(spec)}
    return _lines(row for row in rows(older) if (row["method"], row["path"]) not in kept)


def _lines(facts: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, separators=(", ", ": ")) + "\n" for row in facts)


def _row(spec: Json, method: str, path: str, operation: Json) -> dict[str, Any]:
    parameters = [_follow(spec, parameter) for parameter in operation.get("parameters", [])]
    body = _body(spec, operation)
    return {
        "method": method,
        "path": path,
        "cost": operation["x-token-cost"],
        "scopes": _scopes(operation),
        "ok": min(int(code) for code in operation["responses"] if code.startswith("2")),
        "query": {row["name"]: _type(spec, row["schema"]) for row in parameters if row["in"] == "query"},
        "body": {key: _shape(spec, schema) for key, schema in _properties(spec, body).items()}
        | _NEWER.get((method, path), {}),
        "required": sorted(_required(spec, body)),
        **({"deprecated": True} if operation.get("deprecated") else {}),
    }


def _scopes(operation: Json) -> list[str]:
    return sorted(
        {scope for way in operation.get("security", []) for names in way.values() for scope in names}
    )


def _body(spec: Json, operation: Json) -> Json:
    content: Json = _follow(spec, operation.get("requestBody", {})).get("content", {})
    schema: Json = next(iter(content.values()), {"schema": {}})["schema"]
    return schema


def _properties(spec: Json, schema: Json) -> dict[str, Any]:
    schema = _follow(spec, schema)
    found: dict[str, Any] = {}
    for part in schema.get("allOf", []):
        found |= _properties(spec, part)
    found |= schema.get("properties", {})
    return found


def _required(spec: Json, schema: Json) -> set[str]:
    schema = _follow(spec, schema)
    inherited = [_required(spec, part) for part in schema.get("allOf", [])]
    return set(schema.get("required", [])).union(*inherited)


def _type(spec: Json, schema: Json) -> str:
    schema = _follow(spec, schema)
    values = [str(value) for value in schema.get("enum", []) if value is not None]
    name = "|".join(values) if values else str(schema.get("type", "any"))
    return ("?" if schema.get("nullable") else "") + name


def _shape(spec: Json, schema: Json) -> Any:
    """The type of a body's key, looked into as deep as the file describes it."""
    schema = _follow(spec, schema)
    inner = _properties(spec, schema)
    if inner:
        needed = _required(spec, schema)
        return {key + "!" * (key in needed): _shape(spec, value) for key, value in inner.items()}
    if schema.get("type") == "array" and schema.get("items"):
        return [_shape(spec, schema["items"])]
    return _type(spec, schema)


def _follow(spec: Json, schema: Any) -> Any:
    while "$ref" in schema:
        target: Any = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = target
    return schema


def main(files: list[str]) -> None:
    FACTS.mkdir(exist_ok=True)
    v1, v2, *older = map(Path, files)
    for file in (v1, v2):
        (FACTS / file.with_suffix(".jsonl").name).write_text(text(_read(file)), encoding="utf-8")
    for file in older:
        (FACTS / "v1-removed.jsonl").write_text(removed_text(_read(file), _read(v1)), encoding="utf-8")


def _read(file: Path) -> Json:
    spec: Json = yaml.safe_load(file.read_text(encoding="utf-8"))
    return spec


if __name__ == "__main__":
    main(sys.argv[1:])
