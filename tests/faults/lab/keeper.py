"""A process of the app that keeps reading and writing records, and one that tampers with them.

`python -m tests.faults.lab.keeper` takes orders as driver.py does: `plant`, `keep`, `halt`, `look`, `flip`,
`swap`. What it plants is made up: an access token says whose it is and of which generation.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from itertools import cycle
from typing import Any

from marketplace_app import logs
from marketplace_app.composition import Composition
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation, InstallationState, Profile, TokenPair
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, TokenUnreadable
from marketplace_app.settings import Settings
from marketplace_app.storage import keys
from marketplace_app.storage.installations import RedisInstallationStore
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.schedule import Schedule
from marketplace_app.storage.vault import Vault
from tests.faults.lab.driver import Driver, Order, obey

_AT_ONCE = 16
_WRITES = 4  # one of so many is a write
_HEAD = 6  # of a record: what stands in the clear, which chance alone would seldom meet


class Keeper(Driver):
    def __init__(self, parts: Composition) -> None:
        super().__init__(parts)
        self._parts = parts
        self._is_over = asyncio.Event()

    async def do(self, order: Order) -> dict[str, Any]:
        handlers: dict[str, Callable[[Order], Awaitable[dict[str, Any]]]] = {
            "plant": self._plant,
            "keep": self._keep,
            "halt": self._halt,
            "look": self._look,
            "flip": self._flip,
            "swap": self._swap,
        }
        return await handlers[order["do"]](order)

    def _cold(self) -> RedisInstallationStore:
        """A store that remembers nothing of what it has opened before."""
        ring = KeyRing(self._parts.settings.encryption_keys)
        vault = Vault(self._parts.connection, ring, self._parts.clock)
        return RedisInstallationStore(self._parts.connection, self._parts.reads, vault)

    async def _plant(self, order: Order) -> dict[str, Any]:
        """A record for each principal, as an install writes it."""
        store, schedule = self._cold(), Schedule(self._parts.connection)

        async def one(principal: Principal) -> None:
            await schedule.put(principal, 9e9)
            assert await store.install(_made(principal), None)

        await _each(order, one)
        return {}

    async def _keep(self, order: Order) -> dict[str, Any]:
        """Reads, and writes a next generation, until `halt`: how often, and what went wrong by reason."""
        chance, principals = random.Random(order["seed"]), _principals(order)  # noqa: S311 - to be replayed
        chance.shuffle(principals)
        turns, found = cycle(principals), Counter[str]()

        async def work() -> None:
            while not self._is_over.is_set():
                store = self._cold()
                for _ in range(8):
                    found[await _outcome(store, next(turns), writes=chance.randrange(_WRITES) == 0)] += 1

        self._is_over.clear()
        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
        return {"outcomes": found}

    async def _halt(self, _: Order) -> dict[str, Any]:
        self._is_over.set()
        return {}

    async def _look(self, order: Order) -> dict[str, Any]:
        """Outcome of one cold read of each."""
        found = Counter[str]()

        async def one(principal: Principal) -> None:
            found[await _outcome(self._cold(), principal, writes=False)] += 1

        await _each(order, one)
        return {"outcomes": found}

    async def _flip(self, order: Order) -> dict[str, Any]:
        """`count` flips of one bit, in records and data keys by turns; which were accepted."""
        chance, accepted = random.Random(order["seed"]), []  # noqa: S311 - to be replayed
        connection = self._parts.connection

        async def one(number: int, principal: Principal, _: Principal) -> None:
            name = (keys.installation(principal), keys.data_key(principal.company_id))[number % 2]
            sound = await connection.get(name)
            assert sound is not None
            places = [at for at in range(len(sound)) if at not in _since(sound)]
            place = chance.choice(places[:_HEAD] if number % 8 == 0 else places)
            bent = bytearray(sound)
            bent[place] ^= 1 << chance.randrange(8)
            await connection.set(name, bytes(bent))
            if await self._opens(principal):
                accepted.append(f"{name} byte {place}")
            await connection.set(name, sound)

        await _numbered(order, one)
        return {"accepted": accepted}

    async def _swap(self, order: Order) -> dict[str, Any]:
        """`count` records, or these with their data keys, under another's name; which were accepted."""
        connection, accepted = self._parts.connection, []

        async def one(number: int, mine: Principal, other: Principal) -> None:
            names = [(keys.installation(mine), keys.installation(other))]
            if number % 2:
                names.append((keys.data_key(mine.company_id), keys.data_key(other.company_id)))
            sound = {name: await connection.get(name) for name, _ in names}
            for name, foreign in names:
                await connection.set(name, await connection.get(foreign) or b"")
            if await self._opens(mine):
                accepted.append(f"{mine} as {other}")
            for name, octets in sound.items():
                await connection.set(name, octets or b"")

        await _numbered(order, one)
        return {"accepted": accepted}

    async def _opens(self, principal: Principal) -> bool:
        try:
            return await self._cold().find(principal) is not None
        except TokenUnreadable:
            return False


async def _outcome(store: RedisInstallationStore, principal: Principal, *, writes: bool) -> str:
    try:
        found = await store.find(principal)
        if found is None:
            return "gone"
        if found.tokens.access_token != _token(principal, found.generation):
            return "foreign"
        if not writes:
            return "read"
        return "written" if await store.renew(_next(found)) else "overtaken"
    except MarketplaceAppError as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - it becomes a row of the table
        return f"bug: {type(error).__name__}: {error}"


def _since(record: bytes) -> range:
    """Where the time stands in the clear: it is no secret, and nothing of the grant hangs on it."""
    parts = record.split(b" ", 4)
    if parts[0] != b"2":
        return range(0)
    begin = sum(len(part) + 1 for part in parts[:3])
    return range(begin, begin + len(parts[3]))


def _token(principal: Principal, generation: int) -> str:
    return f"access-{principal.company_id}-{principal.user_id}-{generation}"


def _made(principal: Principal) -> Installation:
    api = "https://keeper.pipedrive.com"
    tokens = TokenPair(_token(principal, 1), "refresh", 0.0, 9e9, api, (), 0.0)
    profile = Profile("A name", "en", "en_GB", "UTC", "A company", "keeper", is_admin=False, read_at=0.0)
    return Installation(
        principal=principal,
        state=InstallationState.ACTIVE,
        generation=1,
        installed_at=0.0,
        tokens=tokens,
        profile=profile,
    )


def _next(found: Installation) -> Installation:
    generation = found.generation + 1
    tokens = replace(found.tokens, access_token=_token(found.principal, generation))
    return replace(found, generation=generation, tokens=tokens)


def _principals(order: Order) -> list[Principal]:
    return [Principal(CompanyId(company), UserId(user)) for company, user in order["principals"]]


async def _each(order: Order, work: Callable[[Principal], Awaitable[None]]) -> None:
    rest = iter(_principals(order))

    async def worker() -> None:
        for principal in rest:
            await work(principal)

    await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))


async def _numbered(order: Order, work: Callable[[int, Principal, Principal], Awaitable[None]]) -> None:
    """`count` times, side by side, each worker among companies of its own, with one of them and another."""
    numbers, principals = iter(range(order["count"])), _principals(order)
    share = len(principals) // _AT_ONCE // 2 * 2  # the two users of a company stay together
    assert share > 1, "too few records to tamper with"

    async def worker(mine: list[Principal]) -> None:
        for turn, number in enumerate(numbers):
            other = mine[(turn + 1 + turn // share % (share - 1)) % share]
            await work(number, mine[turn % share], other)

    await asyncio.gather(
        *(worker(principals[place * share : (place + 1) * share]) for place in range(_AT_ONCE))
    )


async def main() -> None:
    logs.configure()
    parts = Composition.of(Settings.from_mapping(os.environ))
    await obey(Keeper(parts))
    await parts.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(main())
