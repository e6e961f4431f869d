"""The form of a JSON modal as Pipedrive holds it: what each block begins with, and what is sent of it.

https://pipedrive.readme.io/docs/json-modals-component-library
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SILENT = ("element-text", "element-separator")
_LISTS = ("element-checkbox-group",)
_CHOICES = ("element-select", "element-radio-group")


@dataclass(frozen=True, slots=True)
class JsonForm:
    """`blocks` and `actions` are the options of each by its key, as the schema and the answers have them."""

    blocks: Mapping[str, Mapping[str, Any]]
    actions: Mapping[str, Mapping[str, Any]]
    kinds: Mapping[str, str]
    values: Mapping[str, Any]

    @classmethod
    def of(cls, schema: str, answer: object) -> "JsonForm":
        """As it is opened."""
        parts = json.loads(schema)["properties"]
        rows = {part: parts.get(part, {}).get("properties", {}) for part in ("blocks", "actions")}
        blocks, actions = (_merged(rows[part], _data(answer).get(part, {})) for part in rows)
        kinds = {key: str(row["$ref"]).rpartition("/")[2] for key, row in rows["blocks"].items()}
        values = {key: options.get("value", _empty(kinds[key])) for key, options in blocks.items()}
        return cls(blocks, actions, kinds, values)

    def following(self, answer: object) -> "JsonForm":
        """After a block was changed: values that the app set this time take the place of those held."""
        said = _data(answer).get("blocks", {})
        values = {key: options["value"] for key, options in said.items() if "value" in options}
        return JsonForm(self.blocks, self.actions, self.kinds, {**self.values, **values})

    def filled_in(self, given: Mapping[str, Any]) -> "JsonForm":
        """Raises LookupError for a block that is not there."""
        for key in given:
            if key not in self.blocks:
                raise LookupError(f"The form has no block {key!r}; it has: {', '.join(self.blocks)}.")
        return JsonForm(self.blocks, self.actions, self.kinds, {**self.values, **given})

    def check_button(self, name: str) -> None:
        """By key or label. Raises LookupError with the buttons that there are."""
        labels = {key: options.get("label", "") for key, options in self.actions.items()}
        if name not in (*labels, *labels.values()):
            there = ", ".join(f"{label!r} ({key})" for key, label in labels.items()) or "none"
            raise LookupError(f"The form has no button {name!r}; it has: {there}.")

    @property
    def body(self) -> dict[str, Any]:
        """Of blocks that are seen, and of those that never are, which carry what the app needs."""
        return {key: value for key, value in self.values.items() if self._is_sent(key)}

    def _is_sent(self, key: str) -> bool:
        condition = self.blocks[key].get("visibleOn", "always")
        if self.kinds[key] in _SILENT:
            return False
        if isinstance(condition, str):
            return True
        return all(_meets(self.values.get(other), wanted) for other, wanted in condition.items())


def _data(answer: object) -> Mapping[str, Any]:
    found = answer.get("data", {}) if isinstance(answer, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _merged(rows: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {key: {**row.get("options", {}), **said.get(key, {})} for key, row in rows.items()}


def _empty(kind: str) -> Any:
    if kind in _LISTS:
        return []
    return None if kind in _CHOICES else ""


def _meets(value: Any, wanted: Any) -> bool:
    if wanted == "not_empty":
        return value not in (None, "", [])
    if "equals" in wanted:
        held = value if isinstance(value, list) else [value]
        return str(wanted["equals"]) in map(str, held)
    return wanted["includes"] in (value or "")
