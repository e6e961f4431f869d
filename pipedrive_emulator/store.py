"""Where everything that the emulator must remember is written, one JSON value per section and key.

What stands here comes back after a restart, and after a snapshot of it was restored: both build the
emulator's parts anew from their sections.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, Protocol

# Sections that are about the emulator's own running; no snapshot holds them.
LASTING = ("ledger", "snapshots", "store")

# Row numbers remember the order of arrival. Files of format 1 have a table called entries instead.
_SCHEMA = """
BEGIN;
CREATE TABLE IF NOT EXISTS entries (section TEXT, key TEXT, value TEXT);
CREATE TABLE IF NOT EXISTS items (section TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (section, key));
INSERT INTO items SELECT section, key, value FROM entries ORDER BY section, key;
DROP TABLE entries;
CREATE TABLE IF NOT EXISTS copies (name TEXT, section TEXT, key TEXT, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS copies_by_name ON copies (name);
COMMIT;
"""
_PUT = "INSERT INTO items VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value"
_OTHERS = f"section NOT IN ({', '.join('?' * len(LASTING))})"


class StateFileError(Exception):
    """The file of --state cannot be used; the text says why and what to do."""


class Store(Protocol):
    def load(self, section: str) -> list[tuple[str, Any]]:
        """Every key of a section with its value, in the order in which the keys came."""

    def put(self, section: str, key: str, value: Any) -> None:
        """Keep a value that JSON can hold; it must not be changed afterwards."""

    def delete(self, section: str, key: str) -> None: ...

    def clear(self, section: str) -> None: ...

    def wipe(self, *kept: str) -> None:
        """Clear every section but the lasting ones and these."""

    def copy(self, name: str) -> None:
        """Set everything but the lasting sections aside under a name; an older copy of that name goes."""

    def recall(self, name: str) -> None:
        """Put a copy in the place of everything but the lasting sections."""

    def batch(self) -> AbstractContextManager[None]:
        """Everything written inside reaches the disk together or not at all."""

    def close(self) -> None: ...


class MemoryStore:
    """Without --state: lasts as long as the process, and writes nothing out until a copy is asked for."""

    def __init__(self) -> None:
        self._sections: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        self._copies: dict[str, str] = {}

    def load(self, section: str) -> list[tuple[str, Any]]:
        return list(self._sections[section].items())

    def put(self, section: str, key: str, value: Any) -> None:
        self._sections[section][key] = value

    def delete(self, section: str, key: str) -> None:
        self._sections[section].pop(key, None)

    def clear(self, section: str) -> None:
        self._sections[section].clear()

    def wipe(self, *kept: str) -> None:
        for section in self._sections.keys() - {*LASTING, *kept}:
            del self._sections[section]

    def copy(self, name: str) -> None:
        others = {key: self._sections[key] for key in self._sections.keys() - set(LASTING)}
        self._copies[name] = json.dumps(others)

    def recall(self, name: str) -> None:
        self.wipe()
        self._sections.update(json.loads(self._copies[name]))

    def batch(self) -> AbstractContextManager[None]:
        return nullcontext()

    def close(self) -> None:
        """Nothing is open."""


class SqliteStore:
    """Write-through to one file. A killed process loses nothing that it had answered."""

    def __init__(self, path: Path) -> None:
        self._db = _open(path)

    def load(self, section: str) -> list[tuple[str, Any]]:
        rows = self._db.execute("SELECT key, value FROM items WHERE section = ? ORDER BY rowid", (section,))
        return [(key, json.loads(value)) for key, value in rows]

    def put(self, section: str, key: str, value: Any) -> None:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        self._db.execute(_PUT, (section, key, text))

    def delete(self, section: str, key: str) -> None:
        self._db.execute("DELETE FROM items WHERE section = ? AND key = ?", (section, key))

    def clear(self, section: str) -> None:
        self._db.execute("DELETE FROM items WHERE section = ?", (section,))

    def wipe(self, *kept: str) -> None:
        spared = [*LASTING, *kept]
        places = ", ".join("?" * len(spared))
        self._db.execute(f"DELETE FROM items WHERE section NOT IN ({places})", spared)  # noqa: S608 - places

    def copy(self, name: str) -> None:
        with self.batch():
            self._db.execute("DELETE FROM copies WHERE name = ?", (name,))
            self._db.execute(
                f"INSERT INTO copies SELECT ?, section, key, value FROM items "  # noqa: S608 - places
                f"WHERE {_OTHERS} ORDER BY rowid",
                (name, *LASTING),
            )

    def recall(self, name: str) -> None:
        with self.batch():
            self.wipe()
            self._db.execute(
                "INSERT INTO items SELECT section, key, value FROM copies WHERE name = ? ORDER BY rowid",
                (name,),
            )

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
        db.executescript(_SCHEMA)
        db.execute(_PUT, ("store", "format", "2"))
    except (OSError, sqlite3.Error) as error:
        raise StateFileError(_reason(path, error)) from error
    return db


def _reason(path: Path, error: Exception) -> str:
    if "locked" in str(error):
        return f"{path} is in use by another emulator: stop that one, or give this one a --state of its own."
    return f"{path} cannot be used as --state ({error}): name another file, or delete this one."
