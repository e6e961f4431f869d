"""The journal: on the disk when it says so, open under its own name alone, and safe from a full disk."""

import asyncio
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from marketplace_app.settings import EncryptionKey
from marketplace_app.storage.journal import Entry, Journal, Kind
from marketplace_app.storage.key_ring import KeyRing
from tests.integration.storage.conftest import KEYS
from tests.makers import NOW, StoppedClock, principal, seeded

pytestmark = pytest.mark.anyio
PLAIN = b'{"refresh_token":"CANARY"}'
RING = (EncryptionKey("k2", bytes(range(1, 33))), *KEYS)
ROOT = Path(__file__).resolve().parents[3]
FULL = """
import asyncio, json, resource, signal, sys
from pathlib import Path
from tests.integration.storage.test_journal import PLAIN, journal_in

async def main():
    journal = journal_in(Path(sys.argv[1]))
    await asyncio.to_thread(int)  # a thread is there before the limit is
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
    if sys.argv[3] == "dies":
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    await journal.append("install", None, PLAIN)
    kept = [entry.plain.decode() for entry in await journal.entries()]
    print(json.dumps({"degraded": journal.is_degraded, "kept": kept}))

asyncio.run(main())
"""
KINDS: tuple[Kind, ...] = ("renewal", "install", "uninstall")


def journal_in(
    folder: Path, ring: tuple[EncryptionKey, ...] = KEYS, clock: StoppedClock | None = None
) -> Journal:
    return Journal(folder, KeyRing(ring), clock or StoppedClock())


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return journal_in(tmp_path)


def append_up_to(folder: Path, most: int, then: str) -> "subprocess.CompletedProcess[str]":
    """A process that appends; beyond so many bytes its write fails, or it dies."""
    command = [sys.executable, "-c", FULL, str(folder), str(most), then]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def only_file(folder: Path) -> Path:
    (found,) = files_in(folder)
    return found


@pytest.mark.parametrize("kind", KINDS)
async def test_another_process_on_the_folder_sees_the_same_entry(
    journal: Journal, tmp_path: Path, kind: Kind
) -> None:
    entry = await journal.append(kind, principal(), PLAIN)
    assert await journal_in(tmp_path).entries() == [entry]
    assert (entry.kind, entry.plain, entry.written_at) == (kind, PLAIN, NOW)
    assert not journal.is_degraded
    await journal_in(tmp_path).drop(entry)
    assert await journal.entries() == []
    await journal.drop(entry)  # whoever comes second finds it done


async def test_an_entry_is_for_its_owner_on_this_machine_and_sealed(journal: Journal, tmp_path: Path) -> None:
    await journal.append("install", None, PLAIN)
    file = only_file(tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    octets = file.read_bytes()
    assert octets.startswith(b"J1 k1\n")
    assert b"CANARY" not in octets + file.name.encode()


async def test_it_is_on_the_disk_before_it_has_its_name(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order in which the kernel is asked: content synced, then renamed, then the folder synced."""
    steps: list[str] = []
    fdatasync, fsync, rename = os.fdatasync, os.fsync, Path.rename

    def synced(handle: int) -> None:
        steps.append(f"fdatasync {os.fstat(handle).st_size > len(PLAIN)}")
        fdatasync(handle)

    def folder_synced(handle: int) -> None:
        steps.append(f"fsync {stat.S_ISDIR(os.fstat(handle).st_mode)}")
        fsync(handle)

    def renamed(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr(os, "fdatasync", synced)
    monkeypatch.setattr(os, "fsync", folder_synced)
    monkeypatch.setattr(Path, "rename", renamed)
    await journal.append("renewal", principal(), PLAIN)
    assert steps == ["fdatasync True", "rename", "fsync True"]


async def test_entries_come_oldest_first_and_of_whom_one_asks(tmp_path: Path) -> None:
    clock = StoppedClock()
    journal = journal_in(tmp_path, clock=clock)
    made: list[Entry] = []
    for owner in (principal(1, 11), principal(11, 1), principal(1, 111), principal(1, 11), None):
        clock.time += 1
        made.append(await journal.append("renewal", owner, PLAIN))
    assert await journal.entries() == made
    assert await journal.entries(principal(1, 11)) == [made[0], made[3]]
    assert await journal.entries(principal(11, 1)) == [made[1]]
    assert await journal.entries(principal(1, 1)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("-1-11-", "-1-12-"), ("-1-11-", "-2-11-"), ("renewal-", "install-"), (f"-{NOW}000-", f"-{NOW}001-")],
)
async def test_an_entry_under_another_name_does_not_open(
    journal: Journal, tmp_path: Path, old: str, new: str
) -> None:
    """Another principal's, another kind, another time."""
    await journal.append("renewal", principal(1, 11), PLAIN)
    file = only_file(tmp_path)
    assert old in file.name
    moved = file.rename(tmp_path / file.name.replace(old, new))
    assert await journal.entries() == []
    assert await journal.entries(principal(1, 12)) == []
    assert moved.exists()


@pytest.mark.parametrize("ring", [(EncryptionKey("k9", KEYS[0].octets),), (EncryptionKey("k1", bytes(32)),)])
async def test_what_does_not_open_waits_for_its_key(
    journal: Journal, tmp_path: Path, ring: tuple[EncryptionKey, ...]
) -> None:
    entry = await journal.append("renewal", principal(), PLAIN)
    stranger, newer = journal_in(tmp_path, ring), journal_in(tmp_path, RING)
    assert await stranger.entries() == []
    assert await newer.entries() == [entry]
    assert stranger.key_uses() == {"k1": 1}
    await newer.append("renewal", None, b"x")
    assert stranger.key_uses() == {"k1": 1, "k2": 1}


async def test_no_flipped_bit_and_no_other_length_of_an_entry_is_accepted(
    journal: Journal, tmp_path: Path
) -> None:
    random = seeded(9)
    await journal.append("renewal", principal(), PLAIN)
    file = only_file(tmp_path)
    octets = file.read_bytes()
    for _ in range(300):
        changed = bytearray(octets)
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
        file.write_bytes(bytes(changed))
        assert await journal.entries() == []
    for size in range(len(octets)):
        file.write_bytes(octets[:size])
        assert await journal.entries() == []
    file.write_bytes(octets + b"x")
    assert await journal.entries() == []
    file.write_bytes(octets)
    assert len(await journal.entries()) == 1


@pytest.mark.parametrize(
    "name",
    ["README", "renewal-1-11-1-x.sealed", "renewal-1-11-1-" + "0" * 32 + ".sealed.unfinished", "..sealed"],
)
async def test_what_is_no_entry_is_left_alone(journal: Journal, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"J1 k1\nsomething")
    assert await journal.entries() == []
    assert journal.key_uses() == {}
    assert (tmp_path / name).exists()


async def test_who_dies_while_writing_leaves_no_half_of_an_entry(journal: Journal, tmp_path: Path) -> None:
    """In a process of its own, which the kernel kills when the file has twenty bytes."""
    done = await asyncio.to_thread(append_up_to, tmp_path, 20, "dies")
    assert done.returncode == -signal.SIGXFSZ
    assert only_file(tmp_path).name.endswith(".unfinished")
    assert only_file(tmp_path).stat().st_size == 20
    assert await journal.entries() == []


async def test_what_a_dead_process_never_finished_goes_with_its_company(
    journal: Journal, tmp_path: Path
) -> None:
    for company in (1, 2):
        (tmp_path / f"renewal-{company}-11-1-{'0' * 32}.sealed.unfinished").write_bytes(b"J1 k1\nhalf")
    assert journal.forget(1) == 1
    assert only_file(tmp_path).name.startswith("renewal-2-")


def no_folder(folder: Path) -> None:
    folder.rmdir()


def a_file_in_its_place(folder: Path) -> None:
    folder.rmdir()
    folder.write_text("a file")


@pytest.mark.parametrize("spoil", [no_folder, a_file_in_its_place])
async def test_a_disk_that_refuses_loses_nothing_while_the_process_lives(tmp_path: Path, spoil: Any) -> None:
    folder = tmp_path / "spool"
    folder.mkdir()
    journal = journal_in(folder)
    spoil(folder)
    entry = await journal.append("renewal", principal(), PLAIN)
    assert journal.is_degraded
    assert await journal.entries() == [entry]
    assert await journal.entries(principal()) == [entry]
    assert await journal.entries(principal(2, 11)) == []
    await journal.drop(entry)
    assert (await journal.entries(), journal.is_degraded) == ([], False)


def test_a_disk_that_is_full_loses_nothing_and_keeps_no_half(tmp_path: Path) -> None:
    """In a process of its own, whose files the kernel lets grow to so many bytes and no further."""
    for most in (0, 1, 20, 59):
        done = append_up_to(tmp_path, most, "lives")
        assert json.loads(done.stdout.splitlines()[-1]) == {"degraded": True, "kept": [PLAIN.decode()]}
        assert files_in(tmp_path) == []


async def test_what_was_left_unfinished_goes_after_an_hour(journal: Journal, tmp_path: Path) -> None:
    """Its process died; and one that is at work just now is left alone."""
    names = [f"renewal-1-11-{at}-{'0' * 32}.sealed.unfinished" for at in ((NOW - 3601) * 1000, NOW * 1000)]
    for name in (*names, "notes.unfinished"):
        (tmp_path / name).write_bytes(b"J1 k1\nhalf")
    entry = await journal.append("renewal", principal(), PLAIN)
    await journal.tidy()
    left = {file.name for file in files_in(tmp_path)}
    assert left == {names[1], "notes.unfinished", entry.name}
    assert journal.forget(principal().company_id) == 2
    assert [file.name for file in files_in(tmp_path)] == ["notes.unfinished"]


async def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    journals = [journal_in(tmp_path) for _ in range(4)]
    made = await asyncio.gather(
        *(journals[n % 4].append(KINDS[n % 3], principal(1, n), PLAIN) for n in range(60))
    )
    seen = await asyncio.gather(*(journal.entries() for journal in journals))
    assert all({entry.name for entry in each} == {entry.name for entry in made} for each in seen)
    await asyncio.gather(*(journals[(n + 1) % 4].drop(entry) for n, entry in enumerate(made)))
    assert files_in(tmp_path) == []
