"""Whether a TCP port is free, and which one is."""

import errno
import socket

LOOPBACK = "127.0.0.1"


def why_unusable(host: str, port: int) -> str | None:
    """None when a server could listen there, else the reason in words."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            return _in_words(error, host, port)
    return None


def _in_words(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"port {port} is in use by another program"
    if error.errno == errno.EACCES:
        return f"port {port} may not be used by this user"
    return f"{host}:{port} cannot be listened on ({error.strerror})"


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
