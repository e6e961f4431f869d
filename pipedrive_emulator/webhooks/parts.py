"""Single values that webhooks spell otherwise than API v2."""

from collections.abc import Callable
from typing import Any

from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record


def spelled(name: str) -> Callable[[Record], str | None]:
    """The number as a text."""

    def spell(record: Record) -> str | None:
        value = record.get(name)
        return None if value is None else str(value)

    return spell


def timed(name: str) -> Callable[[Record], dict[str, Any] | None]:
    """A time of day or a length of time, with the zone that it is meant in; UTC has none."""

    def time(record: Record) -> dict[str, Any] | None:
        value = record.get(name)
        return {"timezone_id": None, "value": value} if value else None

    return time


def first_label(record: Record) -> Any:
    """Contacts had one label only when this name was given."""
    return next(iter(record.get("label_ids") or ()), None)


def flat_address(organization: Record) -> dict[str, Any]:
    return _flat("address", organization.get("address"))


def flat_place(activity: Record) -> dict[str, Any]:
    return _flat("location", activity.get("location"))


def user_id_text(user: Record) -> str:
    return str(user["id"])


def _flat(name: str, place: Any) -> dict[str, Any]:
    """The text under ``name``, each part under ``name_part``."""
    parts = place if isinstance(place, dict) else {"value": place}
    rest = {f"{name}_{part}": parts.get(part) for part in shapes.ADDRESS_PARTS if part != "value"}
    return {name: parts.get("value"), **rest}
