"""The processes of a Plan, each started on its own and waited for, all stopped together."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass

from marketplace_app.cli.local.child import Child, start
from marketplace_app.cli.local.fetch import answers
from marketplace_app.cli.local.identity import Identity
from marketplace_app.cli.local.plan import Plan, inherited
from marketplace_app.cli.local.valkey import EmbeddedValkey, start_valkey
from marketplace_app.cli.local.watch import Watch

READY_SECONDS = 60.0
UNBUFFERED = {"PYTHONUNBUFFERED": "1"}


@dataclass(slots=True)
class LocalStack:
    """`redis_url` names a server that is already there; without one, start_valkey() makes it."""

    plan: Plan
    identity: Identity
    watch: Watch
    redis_url: str = ""
    valkey: EmbeddedValkey | None = None

    def start_valkey(self) -> None:
        self.valkey = start_valkey(self.plan.folder / "valkey", log=self.plan.log("valkey"), watch=self.watch)
        self.redis_url = self.valkey.url

    def start_emulator(self) -> Child:
        registration = self.plan.write_registration(self.identity)
        child = self._start("emulator", self.plan.emulator_command(registration), inherited())
        self._wait_for("The emulator", lambda: answers(f"{self.plan.emulator_url}/_emulator/world"))
        return child

    def start_serve(self) -> Child:
        child = self._start("serve", self.plan.serve_command(), self.settings())
        self._wait_for("The app", lambda: answers(f"{self.plan.app_url}/readyz"))
        return child

    def start_worker(self) -> Child:
        child = self._start("worker", self.plan.worker_command(), self.settings())
        self._wait_for("The worker", lambda: '"event":"started"' in child.output())
        return child

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """One of our commands beside what runs, with the same settings, to its end."""
        command = [sys.executable, "-m", "marketplace_app", *words]
        return subprocess.run(command, env=self.settings(), capture_output=True, text=True, check=False)

    def stop_one(self, name: str) -> None:
        self.watch.release(name).stop()

    def kill_one(self, name: str) -> None:
        """As kill -9 of the process and of what it started."""
        self.watch.release(name).kill()

    def stop(self) -> None:
        self.watch.stop_all()
        if self.valkey:
            self.valkey.remove_socket()
            self.valkey = None

    def settings(self) -> dict[str, str]:
        return self.plan.app_environment(self.identity, self.redis_url)

    def _start(self, name: str, command: list[str], env: dict[str, str]) -> Child:
        return self.watch.add(start(name, command, log=self.plan.log(name), env={**env, **UNBUFFERED}))

    def _wait_for(self, what: str, is_there: Callable[[], bool]) -> None:
        self.watch.until(is_there, what, READY_SECONDS)
