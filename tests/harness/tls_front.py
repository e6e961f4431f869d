"""TLS in front of a server that has none, as a proxy beside it does."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from marketplace_app.cli.local.ports import LOOPBACK
from tests.harness.certificates import Certificates


@contextmanager
def tls_front(port: int, certificates: Certificates, *, asks_client: bool = False) -> Iterator[int]:
    """The port at which TLS leads to that port; `asks_client`: who must show a certificate."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=certificates.authority)
    context.load_cert_chain(certificates.server, certificates.server_key)
    context.verify_mode = ssl.CERT_REQUIRED if asks_client else ssl.CERT_NONE
    with socket.create_server((LOOPBACK, 0)) as listener:
        threading.Thread(target=_accept, args=(listener, context, port), daemon=True).start()
        yield listener.getsockname()[1]
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the one that accepts


def _accept(listener: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=_serve, args=(plain, context, port), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    """One question at a time: the client of a test sends no second one before it has the reply."""
    with (
        suppress(OSError),
        closing(plain),
        context.wrap_socket(plain, server_side=True) as outside,
        socket.create_connection((LOOPBACK, port)) as inside,
    ):
        threading.Thread(target=_relay, args=(inside, outside), daemon=True).start()
        _relay(outside, inside)


def _relay(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while octets := source.recv(65536):
            target.sendall(octets)
        target.shutdown(socket.SHUT_RDWR)
