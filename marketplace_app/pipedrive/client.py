"""PipedriveClient: the API as one user of one company. Only `installations/` makes one."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

import msgspec

from marketplace_app.clock import Clock
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import (
    BudgetSpent,
    PipedriveUnavailable,
    RateLimited,
    ScopeMissing,
    UnexpectedPayload,
)
from marketplace_app.pipedrive.budget import Budget, Budgets
from marketplace_app.pipedrive.protocol import ApiAnswer, ApiRequest, Envelope, decode

T = TypeVar("T")

_LONGEST_WAIT_SECONDS = 2.5  # for a burst limit; a longer wait is told to the user instead


@dataclass(frozen=True, slots=True)
class Access:
    """What a call needs of an installation. `api_domain` is an origin."""

    access_token: str = field(repr=False)
    api_domain: str


class AccessSource(Protocol):
    @property
    def principal(self) -> Principal:
        """On whose behalf the next call is made."""
        ...

    async def access(self) -> Access:
        """The token to use now, renewed ahead of its end. Raises InstallationError."""
        ...

    async def renewed(self, refused: Access) -> Access:
        """Another token after the API refused this one. Raises InstallationError."""
        ...

    async def confirmed(self) -> None:
        """The API accepted a token, so the installation is alive."""
        ...

    def missing_scopes(self) -> tuple[str, ...]:
        """What manifest.json asks for and this grant lacks; empty when nothing is known to be missing."""
        ...


class Transport(Protocol):
    """HTTP as transport.py does it."""

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> ApiAnswer:
        """Raises PipedriveUnavailable when there is no answer in time."""
        ...


class PipedriveReader(Protocol):
    """The reading half of a client: what a handler gets that must change nothing."""

    @property
    def principal(self) -> Principal: ...

    @property
    def budget(self) -> Budget: ...

    async def get(self, path: str, payload: type[T], **query: Any) -> T: ...

    async def page(self, path: str, payload: type[T], **query: Any) -> Envelope[T]: ...


class PipedriveClient:
    def __init__(
        self, source: AccessSource, transport: Transport, clock: Clock, budgets: Budgets | None = None
    ) -> None:
        self._source = source
        self._transport = transport
        self._clock = clock
        self._budgets = budgets or Budgets()
        self.has_written = False  # whether Pipedrive did, or may have done, what a write asked

    @property
    def principal(self) -> Principal:
        """On whose behalf: of a company's work that may be another one after a call."""
        return self._source.principal

    @property
    def budget(self) -> Budget:
        """Of the company's day, as this process heard of it last."""
        return self._budgets.of(self.principal.company_id, self._clock.now())

    async def get(self, path: str, payload: type[T], **query: Any) -> T:
        return (await self.page(path, payload, **query)).data

    async def page(self, path: str, payload: type[T], **query: Any) -> Envelope[T]:
        """One page with its cursor; absent (None) query values are left out."""
        given = {name: _spell(value) for name, value in query.items() if value is not None}
        return await self._call(ApiRequest("GET", path, given), payload)

    async def post(self, path: str, payload: type[T], body: dict[str, Any]) -> T:
        return (await self._call(ApiRequest("POST", path, body=body), payload)).data

    async def patch(self, path: str, payload: type[T], body: dict[str, Any]) -> T:
        return (await self._call(ApiRequest("PATCH", path, body=body), payload)).data

    async def delete(self, path: str) -> None:
        """What a success says besides is not read: some have no data."""
        with suppress(UnexpectedPayload):
            await self._call(ApiRequest("DELETE", path), Any)

    async def _call(self, request: ApiRequest, payload: type[T]) -> Envelope[T]:
        """A GET is tried twice, a write never blindly again. Raises PipedriveError, InstallationError."""
        try:
            return await self._asked(request, payload)
        except RateLimited as limit:
            # Refused before it was done, so a write may be sent again too.
            if limit.retry_after > _LONGEST_WAIT_SECONDS:
                raise
            await self._clock.sleep(limit.retry_after)
        except PipedriveUnavailable:
            if not request.is_repeatable:
                raise
            await self._clock.sleep(0.2)
        return await self._asked(request, payload)

    async def _asked(self, request: ApiRequest, payload: type[T]) -> Envelope[T]:
        self._budgets.require(self.principal.company_id, self._clock.now())
        try:
            envelope = decode(await self._send(request), payload, self._clock.now())
        except PipedriveUnavailable as error:
            self.has_written |= error.was_sent and not request.is_repeatable
            raise
        except UnexpectedPayload:
            self.has_written |= not request.is_repeatable
            raise
        except BudgetSpent as error:
            self._budgets.hear_spent(self.principal.company_id, error.until, self._clock.now())
            raise
        except ScopeMissing:
            # The API does not say which: what the grant lacks is for its owner to name.
            raise ScopeMissing(self._source.missing_scopes()) from None
        self.has_written |= not request.is_repeatable
        return envelope

    async def _send(self, request: ApiRequest) -> ApiAnswer:
        access = await self._source.access()
        answer = await self._send_with(access, request)
        if answer.is_unauthorized:
            access = await self._source.renewed(access)
            answer = await self._send_with(access, request)
        if answer.is_success:
            self._budgets.hear(self.principal.company_id, answer.headers)
            await self._source.confirmed()
        return answer

    async def _send_with(self, access: Access, request: ApiRequest) -> ApiAnswer:
        headers = {"Authorization": f"Bearer {access.access_token}"}
        body = None
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            body = msgspec.json.encode(request.body)
        url = f"{access.api_domain}{request.path}{_query(request)}"
        return await self._transport.send(request.method, url, headers=headers, body=body)


async def together(*calls: Any) -> list[Any]:
    """Side by side; every call is heard out, and each gives its result or its error."""
    return list(await asyncio.gather(*calls, return_exceptions=True))


def _spell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _query(request: ApiRequest) -> str:
    return f"?{urlencode(request.query)}" if request.query else ""
