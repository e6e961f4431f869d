"""One uvicorn process on one port, which says when it is ready and ends at once when told to."""

import asyncio
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

TRANSPORT = "pipedrive_emulator.transport"


class PortTaken(Exception):
    """Nobody can listen there; the text says where."""


class TransportProtocol(HttpToolsProtocol):
    """Hands the connection to the application, so that an ordered fault can cut it."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {TRANSPORT: {"transport": self.transport}}


class Server(uvicorn.Server):
    """``announcement`` is printed once connections are accepted."""

    def __init__(self, config: uvicorn.Config, announcement: str) -> None:
        super().__init__(config)
        self._announcement = announcement

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        sys.stdout.write(self._announcement + "\n")
        sys.stdout.flush()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Uvicorn would raise the signal again at the end; a wished end is no failure."""
        yield


def listen(host: str, port: int) -> socket.socket:
    """Take the port before anything else is built; 0 lets the system choose.

    Raises:
        PortTaken: with the sentence to print.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(
            f"Cannot listen on {host}:{port} ({error.strerror}): choose another --port."
        ) from error
    return listener


def run(app: ASGIApp, listener: socket.socket, announcement: str) -> None:
    """Serve until SIGINT or SIGTERM; open streams are cut then, not waited for."""
    config = uvicorn.Config(
        app,
        http=TransportProtocol,
        ws="none",
        lifespan="on",
        log_level="critical",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=0,
    )
    Server(config, announcement).run(sockets=[listener])
