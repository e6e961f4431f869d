"""The app in a process that writes down whom it connects to and which names it looks up.

It runs on asyncio's own loop, whose sockets are Python's: uvloop's would not be heard.
"""

import json
import sys
from dataclasses import replace
from pathlib import Path

from marketplace_app.cli.local.fetch import answers
from tests.harness.stack import Stack

_HOOK = """
import json, os, sys
_record = open(os.environ["CONNECTIONS"], "a", buffering=1)
_heard = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}
def _hear(event, args):
    if event in _heard:
        what = args[0] if event in ("socket.getaddrinfo", "socket.gethostbyname") else args[1]
        _record.write(json.dumps([event, str(what)]) + "\\n")
sys.addaudithook(_hear)
"""


class Recorder:
    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._folder = stack.local.plan.folder / "recorder"
        self._record = self._folder / "connections"

    def start_serve(self, **settings: str) -> None:
        """In place of `serve`; `settings` are beside the plan's."""
        self._folder.mkdir(exist_ok=True)
        (self._folder / "sitecustomize.py").write_text(_HOOK)
        self._record.touch()
        local = self._stack.local
        heard = {"PYTHONPATH": str(self._folder), "CONNECTIONS": str(self._record)}
        local.plan = replace(local.plan, settings={**local.plan.settings, **settings, **heard})
        where = ["--host", "127.0.0.1", "--port", str(local.plan.app_port)]
        how = ["--loop", "asyncio", "--log-level", "warning", "--no-access-log"]
        command = [sys.executable, "-m", "uvicorn", "marketplace_app.asgi:app", *where, *how]
        local._start("serve", command, local.settings())
        local.watch.until(lambda: answers(f"{local.plan.app_url}/readyz"), "The app", 60)

    def heard(self) -> list[tuple[str, str]]:
        """Event and address or name, in the order of time."""
        return [tuple(json.loads(line)) for line in Path(self._record).read_text().splitlines()]
