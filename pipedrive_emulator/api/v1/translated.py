"""A v1 write that is carried out as the v2 write which it means."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api import operations
from pipedrive_emulator.api.call import Call

_V2 = {row.name: row for row in operations.load().rows if row.version == "v2"}


def as_v2(call: Call, name: str, body: Mapping[str, Any]) -> Call:
    """The same call, for the v2 operation of that name: ``POST v2/tasks``."""
    whole = {key: _whole(value) for key, value in body.items()}
    return replace(call, operation=_V2[name], body=whole, query={})


def flag(value: Any) -> Any:
    """0 or 1 in any of the ways of v1; other values are left for v2 to refuse."""
    return {"0": 0, "false": 0, "1": 1, "true": 1}.get(str(value).lower(), value)


def _whole(value: Any) -> Any:
    """Ids are numbers in v1, integers in v2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
