"""The API over HTTP, under each of its prefixes."""

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pipedrive_emulator.api.api import Request
from pipedrive_emulator.api.call import Content
from pipedrive_emulator.api.errors import ApiError, body_too_large, url_too_long
from pipedrive_emulator.api.operations import PREFIXES
from pipedrive_emulator.emulator import Emulator

# What no operation takes is refused by the API, after its look at the credentials, as in Pipedrive.
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_LONGEST_URL, _LARGEST_BODY = 16_384, 100 * 1024 * 1024


class _TooLarge(Exception):
    """More bytes than the API takes."""


async def _body(request: HttpRequest) -> bytes:
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > _LARGEST_BODY:
            raise _TooLarge
    return bytes(content)


def _refused(error: ApiError) -> Response:
    return JSONResponse(error.body, error.status)


def routes(emulator: Emulator) -> list[BaseRoute]:
    async def endpoint(request: HttpRequest) -> Response:
        started_at = emulator.clock.now()
        if len(str(request.url)) > _LONGEST_URL:
            return _refused(url_too_long())
        try:
            body = await _body(request)
        except _TooLarge:
            return _refused(body_too_large())
        reply = emulator.api.reply(
            Request(
                method=request.method,
                path=request.url.path,
                query=dict(request.query_params),
                headers={name.lower(): value for name, value in request.headers.items()},
                body=body,
                started_at=started_at,
            )
        )
        headers = dict(reply.headers)
        if isinstance(reply.body, Content):
            return Response(
                reply.body.content, reply.status, headers | dict(reply.body.headers), reply.body.media_type
            )
        return JSONResponse(reply.body, reply.status, headers)

    return [Route(prefix + "/{rest:path}", endpoint, methods=_METHODS) for prefix in PREFIXES]
