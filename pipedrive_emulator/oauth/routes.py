"""The OAuth server's routes; /oauth/token answers with a trailing slash too, as some references spell it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.host.view import View
from pipedrive_emulator.oauth import authorize, token


def routes(emulator: Emulator) -> list[BaseRoute]:
    view = View()

    async def ask(request: Request) -> Response:
        return await authorize.authorize(request, emulator, view)

    async def consent(request: Request) -> Response:
        return await authorize.consent(request, emulator, view)

    async def decide(request: Request) -> Response:
        return await authorize.decide(request, emulator)

    return [
        Route("/oauth/authorize", ask, methods=["GET"]),
        Route(authorize.CONSENT, consent, methods=["GET"]),
        Route(authorize.CONSENT, decide, methods=["POST"]),
        *(
            Route(path, _with(emulator, token.token), methods=_ANY)
            for path in ("/oauth/token", "/oauth/token/")
        ),
        Route("/oauth/revoke", _with(emulator, token.revoke), methods=_ANY),
    ]


_ANY = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def _with(
    emulator: Emulator, endpoint: Callable[[Request, Emulator], Awaitable[Response]]
) -> Callable[[Request], Awaitable[Response]]:
    async def bound(request: Request) -> Response:
        return await endpoint(request, emulator)

    return bound
