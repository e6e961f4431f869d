"""HTTP to Pipedrive's API: one aiohttp session per process, deadlines, no cookies, no redirects."""

from collections.abc import Mapping
from types import TracebackType
from typing import Self

import aiohttp

from marketplace_app.errors import PipedriveUnavailable, UnexpectedPayload
from marketplace_app.pipedrive.protocol import ApiAnswer

CONNECT_SECONDS = 3.0
TOTAL_SECONDS = 20.0
_MOST_BYTES = 8 * 1024 * 1024
_CONNECTIONS = 200
_CONNECTIONS_PER_HOST = 64


class ApiTransport:
    """Opened once, as a context manager. The session is made inside the loop that uses it."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS, limit_per_host=_CONNECTIONS_PER_HOST),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS),
            middlewares=(_once,),
            trust_env=False,  # a proxy of the machine must not see tokens
            headers={"User-Agent": "Sightline (marketplace-app)", "Accept": "application/json"},
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> ApiAnswer:
        """Raises PipedriveUnavailable when there is no answer in time."""
        if self._session is None:
            raise PipedriveUnavailable("the API transport is closed")
        try:
            async with self._session.request(
                method, url, headers=headers, data=body, allow_redirects=False
            ) as response:
                return ApiAnswer(
                    response.status,
                    {name.lower(): value for name, value in response.headers.items()},
                    await _read(response),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _unanswered(error) from None


async def _once(request: aiohttp.ClientRequest, ask: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """By itself aiohttp would send a GET again; how often is for PipedriveClient to say."""
    try:
        return await ask(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _unanswered(error) from None


def _unanswered(error: Exception) -> PipedriveUnavailable:
    """With the class alone: the text may repeat the URL."""
    was_sent = not isinstance(error, (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError))
    return PipedriveUnavailable(f"Pipedrive gave no answer ({type(error).__name__})", was_sent=was_sent)


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = await response.content.read(_MOST_BYTES + 1)
    chunks = [body]
    size = len(body)
    while body and size <= _MOST_BYTES:
        body = await response.content.read(_MOST_BYTES + 1 - size)
        chunks.append(body)
        size += len(body)
    if size > _MOST_BYTES:
        raise UnexpectedPayload(f"Pipedrive's answer is over {_MOST_BYTES} bytes")
    return b"".join(chunks)
