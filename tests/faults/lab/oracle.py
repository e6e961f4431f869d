"""What Pipedrive knows: the emulator's ledger and grants. Nothing here asks the app, or shares its code."""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx2

Entry = dict[str, Any]


class Holder(NamedTuple):
    """Company and user; the lab has one app."""

    company_id: int
    user_id: int


class Grant(NamedTuple):
    """Fingerprints of the tokens that work now."""

    is_installed: bool
    refresh_tokens: frozenset[str]
    access_tokens: frozenset[str]


class LedgerGap(AssertionError):
    """Entries were forgotten before they were read: read more often."""


@dataclass(slots=True)
class Ledger:
    """Every entry since `start`, each read once; read often enough that the emulator forgets none."""

    url: str
    entries: list[Entry] = field(default_factory=list)
    last: int = 0

    def start(self) -> None:
        """From here on; what was before is of no interest."""
        found = self._ask(0)
        self.last = found[-1]["n"] if found else 0
        self.entries.clear()

    def read(self) -> list[Entry]:
        """Also gives back everything since `start`."""
        found = self._ask(self.last)
        if found and found[0]["n"] != self.last + 1:
            raise LedgerGap(f"entries {self.last + 1} to {found[0]['n'] - 1} are gone")
        if found:
            self.entries += found
            self.last = found[-1]["n"]
        return self.entries

    def of(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.read() if entry["kind"] in kinds]

    def refreshes(self) -> Counter[Holder]:
        """Successful ones, by holder."""
        return Counter(holder_of(entry) for entry in self.of("token_refreshed"))

    def _ask(self, since: int) -> list[Entry]:
        reply = httpx2.get(f"{self.url}/_emulator/ledger", params={"since": since}, timeout=60)
        entries: list[Entry] = reply.raise_for_status().json()["entries"]
        return entries


def holder_of(entry: Entry) -> Holder:
    return Holder(entry["company_id"], entry["user_id"])


def grants(url: str, client_id: str) -> dict[Holder, Grant]:
    """Who holds tokens that work; whoever is absent holds none."""
    reply = httpx2.get(f"{url}/_emulator/grants", params={"client_id": client_id}, timeout=60)
    return {
        holder_of(row): Grant(
            row["is_installed"], frozenset(row["refresh_tokens"]), frozenset(row["access_tokens"])
        )
        for row in reply.raise_for_status().json()["grants"]
    }


def fingerprint(token: str) -> str:
    """The emulator's way to name a token."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def lost(held: dict[Holder, Grant], stored: dict[Holder, str]) -> list[Holder]:
    """Those whose stored refresh token (by fingerprint) does not work although Pipedrive has them installed.

    Who is installed there and not stored here at all is lost as well.
    """
    return [
        holder
        for holder, grant in held.items()
        if grant.is_installed and stored.get(holder) not in grant.refresh_tokens
    ]
