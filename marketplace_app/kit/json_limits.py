"""The limits of a JSON modal's form, and what its blocks may not say: seen when it is declared.

https://pipedrive.readme.io/docs/json-modals-component-library
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from marketplace_app.kit.json_blocks import (
    BLOCKS,
    BUTTONS,
    Block,
    Button,
    CheckboxGroup,
    Item,
    Primary,
    Text,
)
from marketplace_app.kit.json_checks import is_web_address

MOST_BLOCKS, MANY_BLOCKS, MOST_BUTTONS = 10, 8, 2
SCALARS = (str, int, float, bool)
_CONDITIONS: dict[str, tuple[type, ...]] = {"equals": SCALARS, "includes": (str,)}


@dataclass(frozen=True, slots=True)
class FormField:
    """`hint` is the annotation without its block: what the form's value is read as."""

    key: str
    row: Block | Button
    hint: Any
    default: Any


def limits(found: Sequence[FormField]) -> Iterator[str]:
    blocks = [field for field in found if isinstance(field.row, BLOCKS)]
    buttons = [field for field in found if isinstance(field.row, BUTTONS)]
    if not 1 <= len(blocks) <= MOST_BLOCKS:
        yield f" has {len(blocks)} blocks; Pipedrive takes 1 to {MOST_BLOCKS}"
    if not 1 <= len(buttons) <= MOST_BUTTONS:
        yield f" has {len(buttons)} buttons; Pipedrive takes 1 to {MOST_BUTTONS}: Primary, Secondary"
    keys = [field.key for field in blocks]
    for field in found:
        for problem in _row_problems(field, keys):
            yield f".{field.key} {problem}"


def _row_problems(field: FormField, keys: Sequence[str]) -> Iterator[str]:
    row = field.row
    if not getattr(row, "label", "x").strip() and not isinstance(row, CheckboxGroup):
        yield "has an empty label"
    if isinstance(row, Text) and not field.default:
        yield "has no text; its default is what is read"
    if isinstance(row, Primary):
        if row.handler == "open-url" and not row.url:
            yield "opens an address and names none; give url"
        if row.url and not is_web_address(row.url):
            yield f"has the url {row.url!r}, which is no absolute address of http or https"
    conditions = [getattr(row, "visible_on", "always")]
    for item in getattr(row, "items", ()):
        yield from _item_problems(item)
        conditions.append(getattr(item, "visible_on", "always"))
    for condition in conditions:
        yield from _condition_problems(condition, keys)


def _item_problems(item: Any) -> Iterator[str]:
    if not isinstance(item, Item):
        yield f"has {item!r} among its items, which is no Item"
        return
    label: Any = item.label
    value: Any = item.value
    if not (isinstance(label, str) and isinstance(value, SCALARS)):
        yield f"has the item {label!r}: its label is a text, its value a text, a number or a bool"


def _condition_problems(condition: Any, keys: Sequence[str]) -> Iterator[str]:
    if condition in ("always", "never"):
        return
    if not isinstance(condition, Mapping) or not condition:
        yield 'has a visible_on that is none of "always", "never" and {key: condition}'
        return
    for key, wanted in condition.items():
        if key not in keys:
            yield f"is visible by {key!r}, and the form has no such block"
        if not _is_condition(wanted):
            yield 'has a condition that is none of "not_empty", {"equals": value} and {"includes": text}'


def _is_condition(wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(wanted == "not_empty")
    kinds = [_CONDITIONS.get(name) for name in wanted]
    return len(kinds) == 1 and kinds[0] is not None and isinstance(next(iter(wanted.values())), kinds[0])


def is_crowded(found: Sequence[FormField]) -> bool:
    """Whether it is above the smaller of the two limits that Pipedrive's pages give."""
    return sum(isinstance(field.row, BLOCKS) for field in found) > MANY_BLOCKS
