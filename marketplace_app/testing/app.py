"""An author's app, started as it runs: a Valkey, an emulator and `serve`, each a process of its own."""

import json
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from marketplace_app.cli.local.identity import Identity
from marketplace_app.cli.local.plan import CHECKOUT, Plan
from marketplace_app.cli.local.ports import free_port
from marketplace_app.cli.local.stack import LocalStack
from marketplace_app.cli.local.valkey import NoServerBinary
from marketplace_app.cli.local.watch import ChildDied, TookTooLong, Watch
from marketplace_app.clock import write_offset
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import ConfigurationError
from marketplace_app.testing.control import Control, ControlRefused

OURS = "marketplace_app.extensions:EXTENSIONS"
# Tests ask faster than any person: what is not about limits must not meet them. And a link action whose
# viewer nobody knows can only say so.
SWITCHES = {
    "burst_limit": "1000000",
    "search_limit": "1000000",
    "daily_budget": "1000000000",
    "link_action_token": "present",
}


class AppDidNotStart(Exception):
    """The text says which process ended or kept us waiting, with its last lines."""


@dataclass(frozen=True, slots=True)
class AppFiles:
    """What plugs an app in: `module:NAME` of its extensions, manifest.json, and its folder of templates."""

    extensions: str = OURS
    manifest: Path = CHECKOUT / "manifest.json"
    templates: Path | None = None

    def settings(self) -> dict[str, str]:
        """What can be imported here can be imported there."""
        path = [str(Path(each).absolute()) for each in sys.path if Path(each).is_dir()]
        found = {"EXTENSIONS": self.extensions, "PYTHONPATH": ":".join(path)}
        return found | ({"TEMPLATES_DIR": str(self.templates)} if self.templates else {})


@dataclass(slots=True)
class RunningApp:
    local: LocalStack
    control: Control
    manifest: Manifest
    _clock_offset: float = field(default=0.0, repr=False)

    @property
    def url(self) -> str:
        return self.local.plan.app_url

    @property
    def client_id(self) -> str:
        return self.local.identity.client_id

    def surface(self, name: str) -> Surface:
        """Raises LookupError with those that there are."""
        found = self.manifest.surface(name)
        if found is None:
            names = ", ".join(surface.name for surface in self.manifest.surfaces) or "none"
            raise LookupError(f"manifest.json has no surface {name!r}; it has: {names}.")
        return found

    def log(self) -> str:
        """What `serve` has printed so far."""
        return self.local.watch.named("serve").output()

    def advance(self, seconds: float) -> None:
        """Moves the emulator's time, and the app's by the same."""
        self.control.ask("POST", "clock", {"advance_seconds": seconds})
        self._set_clock(self._clock_offset + seconds)

    def run_jobs(self) -> tuple[str, str]:
        """What `jobs run` printed, and what it logged. Raises AppDidNotStart when it could not be done."""
        done = self.local.run("jobs", "run")
        if done.returncode:
            raise AppDidNotStart(f"Jobs could not be done. {done.stderr.strip()}")
        return done.stdout, done.stderr

    def forget(self) -> None:
        """As if it had just been started: nobody has installed it, nothing is kept, and it is now."""
        if self.local.valkey is not None:
            _say(self.local.valkey.socket_path, b"FLUSHALL\r\n")
        if self._clock_offset:
            self._set_clock(0.0)

    def _set_clock(self, offset: float) -> None:
        self._clock_offset = offset
        write_offset(_clock_file(self.local.plan.folder), offset)


@contextmanager
def running_app(folder: Path, files: AppFiles, *, emulator_url: str = "") -> Iterator[RunningApp]:
    """On free ports, stopped with the block; with `emulator_url` it is registered with that emulator.

    Raises AppDidNotStart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clock_file = _clock_file(folder)
    write_offset(clock_file, 0)
    plan = Plan(
        folder=folder,
        app_port=free_port(),
        emulator_port=urlsplit(emulator_url).port or free_port(),
        manifest=files.manifest,
        switches=SWITCHES,
        settings={"CLOCK_OFFSET_FILE": str(clock_file), **files.settings()},
        keeps_world=False,
    )
    try:
        manifest = Manifest.load(files.manifest)
    except ConfigurationError as problem:
        raise AppDidNotStart(str(problem)) from None
    names = {surface.jwt_secret for surface in manifest.surfaces}
    local = LocalStack(plan, Identity.make().with_surfaces(names), Watch())
    try:
        _start(local, emulator_url)
        yield RunningApp(local, Control(plan.emulator_url), manifest)
    finally:
        local.stop()


def _start(local: LocalStack, emulator_url: str) -> None:
    try:
        local.start_valkey()
        if emulator_url:
            registration = local.plan.write_registration(local.identity)
            Control(emulator_url).ask("POST", "apps", json.loads(registration.read_text()))
        else:
            local.start_emulator()
        local.start_serve()
    except (ChildDied, TookTooLong, NoServerBinary, ControlRefused) as problem:
        raise AppDidNotStart(f"The app under test did not start. {problem}") from None


def _clock_file(folder: Path) -> Path:
    return folder / "clock-offset"


def _say(socket_path: Path, command: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10.0)
        connection.connect(str(socket_path))
        connection.sendall(command)
        answer = connection.recv(64)
    if not answer.startswith(b"+OK"):
        raise AppDidNotStart(f"Valkey answered {answer!r}.")


def ini_files(given: Mapping[str, str], root: Path) -> AppFiles:
    """Of the pytest settings: paths count from pytest's root folder, and what is left out is our own app."""
    manifest, templates = given.get("manifest"), given.get("templates")
    return AppFiles(
        given.get("extensions") or OURS,
        root / manifest if manifest else CHECKOUT / "manifest.json",
        root / templates if templates else None,
    )
