"""Fields, labels and activity types of a new company; which stage demands which field."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.field_rules import BLANK, subfields
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.seed import standard_fields
from pipedrive_emulator.world.seed.people import USERS
from pipedrive_emulator.world.seed.planter import Planter

ACTIVITY_TYPES = ("call", "meeting", "task", "deadline", "email", "lunch")
_LABELS = ({"id": 1, "label": "Hot", "color": "red"}, {"id": 2, "label": "Key account", "color": "green"})


def plant_activity_types(planter: Planter) -> None:
    for order_nr, kind in enumerate(ACTIVITY_TYPES, 1):
        row = {"name": kind.capitalize(), "key_string": kind, "icon_key": kind, "order_nr": order_nr}
        planter.records.add("activityTypes", row | {"active_flag": True, "is_custom_flag": False})


def plant_standard_fields(planter: Planter, required: Mapping[str, Sequence[int]]) -> None:
    """Those of deals; ``required``: field code -> the stages in which it must be filled."""
    for code, kind, name, _ in _rows(standard_fields.DEALS):
        labels = list(_LABELS) if code == "label_ids" else _options("dealFields", code)
        row = _field(code, name, kind, labels) | {"is_custom_field": False}
        _plant(planter, "dealFields", row | _stages(required.get(code, ()), ()))


def plant_custom_field(
    planter: Planter,
    name: str,
    kind: str,
    options: Sequence[str] = (),
    *,
    required: Sequence[int] = (),
    important: Sequence[int] = (),
) -> None:
    """A custom field of deals, and the stages that ask for it."""
    plant_custom(planter, "dealFields", name, kind, options, **_stages(required, important))


def plant_custom(
    planter: Planter, table: str, name: str, kind: str, options: Sequence[str] = (), **rules: Any
) -> None:
    numbered = [{"id": number, "label": label} for number, label in enumerate(options, 1)]
    _plant(planter, table, _field(planter.code(name), name, kind, numbered or None) | rules)


def plant_further_fields(planter: Planter) -> None:
    """The standard fields of every table; those of deals that came later have the higher numbers."""
    for table, rows in standard_fields.TABLES.items():
        for code, kind, name, is_optional in _rows(rows):
            row = _field(code, name, kind, _options(table, code))
            _plant(
                planter, table, row | {"is_custom_field": False, "is_optional_response_field": is_optional}
            )


def _rows(text: str) -> Iterator[tuple[str, str, str, bool]]:
    for line in filter(None, text.splitlines()):
        code, kind, name = line.split(" ", 2)
        yield code, kind, name.removesuffix(" ?"), name.endswith(" ?")


def _options(table: str, code: str) -> list[Record] | None:
    options = standard_fields.OPTIONS.get(f"{table}/{code}", standard_fields.OPTIONS.get(code))
    if options is None:
        return None
    rows: list[Record] = [{"id": number, "label": label} for number, label in options]
    if code != "label_ids":
        return rows
    colors = itertools.cycle(standard_fields.COLORS)
    return [row | {"color": color} for row, color in zip(rows, colors, strict=False)]


def _field(code: str, name: str, kind: str, options: list[Record] | None) -> Record:
    said: dict[str, Any] = {"field_name": name, "field_code": code, "field_type": kind}
    return {**shapes.FIELD, **said, "options": options, "subfields": subfields(name, kind)}


def _stages(required: Sequence[int], important: Sequence[int]) -> Record:
    """The rules of a deal field; the form for a new deal shows what some stage demands."""
    visible = BLANK["dealFields"]["ui_visibility"] | {"add_visible_flag": bool(required)}
    return {
        "ui_visibility": visible,
        "important_fields": {"enabled": bool(important), "stage_ids": list(important)},
        "required_fields": {"enabled": bool(required), "stage_ids": list(required), "statuses": {}},
    }


def _plant(planter: Planter, table: str, field: Record) -> None:
    number: Record = {"id": 1 + len(list(planter.records.all(table)))}
    times = {"add_time": planter.time(-400), "update_time": planter.time(-400)}
    founder = min(user.id for user in USERS if user.company_id == planter.company.id)
    makers = {"created_by_user_id": founder, "last_updated_by_user_id": founder}
    row = {**number, **times, **makers, **BLANK[table], **field}
    planter.records.put(table, field["field_code"], row)
