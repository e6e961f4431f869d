"""Whether the process lives, and whether it can serve. No reasons here: they are the operator's."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from marketplace_app.errors import StoreUnavailable
from marketplace_app.storage.connection import Connection


def health_routes(connection: Connection) -> list[Route]:
    async def healthz(_: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def readyz(_: Request) -> Response:
        try:
            await connection.ping()
        except StoreUnavailable:
            return PlainTextResponse("not ready\n", status_code=503)
        return PlainTextResponse("ready\n")

    return [Route("/healthz", healthz), Route("/readyz", readyz)]
