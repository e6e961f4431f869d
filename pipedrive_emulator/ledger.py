"""What has happened, in order: the emulator's append-only memory. Tokens never stand in it in the clear."""

from typing import Any

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.store import Store

_SECTION = "ledger"

Entry = dict[str, Any]


class Ledger:
    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._entries: list[Entry] = [entry for _, entry in store.load(_SECTION)]

    def append(
        self, kind: str, *, company_id: int | None = None, user_id: int | None = None, **facts: Any
    ) -> Entry:
        """Number and date the entry; ``at`` is epoch seconds on the emulator's clock."""
        n = len(self._entries) + 1
        entry: Entry = {"n": n, "at": round(self._clock.now(), 6), "kind": kind}
        entry |= {"company_id": company_id, "user_id": user_id, **facts}
        self._entries.append(entry)
        self._store.put(_SECTION, f"{n:012d}", entry)
        return entry

    def entries(self, since: int = 0) -> list[Entry]:
        """The entries numbered above ``since``, oldest first."""
        return self._entries[max(since, 0) :]
