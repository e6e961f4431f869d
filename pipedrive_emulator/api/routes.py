"""The API over HTTP, under each of its prefixes."""

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pipedrive_emulator.api.api import Request
from pipedrive_emulator.api.call import Content
from pipedrive_emulator.api.operations import PREFIXES
from pipedrive_emulator.emulator import Emulator

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def routes(emulator: Emulator) -> list[BaseRoute]:
    async def endpoint(request: HttpRequest) -> Response:
        started_at = emulator.clock.now()
        reply = emulator.api.reply(
            Request(
                method=request.method,
                path=request.url.path,
                query=dict(request.query_params),
                headers={name.lower(): value for name, value in request.headers.items()},
                body=await request.body(),
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
