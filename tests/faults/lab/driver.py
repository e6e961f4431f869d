"""A process of the app that does as it is told, `python -m tests.faults.lab.driver`: a JSON line an order.

The only module of the lab that knows the app from inside. Settings come from the environment as for `serve`.
Each order is {"id": N, "do": NAME, ...}; the answer is {"id": N, ...} once it is done, or {"id": N, "error"}.
Orders run side by side; `principals` are [[company_id, user_id], ...].
"""

import asyncio
import hashlib
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from marketplace_app import logs
from marketplace_app.beside import beside
from marketplace_app.composition import Composition
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, PipedriveUnavailable, StoreUnavailable
from marketplace_app.pipedrive.resources import users
from marketplace_app.settings import Settings

Order = dict[str, Any]
_TRIES, _PAUSE_SECONDS = 20, 0.25
_WIDTH = 64  # principals at work at a time, unless told otherwise
_PAUSE_SECONDS = 0.1  # of who comes again


class Obedient(Protocol):
    """Who carries out orders."""

    async def do(self, order: Order) -> dict[str, Any]: ...


class Driver:
    def __init__(self, parts: Composition) -> None:
        self._parts = parts

    async def do(self, order: Order) -> dict[str, Any]:
        """What each of these takes, the method of its name says."""
        handlers: dict[str, Callable[[Order], Awaitable[dict[str, Any]]]] = {
            "renew": self._renew,
            "call": self._call,
            "install": self._install,
            "notice": self._notice,
            "stored": self._stored,
            "replay": self._replay,
            "now": self._now,
            "read": self._read,
            "write": self._write,
            "fetch": self._fetch,
        }
        return await handlers[order["do"]](order)

    async def _renew(self, order: Order) -> dict[str, Any]:
        """`callers` of each principal ask for a token at once; whose token is due gets a new one."""
        return await self._each(order, self._token)

    async def _call(self, order: Order) -> dict[str, Any]:
        """GET /users/me as each principal; an answer about anybody else counts as `foreign`."""
        return await self._each(order, self._ask_who)

    async def _read(self, order: Order) -> dict[str, Any]:
        """GET of a page of persons as each principal."""

        async def read(principal: Principal) -> None:
            client = self._parts.installations.as_viewer(await self._parts.installations.usable(principal))
            await client.get("/api/v2/persons", list[Any], limit=1)

        return await self._each(order, read)

    async def _write(self, order: Order) -> dict[str, Any]:
        """POST of a person called `label` for each; `unsure` goes before a reason that leaves it open."""

        async def write(principal: Principal) -> None:
            client = self._parts.installations.as_viewer(await self._parts.installations.usable(principal))
            try:
                await client.post("/api/v2/persons", dict[str, Any], {"name": order["label"]})
            except MarketplaceAppError as error:
                raise Told(f"{'unsure ' if client.has_written else ''}{error.reason}") from error

        return await self._each(order, write)

    async def _fetch(self, order: Order) -> dict[str, Any]:
        """GET of any `url` as the API is asked: its status, or whether it was sent."""
        try:
            answer = await self._parts.transport.send("GET", order["url"], headers={}, body=None)
        except PipedriveUnavailable as error:
            return {"status": 0, "was_sent": error.was_sent}
        return {"status": answer.status, "was_sent": True}

    async def _notice(self, order: Order) -> dict[str, Any]:
        """As the DELETE of an uninstall, after its checks."""
        return await self._each(order, self._parts.installations.notice)

    async def _install(self, order: Order) -> dict[str, Any]:
        """Exchanges `codes`, [{"company_id", "user_id", "code"}]."""
        codes = {(row["company_id"], row["user_id"]): row["code"] for row in order["codes"]}

        async def install(principal: Principal) -> None:
            found = await self._parts.installations.install(
                codes[principal.company_id, principal.user_id],
            )
            if found.principal != principal:
                raise ForeignAnswer

        return await self._each({**order, "principals": list(codes)}, install)

    async def _stored(self, order: Order) -> dict[str, Any]:
        """Of each principal the state, generation and fingerprints of what is stored; null for none.

        A judge must not be refused because the machine is busy, so it asks again, `tries` times.
        """
        rows = []
        for company_id, user_id in order["principals"]:
            principal = Principal(CompanyId(company_id), UserId(user_id))
            rows.append([company_id, user_id, await self._record(principal, order.get("tries", _TRIES))])
        return {"stored": rows}

    async def _record(self, principal: Principal, tries: int) -> dict[str, Any] | None:
        found = await self._found(principal, tries)
        if found is None:
            return None
        return {
            "state": str(found.state),
            "generation": found.generation,
            "refresh_token": _print(found.tokens.refresh_token),
            "access_token": _print(found.tokens.access_token),
        }

    async def _found(self, principal: Principal, tries: int) -> Installation | None:
        for _ in range(tries):
            try:
                return await self._parts.installations._store.find(principal)
            except StoreUnavailable:
                await asyncio.sleep(_PAUSE_SECONDS)
        return await self._parts.installations._store.find(principal)

    async def _replay(self, _: Order) -> dict[str, Any]:
        await self._parts.installations.replay.once()
        return {}

    async def _now(self, _: Order) -> dict[str, Any]:
        """What time this process thinks it is, epoch seconds."""
        return {"now": self._parts.clock.now()}

    async def _token(self, principal: Principal) -> None:
        installations = self._parts.installations
        await installations.as_viewer(await installations.usable(principal))._source.access()

    async def _ask_who(self, principal: Principal) -> None:
        installations = self._parts.installations
        me = await users.me(installations.as_viewer(await installations.usable(principal)))
        if (me.company_id, me.id) != (principal.company_id, principal.user_id):
            raise ForeignAnswer

    async def _each(self, order: Order, work: Callable[[Principal], Awaitable[None]]) -> dict[str, Any]:
        """How many went well, counts of the others by reason, and who they were; `seconds` it took.

        A caller goes away, as `gave_up`, after `patience` seconds; one that is refused comes `again` until
        `persists` seconds are over. `spans`: when each began and ended, on this machine's steady clock.
        """
        width = asyncio.Semaphore(order.get("width", _WIDTH))
        patience, persists = order.get("patience"), order.get("persists", 0.0)
        failed: list[tuple[int, int, str]] = []
        again, spans = Counter[str](), list[tuple[float, float]]()

        async def call(principal: Principal) -> str:
            began = time.monotonic()
            while reason := await _reason(work(principal), patience):
                if time.monotonic() - began >= persists or not _may_come_again(reason):
                    break
                again[reason] += 1
                await asyncio.sleep(_PAUSE_SECONDS)
            spans.append((began, time.monotonic()))
            return reason

        async def one(principal: Principal) -> None:
            async with width:
                reasons = await asyncio.gather(*(call(principal) for _ in range(order.get("callers", 1))))
            failed.extend((principal.company_id, principal.user_id, reason) for reason in reasons if reason)

        began = time.monotonic()
        principals = [Principal(CompanyId(company), UserId(user)) for company, user in order["principals"]]
        await asyncio.gather(*map(one, principals))
        asked = len(principals) * order.get("callers", 1)
        return {
            "ok": asked - len(failed),
            "reasons": Counter(reason for _, _, reason in failed),
            "failed": failed,
            "again": again,
            "spans": spans,
            "seconds": round(time.monotonic() - began, 3),
        }


class ForeignAnswer(Exception):
    """The API answered as somebody else: the worst that can happen."""


class Told(Exception):
    """What the caller was told, in the order's own words."""


def _may_come_again(reason: str) -> bool:
    """A bug, or an answer about somebody else, is not made good by the next try."""
    return reason != "foreign" and not reason.startswith("bug:")


async def _reason(work: Awaitable[None], patience: float | None) -> str:
    """Empty when it went well; errors of the app by their slug, bugs by their class."""
    try:
        async with asyncio.timeout(patience) as waiting:
            await work
    except TimeoutError:
        return "gave_up" if waiting.expired() else "bug: TimeoutError"
    except ForeignAnswer:
        return "foreign"
    except Told as told:
        return str(told)
    except MarketplaceAppError as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - it becomes a row of the table
        return f"bug: {type(error).__name__}: {error}"
    return ""


def _print(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:12]


async def _answer(driver: Obedient, order: Order) -> None:
    try:
        answer = await driver.do(order)
    except Exception as error:  # noqa: BLE001 - told to the run, which decides
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps({"id": order["id"], **answer}) + "\n")
    sys.stdout.flush()


async def obey(driver: Obedient) -> None:
    """Until its input ends."""
    at_work = set()
    sys.stdout.write(json.dumps({"id": 0, "pid": os.getpid()}) + "\n")
    sys.stdout.flush()
    while line := await asyncio.to_thread(sys.stdin.readline):
        task = asyncio.create_task(_answer(driver, json.loads(line)))
        at_work.add(task)
        task.add_done_callback(at_work.discard)
    await asyncio.gather(*at_work)


async def main() -> None:
    """As the worker does it: the journal is replayed at the start and every 30 s."""
    logs.configure()
    parts = Composition.of(Settings.from_mapping(os.environ))
    async with parts.transport, beside(parts.installations.replay.run()):
        await obey(Driver(parts))
        await parts.installations.finish()
    await parts.close()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the run decides when it ends
    asyncio.run(main())
