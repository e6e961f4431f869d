"""The app's own ASGI application, with nothing left out but the sockets, asked with tokens by the thousand.

`python -m tests.faults.lab.door` takes orders as driver.py does: `spoilt`, `valid` and `twins`. Its clock
stands at NOW of tests/makers.py, for a mutant that is a second too old must stay so.
"""

import asyncio
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes

from starlette.types import ASGIApp, Message

from marketplace_app import logs
from marketplace_app.app import create_app
from marketplace_app.settings import Settings
from tests.faults.lab.driver import Order, obey
from tests.makers import NOW, StoppedClock, claims_of, seeded, sign
from tests.unit.domain import spoilt_claims, spoilt_headers, spoilt_texts
from tests.unit.domain.spoil import ID_LIMIT, URLSAFE, Mutator, at

MUTATORS: dict[str, Mutator] = {
    **spoilt_texts.MUTATORS,
    **spoilt_headers.MUTATORS,
    **spoilt_claims.MUTATORS,
}
PAGE, SECTION = "/surfaces/deal-panel", "/surfaces/deal-panel/sections/all"
_AT_ONCE = 16
_BEARERS = 8  # one of so many is the bearer of a later read, too
_SKEW_SECONDS, _LIFE_SECONDS = 10, 300
_TOLD_LENGTH = 12  # a shorter part of a token may stand in a page by chance


@dataclass(slots=True)
class Tally:
    """Answers by status, and how many of them repeated a part of the token."""

    page: Counter[int] = field(default_factory=Counter)
    bearer: Counter[int] = field(default_factory=Counter)
    told: int = 0

    def as_row(self) -> dict[str, Any]:
        return {"page": self.page, "bearer": self.bearer, "told": self.told}


class Door:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def do(self, order: Order) -> dict[str, Any]:
        chance, count = seeded(order["seed"]), order["count"]
        if order["do"] == "valid":
            return (await self._knock(lambda: valid(chance), count)).as_row()
        if order["do"] == "twins":
            return (await self._twins(chance, count)).as_row()
        mutator = MUTATORS[order["name"]]
        return (await self._knock(lambda: mutator(chance), count)).as_row()

    async def _twins(self, chance: Random, count: int) -> Tally:
        """Each a valid token with one character changed, while the app remembers the valid one."""
        tally = Tally()
        for number in range(count):
            token = valid(chance)
            await self._ask(PAGE, f"selectedIds=1&token={token}")
            place = (len(token) - 1, chance.randrange(len(token)), token.index("."))[number % 3]
            twin = at(token, place, chance.choice(URLSAFE.replace(token[place], "")), 1)
            status, body = await self._ask(PAGE, f"selectedIds=1&token={twin}")
            tally.page[status] += 1
            tally.told += is_told(twin, body)
        return tally

    async def _knock(self, make: Callable[[], str], count: int) -> Tally:
        tally, numbers = Tally(), iter(range(count))

        async def work() -> None:
            for number in numbers:
                token = make()
                status, body = await self._ask(PAGE, f"selectedIds=1&token={spelt(token, number)}")
                tally.page[status] += 1
                tally.told += is_told(token, body)
                if number % _BEARERS == 0 and may_stand_in_a_header(token):
                    status, body = await self._ask(SECTION, "selectedIds=1", f"Bearer {token}")
                    tally.bearer[status] += 1
                    tally.told += is_told(token, body)

        await asyncio.gather(*(work() for _ in range(_AT_ONCE)))
        return tally

    async def _ask(self, path: str, query: str, authorization: str = "") -> tuple[int, bytes]:
        """An exception that gets out of the application would be a 500 of the server's."""
        headers = [(b"host", b"127.0.0.1")]
        if authorization:
            headers.append((b"authorization", authorization.encode()))
        scope: dict[str, Any] = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode()}
        scope |= {"query_string": query.encode("latin-1"), "headers": headers, "http_version": "1.1"}
        scope |= {"scheme": "http", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 1)}
        scope |= {"asgi": {"version": "3.0"}, "root_path": "", "extensions": {}, "state": {}}
        status, body = 500, b""

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, body
            status = message.get("status", status)
            body += message.get("body", b"")

        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - counted, and the others go on
            sys.stderr.write(f"got out: {type(error).__name__}\n")
            return 500, b""
        return status, body


def valid(chance: Random) -> str:
    """As Pipedrive signs it, of any age within its life, by a clock of theirs that is a little off ours."""
    life = chance.choice((_LIFE_SECONDS, _LIFE_SECONDS, chance.randrange(30, 590)))
    issued = NOW + chance.randint(-_SKEW_SECONDS, _SKEW_SECONDS) - chance.randrange(life)
    company_id, user_id = chance.randrange(1, ID_LIMIT), chance.randrange(1, ID_LIMIT)
    return sign(claims_of(company_id, user_id, now=issued, life=life))


def spelt(token: str, number: int) -> str:
    """As it stands in a query: by turns with all octets escaped, and with those that may stay as they are."""
    octets = token.encode("utf-8", "surrogatepass")
    safe = ":/?@!$'()*,;=~" if number % 2 else ""
    return quote_from_bytes(octets, safe=safe)


def may_stand_in_a_header(token: str) -> bool:
    """Not what no server passes on, nor with space around it, which every server takes away."""
    return token.isascii() and token.isprintable() and token == token.strip()


def is_told(token: str, body: bytes) -> bool:
    return any(part.encode("utf-8", "surrogatepass") in body for part in _parts(token))


def _parts(token: str) -> Iterator[str]:
    return (part for part in token.split(".") if len(part) > _TOLD_LENGTH)


async def main() -> None:
    logs.configure()
    app = create_app(Settings.from_mapping(os.environ), clock=StoppedClock())
    await obey(Door(app))


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(main())
