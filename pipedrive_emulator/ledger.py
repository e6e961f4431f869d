"""What has happened, in order: the emulator's append-only memory. Tokens never stand in it in the clear."""

from collections import deque
from itertools import islice
from typing import Any

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.store import Store

_SECTION = "ledger"
LONGEST = 50_000

Entry = dict[str, Any]


class Ledger:
    """The last entries, at most ``longest``; numbers go on however many were forgotten."""

    def __init__(self, clock: Clock, store: Store, longest: int = LONGEST) -> None:
        self._clock = clock
        self._store = store
        self._longest = longest
        self._entries: deque[Entry] = deque(entry for _, entry in store.load(_SECTION))
        self._last = self._entries[-1]["n"] if self._entries else 0

    def append(
        self, kind: str, *, company_id: int | None = None, user_id: int | None = None, **facts: Any
    ) -> Entry:
        """Number and date the entry; ``at`` is epoch seconds on the emulator's clock."""
        self._last += 1
        entry: Entry = {"n": self._last, "at": round(self._clock.now(), 6), "kind": kind}
        entry |= {"company_id": company_id, "user_id": user_id, **facts}
        self._entries.append(entry)
        self._store.put(_SECTION, _key(entry), entry)
        if len(self._entries) > self._longest:
            self._store.delete(_SECTION, _key(self._entries.popleft()))
        return entry

    def entries(self, since: int = 0) -> list[Entry]:
        """The entries numbered above ``since`` that are still known, oldest first."""
        forgotten = self._last - len(self._entries)
        return list(islice(self._entries, max(since - forgotten, 0), None))


def _key(entry: Entry) -> str:
    return f"{entry['n']:012d}"
