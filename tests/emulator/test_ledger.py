"""The emulator's memory of what happened: bounded, its numbers are not."""

from pathlib import Path

from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.store import MemoryStore, SqliteStore, Store


def numbers(ledger: Ledger, since: int = 0) -> list[int]:
    return [entry["n"] for entry in ledger.entries(since)]


def ledger_of(store: Store) -> Ledger:
    return Ledger(Clock(store), store, longest=5)


def test_only_the_last_entries_are_kept_and_numbers_go_on() -> None:
    ledger = ledger_of(MemoryStore())
    for _ in range(12):
        ledger.append("reset")
    assert numbers(ledger) == [8, 9, 10, 11, 12]
    assert numbers(ledger, 10) == [11, 12]
    assert numbers(ledger, 3) == [8, 9, 10, 11, 12]
    assert numbers(ledger, 12) == numbers(ledger, 99) == []


def test_a_restart_knows_the_same_entries_and_the_next_number(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "state.db")
    ledger = ledger_of(store)
    for _ in range(7):
        ledger.append("reset")
    store.close()
    again = ledger_of(SqliteStore(tmp_path / "state.db"))
    assert again.entries() == ledger.entries()
    assert again.append("reset")["n"] == 8
    assert numbers(again) == [4, 5, 6, 7, 8]
