"""A transport that ends a reply which is longer than any token answer can be."""

import ssl
from collections.abc import AsyncIterator
from functools import cache

import httpx2

MOST_BYTES = 64 * 1024
# Servers close idle connections after five seconds and more. One that is closed just as a token goes out on
# it leaves nobody knowing what became of that token.
_LIMITS = httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=2.0)


class BoundedTransport(httpx2.AsyncHTTPTransport):
    """Raises httpx2.ReadError for a body of more than MOST_BYTES, before the rest of it is read."""

    def __init__(self) -> None:
        super().__init__(verify=_tls(), trust_env=False, limits=_LIMITS)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        # What comes compressed could be far longer than what was counted.
        request.headers["Accept-Encoding"] = "identity"
        response = await super().handle_async_request(request)
        response.stream = _Bounded(response.stream)  # type: ignore[arg-type]  # an async transport's is async
        return response


@cache
def _tls() -> ssl.SSLContext:
    """Once per process: to read all certificates of authorities takes longer than a token request."""
    return httpx2.create_ssl_context(trust_env=False)


class _Bounded(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        size = 0
        async for chunk in self._stream:
            size += len(chunk)
            if size > MOST_BYTES:
                raise httpx2.ReadError(f"the reply is over {MOST_BYTES} bytes")
            yield chunk

    async def aclose(self) -> None:
        await self._stream.aclose()
