"""What docs/json-surfaces.md shows can be declared as it stands, and Developer Hub takes it."""

import dataclasses
import datetime as dt
import re
import typing
from pathlib import Path
from typing import Any

from marketplace_app import kit
from marketplace_app.kit import json_modal, json_panel
from pipedrive_emulator.json_library import modal, panel

DOCUMENT = Path(__file__).parents[3] / "docs" / "json-surfaces.md"


def examples() -> list[dict[str, Any]]:
    """The names that each example leaves behind."""
    found = []
    for code in re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL):
        names: dict[str, Any] = {"__name__": __name__}
        for module in (kit, json_panel, json_modal):
            names |= {name: getattr(module, name) for name in module.__all__}
        names |= {"dataclass": dataclasses.dataclass, "date": dt.date, "Annotated": typing.Annotated}
        exec(code, names)  # noqa: S102 (our own document)
        found.append(names)
    return found


def test_the_panel_is_taken_and_is_of_eight_lines() -> None:
    names = examples()[0]
    declared = names["extension"].shown
    assert panel.file_problem(declared.shape.schema()) is None
    row = names["Offer"]("Offer 31", json_panel.Currency(1, "EUR"))
    assert panel.answer_complaints(declared.shape.schema(), declared.shape.encode([row])) == []
    (first, _) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert len([line for line in first.splitlines() if line]) == 8


def test_the_modal_is_taken() -> None:
    declared = examples()[1]["extension"].shown
    assert modal.file_problem(declared.shape.schema()) is None
    assert declared.problems() == []


def test_every_type_of_pipedrive_is_in_the_table() -> None:
    text = DOCUMENT.read_text()
    assert [kind for kind in panel.DEFINITIONS if kind not in text] == []
