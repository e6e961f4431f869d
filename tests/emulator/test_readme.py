"""The emulator's README against the code that it describes."""

import re
from pathlib import Path

import pipedrive_emulator
from pipedrive_emulator.control.routes import ACTIONS
from pipedrive_emulator.faults import KINDS
from pipedrive_emulator.switch_rows import SWITCHES

TEXT = (Path(pipedrive_emulator.__file__).parent / "README.md").read_text("utf-8")


def test_every_switch_has_its_row_with_its_values() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT.partition("## Switches")[2], re.MULTILINE))
    assert {name: row.replace("`", "") for name, row in rows.items()} == {
        switch.name: ", ".join(switch.values) for switch in SWITCHES
    }


def test_every_control_route_has_its_row() -> None:
    for method, path, _ in ACTIONS:
        assert re.search(rf"\| `{method} /_emulator{path}|`GET /_emulator{path}`, `{method}`", TEXT), (
            method,
            path,
        )


def test_every_kind_of_fault_has_its_row() -> None:
    for kind in KINDS.split(", "):
        assert f"| `{kind.partition(':')[0]}" in TEXT


def test_every_kind_of_ledger_entry_is_named() -> None:
    folder = Path(pipedrive_emulator.__file__).parent
    sources = "".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    kinds = set(re.findall(r'(?:ledger\.append|\b_?note)\(\s*"(\w+)"', sources))
    assert {"api_call", "timer_failed", "token_issued"} <= kinds
    assert [kind for kind in kinds if f"`{kind}`" not in TEXT] == []
