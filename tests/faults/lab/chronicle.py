"""Which token is of which grant, read from the emulator's ledger; and the calls that came after an end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.faults.lab.oracle import Entry, Holder, holder_of


@dataclass(slots=True)
class Chronicle:
    """Each code that is exchanged begins a grant; what is refreshed from its tokens belongs to it too."""

    grant_of: dict[str, tuple[Holder, int]] = field(default_factory=dict)  # by fingerprint of any token
    grants: dict[Holder, int] = field(default_factory=dict)
    first: set[str] = field(default_factory=set)  # the access token that each code gave
    calls: list[tuple[str, float, int]] = field(default_factory=list)  # token, started at, status

    def read(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if entry["kind"] == "token_issued":
                holder = holder_of(entry)
                self.grants[holder] = self.grants.get(holder, 0) + 1
                self.first.add(entry["access_token"])
                self._note(entry, (holder, self.grants[holder]))
            elif entry["kind"] == "token_refreshed":
                self._note(entry, self.grant_of[entry["presented"]])
            elif entry["kind"] == "api_call" and entry["token"] in self.grant_of:
                self.calls.append((entry["token"], entry["started_at"], entry["status"]))

    def is_later(self, token: str, than: str) -> bool:
        """Whether the one is of a later grant of the same holder."""
        (holder, number), (other, before) = self.grant_of[token], self.grant_of[than]
        return holder == other and number > before

    def calls_after(self, ends: Sequence[tuple[Holder, str, float]]) -> list[tuple[str, float, int]]:
        """Those with a token of a grant that was over: `ends` are holder, its last token, when."""
        over: dict[tuple[Holder, int], float] = {}
        for holder, token, at in ends:
            for number in range(1, self.grant_of[token][1] + 1):
                over[holder, number] = min(at, over.get((holder, number), at))
        return [
            (token, at, status)
            for token, at, status in self.calls
            if at > over.get(self.grant_of[token], float("inf"))
        ]

    def _note(self, entry: Entry, grant: tuple[Holder, int]) -> None:
        for name in ("access_token", "refresh_token"):
            self.grant_of[entry[name]] = grant
