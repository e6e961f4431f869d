"""Where installations rest: one record per company and user, sealed, written by compare-and-set.

A record reads `1 <generation> <state> <sealed>`. Generation and state stand in the clear, so that a
script can compare and change them in one step; the generation is bound to the sealed part as well.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from typing import Protocol

import msgspec

from marketplace_app.domain.installation import Installation, InstallationState, Profile, TokenPair
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import CompanyKey, Label, Vault

_STATES = "|".join(InstallationState).encode()
_RECORD = re.compile(rb"1 ([0-9]{1,15}) (%b) (.*)" % _STATES, re.DOTALL)
_TOMBSTONE_SECONDS = 90 * 86400
_ATTEMPTS = 5
_MOST_OPENED = 4096

# KEYS[1] the record; ARGV: generation expected, generation to write, state ('' keeps it), sealed part.
# Without a state this is a renewal, which must not bring an uninstalled record back.
_SAVE = """
local current = redis.call('GET', KEYS[1])
local generation, state = '0', 'none'
if current then generation, state = string.match(current, '^1 (%d+) (%a+) ') end
if generation ~= ARGV[1] then return 0 end
if ARGV[3] == '' and (state == 'uninstalled' or state == 'none') then return 0 end
if ARGV[3] ~= '' then state = ARGV[3] end
redis.call('SET', KEYS[1], '1 ' .. ARGV[2] .. ' ' .. state .. ' ' .. ARGV[4])
return 1
"""

# KEYS[1] the record; ARGV: generation expected ('' is any), the state, seconds to keep a tombstone.
# An uninstalled record keeps its generation and loses its tokens. Who is refused (disconnected) after a
# notice of uninstall is uninstalled, whichever of the two was written first. Only who is suspect becomes
# active this way: a late answer must not undo a refusal.
_MARK = """
local current = redis.call('GET', KEYS[1])
if not current then return 0 end
local generation, state, sealed = string.match(current, '^1 (%d+) (%a+) (.*)$')
if state == 'uninstalled' or (ARGV[1] ~= '' and generation ~= ARGV[1]) then return 0 end
if ARGV[2] == 'active' and state ~= 'suspect' then return 0 end
if ARGV[2] == 'uninstalled' or (ARGV[2] == 'disconnected' and state == 'suspect') then
  redis.call('SET', KEYS[1], '1 ' .. generation .. ' uninstalled ', 'EX', ARGV[3])
else
  redis.call('SET', KEYS[1], '1 ' .. generation .. ' ' .. ARGV[2] .. ' ' .. sealed)
end
return 1
"""


class InstallationStore(Protocol):
    async def find(self, principal: Principal) -> Installation | None:
        """None for one that was never installed or is uninstalled."""
        ...

    async def install(self, installation: Installation) -> Installation:
        """Write a new grant over whatever is there; gives back the installation with its generation."""
        ...

    async def renew(self, installation: Installation) -> bool:
        """Write renewed tokens if nobody wrote since generation - 1; the state stays what it is now."""
        ...

    async def mark(
        self, principal: Principal, state: InstallationState, generation: int | None = None
    ) -> bool:
        """Change the state, of that generation only if one is given; whether it was changed."""
        ...


@dataclass(frozen=True, slots=True)
class _Sealed:
    installed_at: float
    tokens: TokenPair
    profile: Profile
    previous_refresh_token: str = field(default="", repr=False)


class RedisInstallationStore:
    def __init__(self, connection: Connection, reads: BatchedReads, vault: Vault) -> None:
        self._connection = connection
        self._reads = reads
        self._vault = vault
        self._opened: OrderedDict[Principal, tuple[bytes, Installation]] = OrderedDict()

    async def find(self, principal: Principal) -> Installation | None:
        """A record that reads as it did the last time is not opened again: the bytes decide, not the time."""
        asked = self._reads.get(keys.installation(principal))
        key = await self._vault.find_key(principal.company_id)
        record = await asked
        if key is None or record is None:
            return None
        known = self._opened.get(principal)
        if known is not None and known[0] == record:
            return known[1]
        found = self._open(principal, key, record)
        if found is not None:
            self._opened[principal] = record, found
            if len(self._opened) > _MOST_OPENED:
                self._opened.popitem(last=False)
        return found

    def _open(self, principal: Principal, key: CompanyKey, record: bytes) -> Installation | None:
        generation, state, sealed = _parse(record)
        if not sealed:
            return None
        found = _decode(key.open(_label(principal, generation), sealed))
        return Installation(
            principal=principal,
            state=InstallationState(state),
            generation=generation,
            installed_at=found.installed_at,
            tokens=found.tokens,
            profile=found.profile,
            previous_refresh_token=found.previous_refresh_token,
        )

    async def install(self, installation: Installation) -> Installation:
        for _ in range(_ATTEMPTS):
            record = await self._connection.get(keys.installation(installation.principal))
            written = replace(installation, generation=_parse(record)[0] + 1)
            if await self._save(written, InstallationState.ACTIVE):
                return written
        raise TokenUnreadable("an installation was written by others five times over")

    async def renew(self, installation: Installation) -> bool:
        return await self._save(installation, None)

    async def mark(
        self, principal: Principal, state: InstallationState, generation: int | None = None
    ) -> bool:
        expected = "" if generation is None else str(generation)
        return bool(
            await self._connection.run(
                _MARK, [keys.installation(principal)], [expected, state.value, _TOMBSTONE_SECONDS]
            )
        )

    async def _save(self, installation: Installation, state: InstallationState | None) -> bool:
        principal, generation = installation.principal, installation.generation
        key = await self._vault.make_key(principal.company_id)
        plain = msgspec.json.encode(
            _Sealed(
                installation.installed_at,
                installation.tokens,
                installation.profile,
                installation.previous_refresh_token,
            )
        )
        sealed = key.seal(_label(principal, generation), plain)
        arguments: list[bytes | str | int] = [
            generation - 1,
            generation,
            state.value if state else "",
            sealed,
        ]
        return bool(await self._connection.run(_SAVE, [keys.installation(principal)], arguments))


def _label(principal: Principal, generation: int) -> Label:
    return Label("installation", principal.company_id, principal.user_id, generation)


def _parse(record: bytes | None) -> tuple[int, str, bytes]:
    """Generation, state and the sealed part; 0 and nothing when there is no record."""
    if record is None:
        return 0, "", b""
    parts = _RECORD.fullmatch(record)
    if parts is None:
        raise TokenUnreadable("an installation's record is not of a known form")
    return int(parts[1]), parts[2].decode(), parts[3]


def _decode(plain: bytes) -> _Sealed:
    try:
        return msgspec.json.decode(plain, type=_Sealed)
    except msgspec.MsgspecError:
        raise TokenUnreadable("an installation's record does not read") from None
