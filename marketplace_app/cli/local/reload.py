"""What an author saves is run: `serve` and the worker begin again with it, unless it would not start."""

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.local.child import Child
from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.local.identity import load_or_make
from marketplace_app.cli.local.orphans import note
from marketplace_app.cli.local.progress import complain, say
from marketplace_app.cli.local.stack import LocalStack
from marketplace_app.cli.local.watch import ChildDied, TookTooLong

Stamps = Mapping[Path, tuple[int, int]]


@dataclass(slots=True)
class Trial:
    """A process that has imported everything but the app, so that trying it takes no second."""

    process: subprocess.Popen[str]

    def problem(self, settings: Mapping[str, str]) -> str:
        """What keeps the app from starting, in a sentence; empty when nothing does."""
        if self.process.stdin is None or self.process.stdout is None:
            return ""
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(settings), file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        return (
            str(json.loads(line)["problem"]) if line else "it cannot be tried any more; start the demo again"
        )


@contextmanager
def trial(stack: LocalStack) -> Iterator[Trial]:
    """Ends with the block, and by itself when this process is gone, for then its input has an end."""
    command = [sys.executable, "-m", "marketplace_app.cli.local.trying"]
    with stack.plan.log("trying").open("a") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**stack.settings(), "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"},
            start_new_session=True,
        )
    try:
        yield Trial(process)
    finally:
        process.kill()
        process.communicate()


@dataclass(slots=True)
class Reload:
    """`glance` is called again and again; it acts once a change has been there for two glances."""

    app: AppFolder
    stack: LocalStack
    trial: Trial
    _running: Stamps = field(default_factory=dict)
    _seen: Stamps = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._running = self._seen = self._stamps()

    def glance(self) -> None:
        found = self._stamps()
        is_steady, self._seen = found == self._seen, found
        if found == self._running or not is_steady:
            return
        changed = sorted(
            path for path in found.keys() | self._running.keys() if found.get(path) != self._running.get(path)
        )
        self._running = found
        self._reload(changed)

    def _reload(self, changed: list[Path]) -> None:
        """Templates alone are read again by `serve` itself."""
        is_manifest = any(path.suffix == ".json" for path in changed)
        try:
            if is_manifest:
                self._learn_surfaces()
            problem = self.trial.problem(self.stack.settings())
            if problem:
                complain(f"{problem}. The app goes on as it was before.")
                return
            if is_manifest:
                self._register()
            if any(path.suffix != ".html" for path in changed):
                self._begin_again()
        except (ValueError, KeyError, TypeError) as error:
            complain(f"manifest.json cannot be read ({error}). The app goes on as it was before.")
        except (ChildDied, TookTooLong, OSError) as error:
            complain(f"{error}\nSave it again once that is mended.")
        else:
            say(f"Changed, and running: {', '.join(map(self._short, changed))}")

    def _learn_surfaces(self) -> None:
        """A new surface has a secret of its own, as after the forms of Developer Hub."""
        plan = self.stack.plan
        self.stack.identity = load_or_make(plan.folder / "secrets.json", plan.surface_secret_names())

    def _register(self) -> None:
        """Raises ValueError with the sentence of Developer Hub's stand-in."""
        file = self.stack.plan.write_registration(self.stack.identity)
        url = f"{self.stack.plan.emulator_url}/_emulator/apps"
        reply = request("POST", url, body=json.loads(file.read_text()))
        if reply.status >= 300:  # noqa: PLR2004 - anything but success
            raise ValueError(reply.json().get("error", reply.text[:300]))

    def _begin_again(self) -> None:
        """The pages first, for somebody looks at them; a job in the worker may take its time to end."""
        self._replace("serve", self.stack.start_serve)
        self._replace("worker", self.stack.start_worker)

    def _replace(self, name: str, start: Callable[[], Child]) -> None:
        watch = self.stack.watch
        if any(child.name == name for child in watch.children):
            self.stack.stop_one(name)
        try:
            start()
        except (ChildDied, TookTooLong):
            self.stack.kill_one(name)  # nobody waits for it to live, so the demo goes on without it
            raise
        note(self.stack.plan.folder / "processes.json", watch.children)

    def _stamps(self) -> Stamps:
        found = {}
        for file in self.app.files():
            with contextlib.suppress(OSError):  # it is being replaced this moment
                facts = file.stat()
                found[file] = (facts.st_mtime_ns, facts.st_size)
        return found

    def _short(self, path: Path) -> str:
        return str(path.relative_to(self.app.folder)) if path.is_relative_to(self.app.folder) else str(path)
