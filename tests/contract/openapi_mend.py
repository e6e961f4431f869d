"""Applies the table of patches to the JSON Schemas that the OpenAPI files give."""

from collections.abc import Mapping
from typing import Any

from tests.contract.openapi_patches import PATCHES, Patch


def is_optional(version: str, path: str, trail: str) -> bool:
    """Whether a key of the file's example need not be there; the trail as for a patch."""
    keys = [key for patch in PATCHES if patch.fits(version, path) for key in patch.optional]
    return any(f".{trail}".endswith(f".{key}") for key in keys)


def patched(schema: Any, version: str, path: str) -> Any:
    """The JSON Schema of an answer with every row that fits its operation."""
    for patch in PATCHES:
        if patch.fits(version, path):
            schema = apply(patch, schema)
    return schema


def apply(patch: Patch, schema: Any) -> Any:
    schema = _mended(schema, patch, ())
    for trail, more in patch.also.items():
        schema = _with(schema, tuple(trail.split(".")), more)
    return schema


def or_null(schema: Any) -> Any:
    """The schema, and null besides."""
    if "enum" in schema:
        schema = {**schema, "enum": [*schema["enum"], *([] if None in schema["enum"] else [None])]}
    kind = schema.get("type")
    if kind is None:
        return {"anyOf": [schema, {"type": "null"}]}
    kinds = kind if isinstance(kind, list) else [kind]
    return schema if "null" in kinds else {**schema, "type": [*kinds, "null"]}


def _mended(schema: Any, patch: Patch, trail: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_mended(part, patch, trail) for part in schema]
    if not isinstance(schema, dict):
        return schema
    walked = {name: _mended(part, patch, trail) for name, part in schema.items() if name != "properties"}
    if "properties" in schema:
        walked["properties"] = {
            name: _property(part, patch, (*trail, name)) for name, part in schema["properties"].items()
        }
    return walked


def _property(schema: Any, patch: Patch, trail: tuple[str, ...]) -> Any:
    mended = _mended(schema, patch, trail)
    dotted = "." + ".".join(trail)
    for key, other in patch.instead.items():
        mended = other(mended) if dotted.endswith("." + key) else mended
    return or_null(mended) if any(dotted.endswith("." + key) for key in patch.nullable) else mended


def _with(schema: Any, trail: tuple[str, ...], more: Mapping[str, Any]) -> Any:
    """One more part: an object that must hold, at the end of the trail, what ``more`` says."""
    *outer, last = trail
    added: Any = {"properties": {last: dict(more)}}
    for name in reversed(outer):
        added = {"properties": {name: {**added, "items": added}}}
    return {"allOf": [schema, added]}
