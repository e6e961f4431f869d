"""What a ticket or a token lets happen once: one effect, and its answer for everybody who asks again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from marketplace_app.clock import Clock
from marketplace_app.errors import FormRejected, StorageError
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext
from marketplace_app.logs import logger
from marketplace_app.storage.once import Once
from marketplace_app.storage.vault import CompanyKey

_PATIENCE_SECONDS = 10.0
_POLL_SECONDS = 0.1
_log = logger("actions")


@dataclass(frozen=True, slots=True)
class Done:
    """What an act came to. One that is not final may be done again, unless something was written."""

    answer: bytes
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class Press:
    """`nonce` is what it uses up; `unknown` its answer when something was written and then it failed."""

    name: str  # in the log: action, submit
    context: ActionContext
    nonce: str
    key: CompanyKey
    unknown: bytes
    facts: Mapping[str, Any]

    @property
    def has_written(self) -> bool:
        """At Pipedrive, or down for the worker: what was put off will be done."""
        return self.context.pipedrive.has_written or self.context.jobs.has_added


class Presses:
    def __init__(self, once: Once, installations: Installations, clock: Clock) -> None:
        self._once = once
        self._installations = installations
        self._clock = clock

    async def answer(self, press: Press, act: Callable[[], Awaitable[Done]], seconds: float) -> bytes | None:
        """The answer of the first who came with this nonce, whether that is this one or was another.

        None: it is still being done, after `seconds`; what came first goes on, so that its end is on record.
        Whoever began may also have died in the middle of it. Raises what `act` raises when nothing was
        written: then the nonce is free again.
        """
        now = asyncio.get_running_loop().time
        ends_at = now() + seconds
        patient_until = now() + min(seconds, _PATIENCE_SECONDS)
        claim = await self._once.claim(press.context.principal, press.nonce, press.key)
        while not claim.is_first and not claim.answer and now() < patient_until:
            await self._clock.sleep(_POLL_SECONDS)
            claim = await self._once.claim(press.context.principal, press.nonce, press.key)
        if not claim.is_first:
            return claim.answer
        task = self._installations.in_background(self._act(press, act))
        task.add_done_callback(lambda late: late.cancelled() or late.exception())  # who waits has it
        done, _ = await asyncio.wait({task}, timeout=max(0.0, ends_at - now()))
        return task.result() if done else None

    async def _act(self, press: Press, act: Callable[[], Awaitable[Done]]) -> bytes:
        """Until something was written the nonce is free again; from then on it stays used."""
        try:
            done = await act()
        except Exception as error:
            reason = getattr(error, "reason", "broken")
            if not press.has_written:
                _log.info(f"{press.name} refused", reason=reason, **press.facts)
                await self._once.release(press.context.principal, press.nonce)
                raise
            _log.warning(f"{press.name} unknown", reason=reason, exc_info=reason == "broken", **press.facts)
            done = Done(press.unknown)
        else:
            if not done.is_final and not press.has_written:
                await self._once.release(press.context.principal, press.nonce)
                return done.answer
            _log.info(f"{press.name} done", **press.facts)
        with suppress(StorageError):  # the nonce stays claimed, so that nothing is done twice
            await self._once.settle(press.context.principal, press.nonce, press.key, done.answer)
        return done.answer


async def json_of(request: Request, otherwise: str) -> bytes:
    """Only JSON is read: a plain form of another site cannot send it without asking first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise FormRejected(otherwise)
    return await request.body()
