"""Moments to come back to: everything but the ledger, set aside under a name."""

import re
from typing import Any

from pipedrive_emulator.emulator import Emulator

_SECTION = "snapshots"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")


class SnapshotRefused(ValueError):
    """There is no such snapshot, or its name will not do."""


def snapshots(emulator: Emulator) -> list[dict[str, Any]]:
    """``name``, and ``at``, the moment on the emulator's clock, in the order of names."""
    return [row for _, row in emulator.store.load(_SECTION)]


def snapshot(emulator: Emulator, name: Any) -> dict[str, Any]:
    """Set the whole state aside, in the place of an older snapshot of that name."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SnapshotRefused("name is 1 to 64 letters, digits, spaces, dots, dashes or underscores.")
    row = {"name": name, "at": emulator.clock.now()}
    with emulator.store.batch():
        emulator.store.copy(name)
        emulator.store.put(_SECTION, name, row)
    emulator.ledger.append("snapshot", name=name)
    return row


def restore(emulator: Emulator, name: Any) -> dict[str, Any]:
    """Go back to that moment, the clock too; whatever runs or waits now is forgotten."""
    row = dict(emulator.store.load(_SECTION)).get(name) if isinstance(name, str) else None
    if row is None:
        names = ", ".join(row["name"] for row in snapshots(emulator)) or "none yet"
        raise SnapshotRefused(f"There is no snapshot {name!r}. There are: {names}.")
    with emulator.store.batch():
        emulator.store.recall(name)
        emulator.clock.set(row["at"])
        emulator.restart()
        emulator.ledger.append("restore", name=name)
    found: dict[str, Any] = row
    return found
