"""Where installations rest: one record per company and user, sealed, written by compare-and-set.

A record reads `2 <generation> <state> <since> <sealed>`. The first parts stand in the clear, so that a script
can compare and change them in one step; the generation is bound to the sealed part as well. `since` is epoch
seconds: of the first refusal of an active or suspect one (0 is none), else when it ended.
"""

import re
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, cast

import msgspec

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation, InstallationState, Profile, TokenPair
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotDurable, TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.batch import BatchedReads
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.installation_scripts import (
    ACKNOWLEDGE,
    CONFIRM,
    END,
    FORGET_COMPANY,
    FORGET_USER,
    KEY_IS_GONE,
    REFUSE,
    SAVE,
    SUSPECT,
    USERS,
    WRITTEN,
)
from marketplace_app.storage.vault import CompanyKey, Label, Vault

_STATES = "|".join(InstallationState).encode()
_RECORD = re.compile(rb"2 ([0-9]{1,15}) (%b) ([0-9]{1,15}) (.*)" % _STATES, re.DOTALL)
_ATTEMPTS = 5
_NOTHING = (0, "none")  # generation and state of a record that is not there, as the script has it
_LIVING = ""  # any state but the end
_MOST_OPENED = 4096


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in the clear: also of who is uninstalled. `since` as in the record."""

    state: InstallationState
    generation: int
    since: int


class InstallationStore(Protocol):
    async def find(self, principal: Principal) -> Installation | None:
        """None for one that was never installed or is uninstalled."""
        ...

    async def standing(self, principal: Principal) -> Standing | None:
        """Tells of an uninstalled one too, and opens nothing."""
        ...

    async def users_of(self, company_id: CompanyId) -> Sequence[UserId]:
        """Whoever has a record, in no order."""
        ...

    async def install(self, installation: Installation, over: Standing | None) -> bool:
        """Write a new grant if what stands there is still `over`, None for nothing; whether it was written.

        Raises NotDurable as `renew` does.
        """
        ...

    async def renew(self, installation: Installation) -> bool:
        """Write renewed tokens if nobody wrote since generation - 1. One that was suspect stays so.

        Raises NotDurable when it is written but not on as many replicas as REDIS_DURABILITY asks for.
        """
        ...

    async def acknowledge(self, principal: Principal) -> None:
        """Returns when what is there is as durable as REDIS_DURABILITY asks for; raises NotDurable."""
        ...

    async def suspect(self, principal: Principal, now: float) -> bool:
        """Pipedrive told of an uninstall. One that is refused already is uninstalled by that."""
        ...

    async def confirm(self, principal: Principal, generation: int) -> None:
        """The API accepted the grant of a suspect: it is active after all."""
        ...

    async def refuse(self, principal: Principal, generation: int, now: float, spacing: float) -> None:
        """The grant of that generation was refused, `now` in epoch seconds.

        A suspect is uninstalled by it. Of another one the first refusal is noted, and the next that comes
        at least `spacing` seconds later makes it disconnected. Raises NotDurable, as all that ends does.
        """
        ...

    async def end(self, principal: Principal, now: float, generation: int | None = None) -> bool:
        """Tokens go at once and a tombstone with the generation stays; of that generation only, if given."""
        ...

    async def disconnect(self, principal: Principal, now: float, generation: int) -> None:
        """The grant of that generation is not this user's. It stays sealed and is never used again."""
        ...

    async def forget_user(self, principal: Principal, generation: int) -> None:
        """The tombstone of that generation goes too."""
        ...

    async def forget_company(self, company_id: CompanyId) -> bool:
        """Destroys the data key of a company of which no user is left; whether none was left."""
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
        known = self._opened.get(principal)
        if known is not None and known[0] == record and key is not None:
            return known[1]
        self._opened.pop(principal, None)  # no memory keeps the tokens of one that ended
        if record is None:
            return None
        found = await self._open(principal, key, record)
        if found is not None:
            self._opened[principal] = record, found
            if len(self._opened) > _MOST_OPENED:
                self._opened.popitem(last=False)
        return found

    async def _open(self, principal: Principal, key: CompanyKey | None, record: bytes) -> Installation | None:
        standing, sealed = _parse(record)
        if not sealed:
            return None
        if key is None or not key.has_sealed(sealed):  # the company was forgotten and has come back
            key = await self._vault.find_key(principal.company_id, anew=True)
        if key is None:
            return None
        found = _decode(key.open(_label(principal, standing.generation), sealed))
        return Installation(
            principal=principal,
            state=standing.state,
            generation=standing.generation,
            installed_at=found.installed_at,
            tokens=found.tokens,
            profile=found.profile,
            previous_refresh_token=found.previous_refresh_token,
            refused_at=standing.since if standing.state is InstallationState.ACTIVE else 0,
        )

    async def standing(self, principal: Principal) -> Standing | None:
        record = await self._connection.get(keys.installation(principal))
        return None if record is None else _parse(record)[0]

    async def users_of(self, company_id: CompanyId) -> Sequence[UserId]:
        members = await self._connection.run(USERS, [keys.company_users(company_id)], [])
        return [UserId(int(member)) for member in members]

    async def install(self, installation: Installation, over: Standing | None) -> bool:
        expected = (over.generation, over.state.value) if over else _NOTHING
        return await self._save(installation, expected, self._vault.make_key)

    async def renew(self, installation: Installation) -> bool:
        return await self._save(installation, (installation.generation - 1, _LIVING), self._key_there_is)

    async def acknowledge(self, principal: Principal) -> None:
        await self._connection.run(ACKNOWLEDGE, [keys.installation(principal)], [], durable=True)

    async def suspect(self, principal: Principal, now: float) -> bool:
        return bool(await self._change(SUSPECT, principal, int(now), durable=True))

    async def confirm(self, principal: Principal, generation: int) -> None:
        await self._change(CONFIRM, principal, generation)

    async def refuse(self, principal: Principal, generation: int, now: float, spacing: float) -> None:
        await self._change(REFUSE, principal, generation, int(now), int(spacing), durable=True)

    async def end(self, principal: Principal, now: float, generation: int | None = None) -> bool:
        expected = "" if generation is None else generation
        state = InstallationState.UNINSTALLED
        return bool(await self._change(END, principal, expected, int(now), state, durable=True))

    async def disconnect(self, principal: Principal, now: float, generation: int) -> None:
        state = InstallationState.DISCONNECTED
        await self._change(END, principal, generation, int(now), state, durable=True)

    async def forget_user(self, principal: Principal, generation: int) -> None:
        company_id, user_id = principal.company_id, principal.user_id
        its = [keys.settings(company_id, user_id), keys.channels(principal), keys.jobs(principal)]
        names = [keys.installation(principal), keys.company_users(company_id), *its]
        names += keys.job_lines(company_id)
        await self._connection.run(FORGET_USER, names, [generation, user_id], durable=True)

    async def forget_company(self, company_id: CompanyId) -> bool:
        names = [keys.company_users(company_id), keys.data_key(company_id)]
        return bool(await self._connection.run(FORGET_COMPANY, names, [], durable=True))

    async def _change(
        self, script: str, principal: Principal, *arguments: str | int, durable: bool = False
    ) -> int:
        self._opened.pop(principal, None)
        names = [keys.installation(principal)]
        return cast("int", await self._connection.run(script, names, [*arguments], durable=durable))

    async def _save(
        self,
        installation: Installation,
        expected: tuple[int, str],
        key_for: Callable[[CompanyId], Awaitable[CompanyKey | None]],
    ) -> bool:
        """False when another one has written since; a key that went while we sealed is looked for again."""
        principal = installation.principal
        names = [keys.installation(principal), keys.company_users(principal.company_id)]
        names += [keys.data_key(principal.company_id), keys.channels(principal), keys.jobs(principal)]
        for _ in range(_ATTEMPTS):
            key = await key_for(principal.company_id)
            if key is None:
                return False
            generation, state = expected
            sealed = _seal(installation, key)
            arguments: list[bytes | str | int] = [
                generation,
                installation.generation,
                state,
                sealed,
                principal.user_id,
                key.key_id,
            ]
            written = await self._written(names, arguments)
            if written != KEY_IS_GONE:
                return bool(written)
        raise TokenUnreadable("the company's key was destroyed five times over")

    async def _written(self, names: list[str], arguments: list[bytes | str | int]) -> int:
        """What the script says; raises NotDurable for a write that was done and not acknowledged."""
        try:
            return cast("int", await self._connection.run(SAVE, names, arguments, durable=True))
        except NotDurable as error:
            if error.reply == WRITTEN:
                raise
            return cast("int", error.reply)

    async def _key_there_is(self, company_id: CompanyId) -> CompanyKey | None:
        """Only a new grant makes a key: a late renewal must leave nothing of a company that was forgotten."""
        return await self._vault.find_key(company_id, anew=True)


def _seal(installation: Installation, key: CompanyKey) -> bytes:
    plain = msgspec.json.encode(
        _Sealed(
            installation.installed_at,
            installation.tokens,
            installation.profile,
            installation.previous_refresh_token,
        )
    )
    return key.seal(_label(installation.principal, installation.generation), plain)


def _label(principal: Principal, generation: int) -> Label:
    return Label("installation", principal.company_id, principal.user_id, generation)


def _parse(record: bytes) -> tuple[Standing, bytes]:
    """What stands in the clear, and the sealed part."""
    parts = _RECORD.fullmatch(record)
    if parts is None:
        raise TokenUnreadable("an installation's record is not of a known form")
    return Standing(InstallationState(parts[2].decode()), int(parts[1]), int(parts[3])), parts[4]


def _decode(plain: bytes) -> _Sealed:
    try:
        return msgspec.json.decode(plain, type=_Sealed)
    except msgspec.MsgspecError:
        raise TokenUnreadable("an installation's record does not read") from None
