"""A running stack, with handles for what tests turn: processes, time, switches, faults."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace_app.cli.local.fetch import Reply, request
from marketplace_app.cli.local.identity import Identity
from marketplace_app.cli.local.plan import Plan
from marketplace_app.cli.local.ports import free_port
from marketplace_app.cli.local.stack import LocalStack
from marketplace_app.cli.local.watch import Watch
from marketplace_app.clock import write_offset
from tests.harness.control import Control
from tests.harness.secrets import assert_no_secrets


@dataclass(frozen=True, slots=True)
class Stack:
    local: LocalStack
    control: Control
    clock_offset_file: Path

    @property
    def app_url(self) -> str:
        return self.local.plan.app_url

    @property
    def emulator_url(self) -> str:
        return self.local.plan.emulator_url

    @property
    def identity(self) -> Identity:
        return self.local.identity

    def company_url(self, domain: str) -> str:
        """For browsers: names under localhost resolve only there."""
        return self.local.plan.company_url(domain)

    def log_files(self) -> list[Path]:
        return sorted((self.local.plan.folder / "logs").glob("*.log"))

    def redis_files(self) -> list[Path]:
        """What Valkey wrote to disk: every value that was ever set, in the clear if it came so."""
        return [file for file in (self.local.plan.folder / "valkey").rglob("*") if file.is_file()]

    def log_of(self, name: str) -> str:
        """What `valkey`, `emulator`, `serve` or `worker` has printed so far."""
        return self.local.plan.log(name).read_text(errors="replace")

    def get(self, path: str, **headers: str) -> Reply:
        """GET of a path of the app; header names with underscores for dashes."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return request("GET", self.app_url + path, headers=sent)

    def install(self, user: Mapping[str, Any]) -> dict[str, Any]:
        """Installs the app for a user of world()["users"]."""
        return self.control.install(self.identity.client_id, user["company_id"], user["id"])

    def surface(self, name: str, user: Mapping[str, Any], record_id: int | None = None) -> dict[str, Any]:
        """`url` and `token` of one of our iframes for that user."""
        ids = {"company_id": user["company_id"], "user_id": user["id"], "record_id": record_id}
        return self.control.surface(self.identity.client_id, name, **ids)

    def advance(self, seconds: float) -> None:
        """Moves the emulator's time and the app's by the same."""
        self.control.advance_clock(seconds)
        offset = float(self.clock_offset_file.read_text() or 0) + seconds
        write_offset(self.clock_offset_file, offset)


# Tests ask faster than any person: what is not about limits must not meet them on a fast machine.
NO_BURSTS = {"burst_limit": "1000000", "search_limit": "1000000"}


@contextmanager
def running_stack(
    folder: Path,
    *,
    server: str = "granian",
    settings: Mapping[str, str] | None = None,
    switches: Mapping[str, str] | None = None,
    parts: tuple[str, ...] = ("valkey", "emulator", "serve", "worker"),
) -> Iterator[Stack]:
    """Starts these parts on free ports, waits until they answer, stops them and scans what they wrote.

    Raises AssertionError at the end when a log or the store holds a secret in the clear.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clock_offset_file = folder / "clock-offset"
    write_offset(clock_offset_file, 0)
    plan = Plan(
        folder=folder,
        app_port=free_port(),
        emulator_port=free_port(),
        server=server,
        switches=NO_BURSTS | dict(switches or {}),
        settings={"CLOCK_OFFSET_FILE": str(clock_offset_file), **(settings or {})},
        keeps_world=False,
    )
    identity = Identity.make().with_surfaces(plan.surface_secret_names())
    local = LocalStack(plan, identity, Watch())
    starters = {
        "valkey": local.start_valkey,
        "emulator": local.start_emulator,
        "serve": local.start_serve,
        "worker": local.start_worker,
    }
    try:
        for part in parts:
            starters[part]()
        stack = Stack(local, Control(plan.emulator_url), clock_offset_file)
        yield stack
    finally:
        local.stop()
    assert_no_secrets([*stack.log_files(), *stack.redis_files()], identity)
