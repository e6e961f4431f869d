"""The routes of all rooms in one application."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware

from pipedrive_emulator.api.gallery import routes as gallery_routes
from pipedrive_emulator.api.product_pictures import routes as product_picture_routes
from pipedrive_emulator.api.routes import routes as api_routes
from pipedrive_emulator.api.storage import routes as storage_routes
from pipedrive_emulator.control.routes import routes as control_routes
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.host.routes import routes as host_routes
from pipedrive_emulator.misbehaviour import Misbehaviour
from pipedrive_emulator.oauth.routes import routes as oauth_routes


def create_app(emulator: Emulator) -> Starlette:
    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        emulator.timers.arm()
        watching = asyncio.create_task(emulator.timers.watch())
        yield
        watching.cancel()
        emulator.timers.clear()
        emulator.store.close()

    return Starlette(
        routes=[
            *api_routes(emulator),
            *storage_routes(emulator),
            *product_picture_routes(emulator),
            *gallery_routes(emulator),
            *oauth_routes(emulator),
            *control_routes(emulator),
            *host_routes(emulator),
        ],
        middleware=[Middleware(Misbehaviour, emulator=emulator)],
        lifespan=lifespan,
    )
