"""Where on the pages a surface was opened, and what its opener handed over: nothing of it is signed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.apps import Surface


class PlaceRefused(ValueError):
    """The description of a place makes no sense; the text says what to send."""


@dataclass(frozen=True, slots=True)
class Place:
    """``selected_ids`` and what follows it are as they stand in the query; None is not sent.

    In a detail view one id is selected and nothing else is said. In a list view select-all leaves
    ``selected_ids`` empty, and ``filter`` (JSON) says what the list shows. ``data`` and ``context`` are JSON.
    ``object_id`` and ``field_key`` name the part of a JSON panel whose action was pressed.
    """

    resource: str = ""
    view: str = "details"
    selected_ids: str | None = None
    excluded_ids: str | None = None
    filter: str | None = None
    data: str | None = None
    context: str | None = None
    object_id: str | None = None
    field_key: str | None = None

    def query(self) -> dict[str, str]:
        """By the names of the query; beside no record there is no resource, view and selectedIds either."""
        said: dict[str, str | None] = {"data": self.data, "context": self.context}
        said |= {"objectId": self.object_id, "fieldKey": self.field_key}
        if self.selected_ids is not None:
            said |= {"resource": self.resource, "view": self.view, "selectedIds": self.selected_ids}
        if self.view == "list":
            said |= {"excludedIds": self.excluded_ids or "", "filter": self.filter or ""}
        return {name: value for name, value in said.items() if value is not None}

    def flat_context(self) -> dict[str, str]:
        context: dict[str, Any] = json.loads(self.context or "{}")
        return {name: value if isinstance(value, str) else _json(value) for name, value in context.items()}


def read_place(said: Mapping[str, Any], surface: Surface) -> Place:
    """From ``{resource, view, record_id | selected_ids, excluded_ids, filter, data, context}``, all optional.

    Raises:
        PlaceRefused: when one of them has another type.
    """
    view = said.get("view") or "details"
    if view not in ("details", "list"):
        raise PlaceRefused('view is "details" or "list".')
    selected = said.get("selected_ids", said.get("record_id"))
    return Place(
        resource=_text(said, "resource") or surface.resource,
        view=view,
        selected_ids=_ids(selected, "selected_ids"),
        excluded_ids=_ids(said.get("excluded_ids"), "excluded_ids"),
        filter=_object(said, "filter"),
        data=_object(said, "data"),
        context=_object(said, "context"),
        object_id=_ids(said.get("object_id"), "object_id"),
        field_key=_text(said, "field_key") or None,
    )


def _text(said: Mapping[str, Any], key: str) -> str:
    value = said.get(key) or ""
    if not isinstance(value, str):
        raise PlaceRefused(f"{key} is a text.")
    return value


def _ids(value: Any, key: str) -> str | None:
    """One id, a list of ids, or a text with commas (ids of leads are no numbers)."""
    if value is None or isinstance(value, str):
        return value
    ids = value if isinstance(value, list) else [value]
    if not all(isinstance(one, int | str) and not isinstance(one, bool) for one in ids):
        raise PlaceRefused(f"{key} is an id, a list of ids or a text with commas.")
    return ",".join(str(one) for one in ids)


def _object(said: Mapping[str, Any], key: str) -> str | None:
    """An object becomes the JSON that stands in the query, as JSON.stringify would write it."""
    value = said.get(key)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise PlaceRefused(f"{key} is a JSON object.")
    return _json(value)


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
