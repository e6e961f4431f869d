"""Where everything that the emulator must remember is written, one JSON value per section and key."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS entries "
    "(section TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (section, key)) WITHOUT ROWID"
)


class StateFileError(Exception):
    """The file of --state cannot be used; the text says why and what to do."""


class Store(Protocol):
    def load(self, section: str) -> list[tuple[str, Any]]:
        """Every key of a section with its value, by key."""

    def put(self, section: str, key: str, value: Any) -> None: ...

    def delete(self, section: str, key: str) -> None: ...

    def clear(self, section: str) -> None: ...

    def batch(self) -> AbstractContextManager[None]:
        """Everything written inside reaches the disk together or not at all."""

    def close(self) -> None: ...


class MemoryStore:
    """Remembers nothing: without --state the emulator's objects are their own memory."""

    def load(self, section: str) -> list[tuple[str, Any]]:  # noqa: ARG002 - the Protocol's name
        return []

    def put(self, section: str, key: str, value: Any) -> None:
        """Forget at once."""

    def delete(self, section: str, key: str) -> None:
        """Nothing was kept."""

    def clear(self, section: str) -> None:
        """Nothing was kept."""

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        """Nothing is open."""


class SqliteStore:
    """Write-through to one file. A killed process loses nothing that it had answered."""

    def __init__(self, path: Path) -> None:
        self._db = _open(path)

    def load(self, section: str) -> list[tuple[str, Any]]:
        rows = self._db.execute("SELECT key, value FROM entries WHERE section = ? ORDER BY key", (section,))
        return [(key, json.loads(value)) for key, value in rows]

    def put(self, section: str, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?)", (section, key, text))

    def delete(self, section: str, key: str) -> None:
        self._db.execute("DELETE FROM entries WHERE section = ? AND key = ?", (section, key))

    def clear(self, section: str) -> None:
        self._db.execute("DELETE FROM entries WHERE section = ?", (section,))

    @contextmanager
    def batch(self) -> Iterator[None]:
        if self._db.in_transaction:
            yield
            return
        with self._db:
            self._db.execute("BEGIN")
            yield

    def close(self) -> None:
        self._db.close()


def _open(path: Path) -> sqlite3.Connection:
    """One writer at a time: the lock is taken now and freed by the system when the process ends."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, isolation_level=None, timeout=1)
        db.execute("PRAGMA locking_mode = EXCLUSIVE")
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(_SCHEMA)
        db.execute("INSERT OR REPLACE INTO entries VALUES ('store', 'format', '1')")
    except (OSError, sqlite3.Error) as error:
        raise StateFileError(_reason(path, error)) from error
    return db


def _reason(path: Path, error: Exception) -> str:
    if "locked" in str(error):
        return f"{path} is in use by another emulator: stop that one, or give this one a --state of its own."
    return f"{path} cannot be used as --state ({error}): name another file, or delete this one."
