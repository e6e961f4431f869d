"""The records of one company, as JSON objects in named tables, written through to the store.

A record is a plain dict in the shape of API v2, because that is what 371 operations read and write.
Its id is a number counted from 1 in each company and table, or a text for tables such as dealFields.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.store import Store

Record = dict[str, Any]
Key = int | str


@dataclass(frozen=True, slots=True)
class Change:
    """One write: ``before`` is None for a new record, ``after`` for one that is gone."""

    table: str
    key: Key
    before: Record | None
    after: Record | None


class Records:
    def __init__(self, company_id: int, store: Store, changed: Callable[[], None]) -> None:
        self._section = f"records/{company_id}"
        self._numbers = f"numbers/{company_id}"
        self._store = store
        self._changed = changed
        self._tables: defaultdict[str, dict[Key, Record]] = defaultdict(dict)
        self._last: defaultdict[str, int] = defaultdict(int, store.load(self._numbers))
        self._indexes: dict[tuple[str, str], defaultdict[Any, dict[Key, Record]]] = {}
        self._journal: list[Change] | None = None
        for path, record in store.load(self._section):
            table, _, text = path.partition("/")
            self._keep(table, whole_number(text) or text, record)

    def find(self, table: str, key: Key | None) -> Record | None:
        return None if key is None else self._tables[table].get(key)

    def all(self, table: str) -> Iterable[Record]:
        return self._tables[table].values()

    def where(self, table: str, field: str, value: Any) -> list[Record]:
        """The records whose field has that value, found through an index; the value must be hashable.

        ``participants.person_id`` is what any row of a list has.
        """
        index = self._indexes.get((table, field))
        if index is None:
            index = self._indexes[table, field] = defaultdict(dict)
            for key, record in self._tables[table].items():
                for part in _values(record, field):
                    index[part][key] = record
        return list(index[value].values()) if value in index else []

    def add(self, table: str, record: Record) -> Record:
        """Give the record the table's next number and keep it."""
        return self.put(table, self._last[table] + 1, record)

    def put(self, table: str, key: Key, record: Record) -> Record:
        """Keep the record under that key; number ids stand in the record too, first."""
        kept = {"id": key} | record | {"id": key} if isinstance(key, int) else dict(record)
        self._write(Change(table, key, self._tables[table].get(key), kept))
        return kept

    def remove(self, table: str, key: Key) -> Record | None:
        """Take the record away for good; its number is not given again."""
        before = self._tables[table].get(key)
        if before is not None:
            self._write(Change(table, key, before, None))
            if key == self._last[table]:
                self._store.put(self._numbers, table, key)
        return before

    @contextmanager
    def transaction(self) -> Iterator[list[Change]]:
        """Collect what is written inside; an error puts everything back. Not to be nested."""
        journal: list[Change] = []
        self._journal = journal
        try:
            yield journal
        except BaseException:
            self._journal = None
            for change in reversed(journal):
                self._write(Change(change.table, change.key, change.after, change.before))
            raise
        finally:
            self._journal = None

    def clear(self) -> None:
        self._tables.clear()
        self._last.clear()
        self._indexes.clear()
        self._store.clear(self._section)
        self._changed()

    def _write(self, change: Change) -> None:
        path = f"{change.table}/{change.key}"
        if change.after is None:
            self._tables[change.table].pop(change.key, None)
            self._reindex(change)
            self._store.delete(self._section, path)
        else:
            self._keep(change.table, change.key, change.after, change.before)
            self._store.put(self._section, path, change.after)
        if self._journal is not None:
            self._journal.append(change)
        self._changed()

    def _keep(self, table: str, key: Key, record: Record, before: Record | None = None) -> None:
        self._tables[table][key] = record
        if isinstance(key, int):
            self._last[table] = max(self._last[table], key)
        self._reindex(Change(table, key, before, record))

    def _reindex(self, change: Change) -> None:
        """Records are replaced, never changed in place, so before and after are what the indexes know."""
        for (table, field), index in self._indexes.items():
            if table != change.table:
                continue
            if change.before is not None:
                for value in _values(change.before, field):
                    index[value].pop(change.key, None)
            if change.after is not None:
                for value in _values(change.after, field):
                    index[value][change.key] = change.after


def _values(record: Record, field: str) -> Iterable[Any]:
    """What an index finds the record by: one value, or those of the rows in a list."""
    if "." not in field:
        return (record.get(field),)
    name, part = field.split(".")
    return {row.get(part) for row in record.get(name) or ()}
