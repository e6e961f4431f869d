"""`python -m tests.faults.lab.forking`: becomes a driver for each order, as often as asked.

An order is one packet at standard input: which module of the lab and its settings, as JSON, with the driver's
line and its log as descriptors.
"""

import asyncio
import ctypes
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from typing import Any

from marketplace_app.pipedrive.authorization import AuthorizationServer
from tests.faults.lab import driver, keeper

_MODULES = {"driver": driver, "keeper": keeper}
_MOST_BYTES = 65_536
_PR_SET_PDEATHSIG = 1


def serve(orders: socket.socket) -> None:
    """Forks until nobody is left to ask for it."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who ended is nobody's zombie
    asyncio.run(_import_the_rest())
    gc.freeze()
    while True:
        packet, descriptors, _, _ = socket.recv_fds(orders, _MOST_BYTES, 2)
        if not packet:
            return
        if os.fork() == 0:
            _become(json.loads(packet), *descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


async def _import_the_rest() -> None:
    """What a first start imports late, or reads once per process, every driver has from here."""
    await AuthorizationServer("http://nobody", "nobody", ["nothing"], "http://nobody").close()


def _become(order: Mapping[str, Any], line: int, log: int) -> None:
    """A driver, and nothing else: never returns."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    for source, target in ((line, 0), (line, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, max(line, log) + 1)
    os.environ.clear()
    os.environ.update(order["env"])
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        asyncio.run(_MODULES[order["module"]].main())
    except BaseException:  # noqa: BLE001 - the log has it, and the nursery must not go on as two
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    serve(socket.socket(fileno=os.dup(0)))
