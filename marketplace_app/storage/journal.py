"""What must not be lost while Redis is away: sealed entries in SPOOL_DIR, one file each.

An entry is on the disk before `append` returns, and is dropped when Redis has what it says. Each process of
a machine sees the entries of all. A disk that refuses costs no grant either: the entry stays in memory.
"""

import asyncio
import os
import re
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from marketplace_app.clock import Clock
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import TokenUnreadable
from marketplace_app.logs import logger
from marketplace_app.storage.key_ring import KeyRing

Kind = Literal["renewal", "install", "uninstall"]

_NAME = re.compile(
    r"(?P<kind>renewal|install|uninstall)-(?P<company>[0-9]{1,16})-(?P<user>[0-9]{1,16})"
    r"-(?P<at>[0-9]{1,16})-(?P<nonce>[0-9a-f]{32})\.sealed"
)
_HEAD = re.compile(rb"J1 ([a-z0-9-]{1,32})\n")
_UNFINISHED = ".unfinished"
_MOST_BYTES = 1024 * 1024  # several times what the longest reply of the token endpoint becomes
_ABANDONED_SECONDS = 3600  # whoever writes an entry so long has died


@dataclass(frozen=True, slots=True)
class Entry:
    """`company_id` and `user_id` are 0 in the entry of a grant of which nobody knows yet whose it is."""

    name: str
    kind: Kind
    company_id: int
    user_id: int
    written_at: float  # epoch seconds
    plain: bytes = field(repr=False)

    def is_of(self, principal: Principal) -> bool:
        return (self.company_id, self.user_id) == (principal.company_id, principal.user_id)


class Journal:
    def __init__(self, folder: Path, ring: KeyRing, clock: Clock) -> None:
        self._folder = folder
        self._ring = ring
        self._clock = clock
        self._held: dict[str, Entry] = {}  # what the disk refused
        self._log = logger("journal")

    @property
    def is_degraded(self) -> bool:
        """Whether the disk refuses, so that entries are in memory alone."""
        return bool(self._held)

    async def append(self, kind: Kind, principal: Principal | None, plain: bytes) -> Entry:
        """On the disk when this returns; in memory alone, and in the log, when the disk refuses."""
        company_id, user_id = (principal.company_id, principal.user_id) if principal else (0, 0)
        now = int(self._clock.now() * 1000) / 1000  # never later than it is
        name = f"{kind}-{company_id:d}-{user_id:d}-{now * 1000:.0f}-{secrets.token_hex(16)}.sealed"
        entry = Entry(name, kind, company_id, user_id, now, plain)
        try:
            await asyncio.to_thread(self._write, name, self._seal(name, plain))
        except OSError as error:
            self._held[name] = entry
            self._log.error("disk refuses the journal", kind=kind, detail=error.strerror)
        return entry

    async def drop(self, entry: Entry) -> None:
        self._held.pop(entry.name, None)
        try:
            await asyncio.to_thread((self._folder / entry.name).unlink, missing_ok=True)
        except OSError as error:  # it will be read again, and be found to be done
            self._log.warning("an entry cannot be removed", kind=entry.kind, detail=error.strerror)

    def has(self, entry: Entry) -> bool:
        """Whether it is still to be carried out."""
        return entry.name in self._held or (self._folder / entry.name).exists()

    async def entries(self, principal: Principal | None = None, *, but: Collection[str] = ()) -> list[Entry]:
        """Of everybody or of one, oldest first, without those of the names `but`.

        What does not open stays there, for its key to return.
        """
        return await asyncio.to_thread(self._read_all, principal, but)

    def names(self) -> set[str]:
        """Of the entries of this machine, those that do not open included."""
        return {path.name for path in self._paths()} | self._held.keys()

    def written_at(self) -> list[float]:
        """When each of them was written, epoch seconds."""
        return [_at(name) for name in self.names()]

    def forget(self, company_id: int) -> int:
        """Removes what names the company, whether it opens or not, or was never finished; how many.

        Raises OSError.
        """
        mine = [path for path in self._all_paths() if _is_of_company(path.name, company_id)]
        for path in mine:
            path.unlink(missing_ok=True)
        self._held = {name: e for name, e in self._held.items() if e.company_id != company_id}
        return len(mine)

    async def tidy(self) -> None:
        """Removes what processes that died have left unfinished: nobody was told that it is kept."""
        await asyncio.to_thread(self._tidy)

    def key_uses(self) -> dict[str, int]:
        """How many entries on this machine are sealed with which encryption key."""
        uses: dict[str, int] = {}
        for path in self._paths():
            head = _HEAD.match(_octets(path) or b"")
            if head:
                uses[head[1].decode()] = uses.get(head[1].decode(), 0) + 1
        return uses

    def _seal(self, name: str, plain: bytes) -> bytes:
        """Bound to its name, so that an entry under another one's name does not open."""
        return f"J1 {self._ring.newest}\n".encode() + self._ring.seal(plain, _bound_to(name))

    def _write(self, name: str, sealed: bytes) -> None:
        """Whole or not at all: written beside, synced, renamed, and the folder synced."""
        unfinished = self._folder / f"{name}{_UNFINISHED}"
        try:
            with open(unfinished, "xb", opener=_for_us_alone) as file:
                file.write(sealed)
                file.flush()
                _sync(file.fileno())
            unfinished.rename(self._folder / name)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _tidy(self) -> None:
        now = self._clock.now()
        for path in self._all_paths():
            if path.name.endswith(_UNFINISHED) and now - _at(path.name) > _ABANDONED_SECONDS:
                with suppress(OSError):
                    path.unlink()

    def _paths(self) -> list[Path]:
        return [path for path in self._all_paths() if not path.name.endswith(_UNFINISHED)]

    def _all_paths(self) -> list[Path]:
        """Unfinished ones too."""
        try:
            names = [name for name in os.listdir(self._folder) if _parts(name)]  # noqa: PTH208 (names)
        except OSError:
            return []
        return [self._folder / name for name in names]

    def _read_all(self, principal: Principal | None, but: Collection[str]) -> list[Entry]:
        found = {name: entry for name, entry in self._held.items() if name not in but}
        for path in self._paths():
            entry = self._read(path, principal) if path.name not in but else None
            if entry is not None:
                found[entry.name] = entry
        chosen = [entry for entry in found.values() if principal is None or entry.is_of(principal)]
        return sorted(chosen, key=lambda entry: entry.written_at)

    def _read(self, path: Path, principal: Principal | None) -> Entry | None:
        parts = _NAME.fullmatch(path.name)
        if parts is None or (
            principal is not None
            and (parts["company"], parts["user"]) != (str(principal.company_id), str(principal.user_id))
        ):
            return None
        octets = _octets(path)
        head = _HEAD.match(octets) if octets else None
        if octets is None or head is None:
            return None
        try:
            plain = self._ring.open(head[1].decode(), octets[head.end() :], _bound_to(path.name))
        except TokenUnreadable as error:
            self._log.error("an entry of the journal does not open", entry=path.name, detail=str(error))
            return None
        kind: Kind = parts["kind"]  # type: ignore[assignment]  # one of the three, by the pattern
        company_id, user_id = int(parts["company"]), int(parts["user"])
        return Entry(path.name, kind, company_id, user_id, int(parts["at"]) / 1000, plain)


def _parts(name: str) -> re.Match[str] | None:
    return _NAME.fullmatch(name.removesuffix(_UNFINISHED))


def _at(name: str) -> float:
    parts = _parts(name)
    return int(parts["at"]) / 1000 if parts else 0.0


def _is_of_company(name: str, company_id: int) -> bool:
    parts = _parts(name)
    return parts is not None and int(parts["company"]) == company_id


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(handle: int) -> None:
    getattr(os, "fdatasync", os.fsync)(handle)  # macOS has the one only


def _bound_to(name: str) -> bytes:
    return f"journal\x1f{name}".encode()


def _octets(path: Path) -> bytes | None:
    """None when another process has dropped it meanwhile."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES)
    except OSError:
        return None
