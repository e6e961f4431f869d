"""Whether a TCP port is free, and which one is."""

import errno
import os
import secrets
import socket
from collections import deque

LOOPBACK = "127.0.0.1"
_PORTS = range(20_000, 32_768)  # below those of connections: 32768 on Linux, 49152 elsewhere
_TRIES = 1000
_MOST_MARKS = 64
_marks: deque[int] = deque()  # descriptors, which are let go with the process


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
    """One that is free, and stays so until its server is there.

    No connection gets it by chance, for systems give them ports above these. And whoever else asks here, in
    other processes too, is told another one: the UDP port of the same number is held as a mark for a while.
    """
    for _ in range(_TRIES):
        port = secrets.choice(_PORTS)
        mark = socket.socket(type=socket.SOCK_DGRAM)
        try:
            mark.bind((LOOPBACK, port))
        except OSError:
            mark.close()
            continue
        _marks.append(mark.detach())
        if len(_marks) > _MOST_MARKS:
            os.close(_marks.popleft())
        if why_unusable(LOOPBACK, port) is None:
            return port
    raise OSError(errno.EADDRINUSE, f"no port is free from {_PORTS[0]} to {_PORTS[-1]}")
