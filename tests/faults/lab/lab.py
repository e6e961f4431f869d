"""One run's world: a folder, a seed, ports from the system, and every process by its pid.

Nothing runs until it is started, so that a run says first what it wants: `settings` of the app, `switches`
of the emulator, proxies. What was started ends with the lab.
"""

import os
import random
import shutil
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

from marketplace_app.cli.local.child import Child, start
from marketplace_app.cli.local.fetch import answers
from marketplace_app.cli.local.identity import Identity
from marketplace_app.cli.local.plan import Plan, inherited
from marketplace_app.cli.local.ports import free_port
from marketplace_app.clock import write_offset
from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.http_proxy import HttpProxy
from tests.faults.lab.nursery import Nursery
from tests.faults.lab.oracle import Grant, Holder, Ledger, grants
from tests.faults.lab.points import Points
from tests.faults.lab.tcp_proxy import TcpProxy, before
from tests.harness.control import Control
from tests.harness.secrets import secrets_in
from tests.harness.servers import DURABLE, Options, Server, Servers, binaries, until
from tests.harness.stack import NO_BURSTS

_READY_SECONDS = 60.0
_WRITTEN = ("logs", "redis", "spool")
_CODES_AT_ONCE = 1000  # they live five minutes
_INSTALLS_AT_ONCE = 16


class Lab:
    def __init__(self, folder: Path, seed: int = 1) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        (folder / "points").mkdir(parents=True)
        self.folder = folder
        self.seed = seed
        self.chance = random.Random(seed)  # noqa: S311 - to be replayed, not to be secret
        self.points = Points(folder / "points")
        self.keeps_world = False
        self.settings: dict[str, str] = {}
        self.switches: dict[str, str] = dict(NO_BURSTS)
        self.identity = Identity.make()
        self.servers = Servers(next(iter(binaries().values())), folder / "redis")
        self.redis: Server | None = None
        self.redis_proxy: TcpProxy | None = None
        self.token_proxy: HttpProxy | None = None
        self._clock_offset = folder / "clock-offset"
        write_offset(self._clock_offset, 0)
        self._clocks = [self._clock_offset]
        self._plan = Plan(folder=folder, app_port=free_port(), emulator_port=free_port(), keeps_world=False)
        self.identity = self.identity.with_surfaces(self._plan.surface_secret_names())
        self._children: dict[str, Child] = {}
        self._drivers: dict[str, DriverProcess] = {}
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def emulator_url(self) -> str:
        return self._plan.emulator_url

    @property
    def control(self) -> Control:
        return Control(self.emulator_url)

    @property
    def offset(self) -> float:
        """Seconds that time was moved so far."""
        return float(self._clock_offset.read_text())

    @property
    def ledger(self) -> Ledger:
        """A new reader, from here on."""
        made = Ledger(self.emulator_url)
        made.start()
        return made

    def app_url(self, name: str = "serve") -> str:
        return f"http://127.0.0.1:{self._ports[name]}"

    # What runs

    def start_redis(self, options: Options | None = None, *, proxy: bool = False) -> Server:
        """One durable server; with `proxy` the app reaches it through `redis_proxy`."""
        self.redis = self.servers.start({**DURABLE, **(options or {})})
        self.settings.setdefault("REDIS_URL", self.redis.url)
        if proxy:
            self.redis_proxy = before(self.redis.port)
            self.settings["REDIS_URL"] = f"redis://127.0.0.1:{self.redis_proxy.port}"
        return self.redis

    def start_emulator(self, *, proxy: bool = False) -> None:
        """With `proxy` the app's token requests and API calls go through `token_proxy`.

        One that was killed comes back on the same port, with its world when `keeps_world` was set before.
        """
        plan = replace(self._plan, switches=self.switches, keeps_world=self.keeps_world)
        registration = plan.write_registration(self.identity)
        self._start("emulator", plan.emulator_command(registration), inherited())
        until(lambda: answers(f"{self.emulator_url}/_emulator/clock"), "the emulator", _READY_SECONDS)
        if proxy and self.token_proxy is None:
            self.token_proxy = HttpProxy(plan.emulator_port)
            self.settings["PIPEDRIVE_OAUTH_URL"] = self.token_proxy.url
            hosts = f"127.0.0.1:{self.token_proxy.port},127.0.0.1:{plan.emulator_port}"
            self.settings["PIPEDRIVE_API_HOSTS"] = hosts

    def start_serve(self, name: str = "serve", *, workers: int = 1) -> Child:
        """The one called `serve` has the address that the emulator knows; others have ports of their own."""
        port = self._ports.setdefault(name, self._plan.app_port if name == "serve" else free_port())
        plan = replace(self._plan, app_port=port, workers=workers)
        child = self._start(name, plan.serve_command(), self.environment())
        until(lambda: answers(f"{self.app_url(name)}/readyz"), name, _READY_SECONDS)
        return child

    def start_worker(self, name: str = "worker") -> Child:
        child = self._start(name, self._plan.worker_command(), self.environment())
        until(lambda: '"event":"started"' in child.output(), name, _READY_SECONDS)
        return child

    def start_driver(self, name: str = "driver", *, module: str = "driver", **settings: str) -> DriverProcess:
        """`settings` are its own, above the lab's; `module` of the lab that obeys."""
        env = {**self.environment(), **settings}
        made = self._drivers[name] = DriverProcess.start(name, env, self._plan.log(name), module)
        return made

    def fork_driver(self, name: str, *, module: str = "driver", **settings: str) -> DriverProcess:
        """As `start_driver`, ten times as fast."""
        env, log = {**self.environment(), **settings}, self._plan.log(name)
        made = self._drivers[name] = Nursery.shared().start(name, module, env, log)
        return made

    def environment(self) -> dict[str, str]:
        """What `serve`, `worker`, a driver and the operator's commands get."""
        more = {
            "CLOCK_OFFSET_FILE": str(self._clock_offset),
            "FAULT_POINTS": str(self.points.folder),
            **self.settings,
        }
        return replace(self._plan, settings=more).app_environment(self.identity, "")

    # How it ends

    def kill(self, name: str) -> None:
        """SIGKILL to it and what it started."""
        if name in self._drivers:
            self._drivers.pop(name).kill()
        else:
            self._children.pop(name).kill()

    def stop(self, name: str) -> None:
        """SIGTERM, and time to finish."""
        if name in self._drivers:
            self._drivers.pop(name).stop()
        else:
            self._children.pop(name).stop()

    def freeze(self, name: str) -> None:
        """It and the processes that it started."""
        os.killpg(self.pid(name), signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        os.killpg(self.pid(name), signal.SIGCONT)

    def send(self, name: str, number: signal.Signals) -> None:
        """To the process itself, such as SIGHUP to `serve`."""
        os.kill(self.pid(name), number)

    def pid(self, name: str) -> int:
        return self._drivers[name].pid if name in self._drivers else self._children[name].pid

    def log_of(self, name: str) -> str:
        return self._plan.log(name).read_text(errors="replace")

    def close(self) -> None:
        """In this order: who writes, then what is written to."""
        for name in [*self._drivers, *reversed(self._children)]:
            self.kill(name)
        for proxy in (self.token_proxy, self.redis_proxy):
            if proxy is not None:
                proxy.close()
        self.servers.stop()

    def forget(self) -> None:
        """Removes the folder with everything that the processes left there."""
        shutil.rmtree(self.folder)

    def leaks(self) -> tuple[int, list[str]]:
        """How many files of logs, stores and journals there are, and a sentence for each with a secret."""
        files = [file for part in _WRITTEN for file in (self.folder / part).rglob("*") if file.is_file()]
        found = [(file, sorted(set(secrets_in(_text(file), self.identity)))) for file in files]
        return len(files), [f"{file.name} holds {', '.join(names)}" for file, names in found if names]

    # What happens

    def advance(self, seconds: float) -> None:
        """The emulator's time and that of every process of the app."""
        self.control.advance_clock(seconds)
        self.jump(seconds)

    def jump(self, seconds: float) -> None:
        """The time of the app's machines alone, as when somebody sets their clocks, back too."""
        for file in self._clocks:
            write_offset(file, float(file.read_text()) + seconds)

    def clock(self, skew: float) -> Path:
        """CLOCK_OFFSET_FILE of a machine whose clock is so many seconds ahead; it goes with the others."""
        file = self.folder / f"clock-offset-{len(self._clocks)}"
        write_offset(file, self.offset + skew)
        self._clocks.append(file)
        return file

    def crowd(self, companies: int, users: int = 1) -> list[Holder]:
        """That many new companies with so many users each; the first user of each is its admin."""
        rows = self.control.ask("POST", "crowd", {"companies": companies, "users": users})["companies"]
        return [Holder(row["id"], user) for row in rows for user in row["user_ids"]]

    def codes(self, holders: Sequence[Holder]) -> list[dict[str, Any]]:
        """An authorization code for each, as `install` of a driver takes them."""
        asked = {"client_id": self.identity.client_id, "user_ids": [user for _, user in holders]}
        found: list[dict[str, Any]] = self.control.ask("POST", "codes", asked)["codes"]
        return found

    def install(self, driver: DriverProcess, holders: Sequence[Holder]) -> None:
        """All are installed when this returns; on a busy machine the journal may have to finish some."""
        for begin in range(0, len(holders), _CODES_AT_ONCE):
            part = holders[begin : begin + _CODES_AT_ONCE]
            order = driver.send("install", codes=self.codes(part), width=_INSTALLS_AT_ONCE)
            tally = driver.tally(order, 600)
            left = [holder for holder, reason in tally.failed if reason == "installation_pending"]
            assert tally.ok + len(left) == len(part), f"of {len(part)} {dict(tally.reasons)}"
            until(partial(_are_stored, driver, left), "the journal to finish installs", _READY_SECONDS)

    def uninstall(self, holder: Holder) -> None:
        """What the user does in Pipedrive; the DELETE follows."""
        ids = {"company_id": holder.company_id, "user_id": holder.user_id}
        self.control.ask("POST", "uninstall", {"client_id": self.identity.client_id, **ids})

    def grants(self) -> dict[Holder, Grant]:
        """Whose tokens work, as the emulator says."""
        return grants(self.emulator_url, self.identity.client_id)

    def _start(self, name: str, command: list[str], env: Mapping[str, str]) -> Child:
        made = start(name, command, log=self._plan.log(name), env={**env, "PYTHONUNBUFFERED": "1"})
        self._children[name] = made
        return made


def _are_stored(driver: DriverProcess, holders: Sequence[Holder]) -> bool:
    return not holders or len(driver.stored(holders)) == len(holders)


def _text(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:  # a journal's entry that was carried out meanwhile
        return ""
