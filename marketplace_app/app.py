"""Composition root of the web process: settings and extensions in, one ASGI application out."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from starlette.types import ASGIApp

from marketplace_app.beside import beside
from marketplace_app.clock import Clock
from marketplace_app.composition import Composition, Declared, load_declared
from marketplace_app.domain.surface import Surface
from marketplace_app.kit import Extension
from marketplace_app.kit.extension import Screen
from marketplace_app.kit.means import MeansOf
from marketplace_app.kit.messaging import Messaging
from marketplace_app.means import jobs_of, means_with
from marketplace_app.messaging.gate import ChannelGate
from marketplace_app.messaging.matching import match_messaging
from marketplace_app.messaging.routes import MessagingDoor, MessagingParts
from marketplace_app.oauth.front_door import FrontDoor
from marketplace_app.oauth.pages import Pages
from marketplace_app.settings import Settings
from marketplace_app.storage.channels import ChannelStore
from marketplace_app.storage.durability import tell_durability
from marketplace_app.storage.kept import Kept
from marketplace_app.storage.look_ups import LookUps
from marketplace_app.storage.once import Once
from marketplace_app.surfaces.actions import Actions
from marketplace_app.surfaces.edition import edition_of
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.json_modals import JsonModals
from marketplace_app.surfaces.json_panels import JsonPanels
from marketplace_app.surfaces.json_routes import json_routes
from marketplace_app.surfaces.json_submits import JsonSubmits
from marketplace_app.surfaces.links import Links
from marketplace_app.surfaces.matching import match
from marketplace_app.surfaces.pictures import Pictures, Storage
from marketplace_app.surfaces.presses import Presses
from marketplace_app.surfaces.routes import surface_routes
from marketplace_app.surfaces.sections import Sections
from marketplace_app.surfaces.shell import Shell
from marketplace_app.surfaces.tickets import Tickets
from marketplace_app.surfaces.visits import Visits
from marketplace_app.web.access_log import AccessLog
from marketplace_app.web.headers import SecurityHeaders
from marketplace_app.web.health import health_routes
from marketplace_app.web.operator_port import own_port
from marketplace_app.web.readiness import Readiness
from marketplace_app.web.static import static_routes
from marketplace_app.web.templates import Templates
from marketplace_app.web.words import use_catalogs


def create_app(
    settings: Settings, extensions: Sequence[Declared] | None = None, clock: Clock | None = None
) -> ASGIApp:
    """Raises ConfigurationError with every problem at once. `clock` instead of the system's."""
    parts = Composition.of(settings, clock=clock)
    templates = _templates(settings)
    declared = load_declared(settings.extensions) if extensions is None else extensions
    shown = match(parts.manifest, [each for each in declared if isinstance(each, Extension)], templates)
    means_of = means_with(parts, jobs_of(parts, declared))
    readiness = Readiness(parts.connection, parts.journal, settings.spool_dir, parts.clock)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        _settle_memory()
        async with (
            parts.transport,
            beside(parts.installations.replay.run()),
            beside(own_port(settings.metrics_port, readiness)),
            beside(tell_durability(parts.connection)),
        ):
            yield
            parts.installations.stop()
            await parts.installations.finish()
        await parts.close()

    app = Starlette(
        # The hot routes first: Starlette tries them in order.
        routes=[
            *_surface_routes(parts, templates, shown, means_of),
            *static_routes(templates),
            *_oauth_routes(parts, templates),
            *_messaging_routes(parts, declared, means_of),
            *health_routes(parts.connection),
        ],
        middleware=[Middleware(AccessLog)],
        lifespan=lifespan,
    )
    # A path with a slash too many is not found: the redirect would go to whatever Host the request names.
    app.router.redirect_slashes = False
    return SecurityHeaders(app, over_https=not settings.is_development)


def _templates(settings: Settings) -> Templates:
    extra = (settings.templates_dir,) if settings.templates_dir else ()
    use_catalogs(settings.locales)
    return Templates(extra, auto_reload=settings.is_development)


def _settle_memory() -> None:
    """What is there at start stays, so the collector need not look through it again and again.

    A full collection over it stops every request for some 45 ms, which was the 99th percentile.
    """
    gc.collect()
    gc.freeze()


def _surface_routes(
    parts: Composition, templates: Templates, shown: dict[Surface, Extension], means_of: MeansOf
) -> list[BaseRoute]:
    settings, installations, clock = parts.settings, parts.installations, parts.clock
    storage = Storage(
        Kept(parts.connection, parts.reads, parts.vault),
        LookUps(parts.connection, parts.reads, parts.vault),
        edition_of(settings),
    )
    tickets = Tickets(parts.vault, clock)
    gate = Gate(settings, clock)
    pictures = Pictures(installations, storage, means_of, templates, tickets, clock)
    widths = {name.name: each.shown.width for name, each in shown.items() if isinstance(each.shown, Screen)}
    shell = Shell(templates, parts.manifest, settings.pipedrive_frame_ancestors, widths)
    install_url = settings.app_base_url + parts.manifest.install_path
    presses = Presses(Once(parts.connection), installations, clock)
    submits = JsonSubmits(gate, installations, pictures, tickets, presses)
    panels, modals = (
        JsonPanels(gate, installations, pictures, install_url),
        JsonModals(gate, installations, pictures, submits),
    )
    json_surfaces = [
        route for surface, each in shown.items() for route in json_routes(surface, each, panels, modals)
    ]
    iframes = list(
        surface_routes(
            shown,
            Visits(gate, installations, pictures, shell, clock),
            Sections(gate, installations, pictures, clock, [scope.name for scope in parts.manifest.scopes]),
            Actions(gate, installations, pictures, tickets, presses),
            Links(gate, installations, pictures, templates, parts.manifest),
            shell,
        )
    )
    return [*iframes, *json_surfaces]


def _messaging_routes(parts: Composition, declared: Sequence[Declared], means_of: MeansOf) -> list[BaseRoute]:
    messaging = match_messaging(parts.manifest, [each for each in declared if isinstance(each, Messaging)])
    if messaging is None:
        return []
    store = ChannelStore(parts.connection, parts.vault)
    gate = ChannelGate(parts.settings, parts.installations, store)
    door = MessagingDoor(messaging, MessagingParts(gate, store, parts.clock, means_of))
    return list(door.routes())


def _oauth_routes(parts: Composition, templates: Templates) -> list[BaseRoute]:
    door = FrontDoor(
        parts.settings,
        parts.manifest,
        parts.installations,
        parts.authorization,
        Once(parts.connection),
        Pages(templates, parts.manifest),
    )
    return list(door.routes())
