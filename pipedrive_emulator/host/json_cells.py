"""One field of a JSON panel as it is read: checked values in, words and links of this user out."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any

from babel.dates import format_date, format_datetime, format_time
from babel.numbers import format_decimal

from pipedrive_emulator.host.json_actions import Action
from pipedrive_emulator.host.wording import Wording
from pipedrive_emulator.json_library.markdown import Node, panel_markdown

MOST_TEXT, MOST_LABEL = 255, 40


@dataclass(frozen=True, slots=True)
class Cell:
    """Empty when it has none of text, nodes and tags; ``colour`` makes the text a label."""

    label: str
    text: str = ""
    nodes: tuple[Node, ...] = ()
    href: str = ""
    is_external: bool = False
    colour: str = ""
    tags: tuple[str, ...] = ()
    action: Action | None = None


def cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}\u2026"


def cell(label: str, kind: str, value: Any, wording: Wording, action: Action | None = None) -> Cell:
    """``value`` has passed the panel's schema; null and a missing one are empty."""
    empty = Cell(label, action=action)
    return empty if value is None else _DRAW[kind](empty, value, wording)


Draw = Callable[[Cell, Any, Wording], Cell]


def _text(empty: Cell, value: Any, _: Wording) -> Cell:
    if isinstance(value, str):
        return replace(empty, text=cut(value, MOST_TEXT))
    text = cut(value["value"], MOST_TEXT)
    return (
        replace(empty, nodes=tuple(panel_markdown(text))) if value["markdown"] else replace(empty, text=text)
    )


def _link(empty: Cell, value: Any, _: Wording) -> Cell:
    if isinstance(value, str):
        return replace(empty, text=value, href=value)
    text = value.get("label") or value["value"]
    return replace(empty, text=text, href=value["value"], is_external=value["external"])


def _label(empty: Cell, value: Any, _: Wording) -> Cell:
    return replace(empty, text=cut(value["label"], MOST_LABEL), colour=value["color"])


def _day(empty: Cell, value: str, wording: Wording) -> Cell:
    return replace(empty, text=format_date(date.fromisoformat(value), "medium", locale=wording.locale))


def _time(empty: Cell, value: str, wording: Wording) -> Cell:
    moment = datetime.combine(wording.today, time.fromisoformat(value)).astimezone(wording.zone)
    return replace(empty, text=format_time(moment.time(), "short", locale=wording.locale))


def _moment(empty: Cell, value: str, wording: Wording) -> Cell:
    moment = datetime.fromisoformat(value).astimezone(UTC)
    return replace(empty, text=format_datetime(moment, "medium", tzinfo=wording.zone, locale=wording.locale))


_DRAW: dict[str, Draw] = {
    "text": _text,
    "link": _link,
    "label": _label,
    "date": _day,
    "time": _time,
    "date-time": _moment,
    "numerical": lambda empty, value, wording: replace(
        empty, text=format_decimal(value, locale=wording.locale)
    ),
    "currency": lambda empty, value, wording: replace(
        empty, text=wording.money(value["value"], value["code"])
    ),
    "email": lambda empty, value, _: replace(empty, text=value, href=f"mailto:{value}" if value else ""),
    "phone": lambda empty, value, _: replace(empty, text=value, href=f"tel:{value}" if value else ""),
    "address": lambda empty, value, _: replace(empty, text=value),
    "tags": lambda empty, value, _: replace(empty, tags=tuple(value)),
}
