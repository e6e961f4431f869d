"""The records of one company, as JSON objects in named tables, written through to the store.

A record is a plain dict in the shape of API v2, because that is what 371 operations read and write.
Its id is a number counted from 1 in each company and table, or a text for tables such as dealFields.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.store import Store

Record = dict[str, Any]
Key = int | str


class Records:
    def __init__(self, company_id: int, store: Store, changed: Callable[[], None]) -> None:
        self._section = f"records/{company_id}"
        self._store = store
        self._changed = changed
        self._tables: defaultdict[str, dict[Key, Record]] = defaultdict(dict)
        for path, record in sorted(store.load(self._section), key=lambda entry: entry[1]["id"]):
            table, _, key = path.partition("/")
            self._tables[table][whole_number(key) or key] = record

    def find(self, table: str, key: Key | None) -> Record | None:
        return None if key is None else self._tables[table].get(key)

    def all(self, table: str) -> Iterable[Record]:
        return self._tables[table].values()

    def add(self, table: str, record: Record) -> Record:
        """Give the record the table's next number and keep it."""
        numbers = [key for key in self._tables[table] if isinstance(key, int)]
        return self.put(table, max(numbers, default=0) + 1, record)

    def put(self, table: str, key: Key, record: Record) -> Record:
        """Keep the record under that key; number ids stand in the record too, first."""
        kept = {"id": key} | record | {"id": key} if isinstance(key, int) else dict(record)
        self._tables[table][key] = kept
        self._store.put(self._section, f"{table}/{key}", kept)
        self._changed()
        return kept

    def clear(self) -> None:
        self._tables.clear()
        self._store.clear(self._section)
        self._changed()
