import importlib
import signal
import sys
from enum import StrEnum
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from marketplace_app.cli.configuration import exit_with, settings_or_exit, settings_read_again
from marketplace_app.cli.local.ports import why_unusable
from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import Settings

if TYPE_CHECKING:
    from starlette.types import ASGIApp

TARGET = "marketplace_app.asgi:app"
HEADER_READ_MILLISECONDS = 10_000
HEADER_BYTES = 64 * 1024
REQUESTS_SECONDS = 12  # until requests are cut off: one with a code may wait for the token endpoint
KILL_SECONDS = 35  # above FINISH_SECONDS: who kills a renewal under way may lose its grant
READY_SECONDS = 30  # for a process to begin in on a busy machine: what is not ready then does not take over
KEPT_CONNECTIONS = 1024


class Server(StrEnum):
    granian = "granian"
    uvicorn = "uvicorn"


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer requests.")] = 1,
    server: Annotated[
        Server, typer.Option(help="granian, or uvicorn as the second choice.")
    ] = Server.granian,
) -> None:
    """Answer requests until SIGTERM. Settings come from the environment."""
    settings = settings_or_exit()
    if settings.metrics_port == port:
        exit_with(ConfigurationError([f"METRICS_PORT: is {port}, the port of serve; give it its own"]))
    _require_app(settings)
    if reason := why_unusable(host, port):
        print(f"Not started: {reason}. Stop that program or choose another with --port.", file=sys.stderr)
        raise typer.Exit(1)
    {Server.granian: _with_granian, Server.uvicorn: _with_uvicorn}[server](host, port, workers)


def _require_app(settings: Settings) -> None:
    """Makes the application once: what the server's processes would stumble over is told here, in words."""
    from marketplace_app import logs
    from marketplace_app.app import create_app

    logs.configure()
    try:
        create_app(settings)
    except ConfigurationError as error:
        exit_with(error)


def _read_before_hanging_up() -> None:
    """SIGHUP gets to the server only when the settings are in order: what it begins with others would die."""
    hang_up = signal.getsignal(signal.SIGHUP)

    def read_first(number: int, frame: FrameType | None) -> None:
        if settings_read_again() is not None and callable(hang_up):
            hang_up(number, frame)

    signal.signal(signal.SIGHUP, read_first)


def _application() -> "ASGIApp":
    """For Granian, whose own way to import counts names from the working directory when that is a package."""
    module, _, name = TARGET.partition(":")
    found: ASGIApp = getattr(importlib.import_module(module), name)
    return found


def _with_granian(host: str, port: int, workers: int) -> None:
    from granian.constants import HTTPModes, Interfaces, Loops
    from granian.http import HTTP1Settings
    from granian.log import LogLevels
    from granian.server import Server as Granian

    limits = HTTP1Settings(header_read_timeout=HEADER_READ_MILLISECONDS, max_buffer_size=HEADER_BYTES)
    server = Granian(
        TARGET,
        address=host,
        port=port,
        workers=workers,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        http1_settings=limits,
        websockets=False,
        log_access=False,  # addresses carry signed tokens
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        workers_kill_timeout=KILL_SECONDS,
    )
    server.on_startup(_read_before_hanging_up)
    server.serve(target_loader=_application, wrap_loader=False)


def _with_uvicorn(host: str, port: int, workers: int) -> None:
    try:
        import uvicorn
        from uvicorn.supervisors import Multiprocess
    except ModuleNotFoundError:
        print("uvicorn is not installed: add it, or leave --server out.", file=sys.stderr)
        raise typer.Exit(1) from None
    config = uvicorn.Config(
        TARGET,
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,  # as above
        log_level="warning",
        server_header=False,
        backlog=KEPT_CONNECTIONS,
        timeout_worker_healthcheck=READY_SECONDS,
        timeout_graceful_shutdown=REQUESTS_SECONDS,  # the process itself is waited for to its end
    )
    # Also for one process: alone it would end with SIGHUP, and here another one has read the settings' files.
    supervisor = Multiprocess(config, [config.bind_socket()])
    _read_before_hanging_up()
    supervisor.run()
