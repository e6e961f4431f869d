"""Where the published OpenAPI files are wrong or older than the API: each row says why.

Rows about null follow the types of the npm client 33.7.0, which is newer than the files.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Patch:
    """Below ``paths`` (a regular expression for the whole path template), these keys may be null.

    A key is the end of a trail of property names, lists left out: ``additional_data.next_cursor``.
    ``also`` adds what the file lacks: a trail, and the schema of its last name.
    """

    version: str
    paths: str
    reason: str
    nullable: tuple[str, ...] = ()
    also: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def fits(self, version: str, path: str) -> bool:
        return self.version == version and re.fullmatch(self.paths, path) is not None


NULL_AT_THE_END = {"type": ["string", "null"]}
CHOICE = {"type": ["integer", "null"]}

PATCHES = (
    Patch("v2", ".*", "null on the last page", ("additional_data.next_cursor",)),
    Patch(
        "v2",
        "/deals/installments",
        "a cursor may be sent, but the answer's schema has none",
        also={"additional_data": {"type": "object", "properties": {"next_cursor": NULL_AT_THE_END}}},
    ),
    Patch("v2", "/activities.*", "added in client 33.7.0", also={"data.outcome": CHOICE}),
    Patch(
        "v2",
        "/deals(/archived|/{id})?",
        "null in client 33.7.0: a deal without it",
        (
            "data.person_id",
            "data.org_id",
            "data.stage_change_time",
            "data.won_time",
            "data.lost_time",
            "data.expected_close_date",
        ),
    ),
    Patch(
        "v2",
        "/products.*|/deals/.*",
        "null in client 33.7.0: a price without it",
        ("prices.product_id", "prices.currency"),
    ),
    Patch(
        "v1",
        "/notes.*",
        "null in client 33.7.0: a note is bound to one thing only",
        (
            "data.deal",
            "data.lead_id",
            "data.deal_id",
            "data.last_update_user_id",
            "data.org_id",
            "data.organization",
            "data.person",
            "data.person_id",
            "data.project_id",
            "data.project",
            "user.icon_url",
        ),
    ),
    Patch(
        "v1",
        "/(deals|persons|organizations|products|pipelines|stages).*",
        "null in client 33.7.0: a deal without it",
        (
            "update_time",
            "stage_change_time",
            "next_activity_date",
            "next_activity_time",
            "won_time",
            "first_won_time",
            "lost_time",
            "expected_close_date",
            "last_incoming_mail_time",
            "last_outgoing_mail_time",
            "person_id",
            "org_id",
        ),
    ),
)


def patched(schema: Any, version: str, path: str) -> Any:
    """The JSON Schema of an answer with every row that fits its operation."""
    for patch in PATCHES:
        if patch.fits(version, path):
            schema = apply(patch, schema)
    return schema


def apply(patch: Patch, schema: Any) -> Any:
    schema = _nullable(schema, patch.nullable, ())
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


def _nullable(schema: Any, keys: tuple[str, ...], trail: tuple[str, ...]) -> Any:
    if isinstance(schema, list):
        return [_nullable(part, keys, trail) for part in schema]
    if not isinstance(schema, dict):
        return schema
    walked = {name: _nullable(part, keys, trail) for name, part in schema.items() if name != "properties"}
    if "properties" in schema:
        walked["properties"] = {
            name: _property(part, keys, (*trail, name)) for name, part in schema["properties"].items()
        }
    return walked


def _property(schema: Any, keys: tuple[str, ...], trail: tuple[str, ...]) -> Any:
    walked = _nullable(schema, keys, trail)
    dotted = "." + ".".join(trail)
    return or_null(walked) if any(dotted.endswith("." + key) for key in keys) else walked


def _with(schema: Any, trail: tuple[str, ...], more: Mapping[str, Any]) -> Any:
    """One more part: an object that must hold, at the end of the trail, what ``more`` says."""
    *outer, last = trail
    added: Any = {"properties": {last: dict(more)}}
    for name in reversed(outer):
        added = {"properties": {name: {**added, "items": added}}}
    return {"allOf": [schema, added]}
