"""SIGHUP while requests come: files of secrets and keys are read again, and nobody is turned away."""

import base64
import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest
from redis import Redis

from marketplace_app.cli.local.fetch import request
from tests.harness.processes import descendants, wait_for
from tests.harness.stack import Stack, running_stack
from tests.integration.cli.commands import command

NEW_CLIENT, NEW_SURFACE = "new-client-" * 4, "new-surface-" * 4
K2 = "k2:" + base64.b64encode(bytes(range(32))).decode()
FILES = {"PIPEDRIVE_CLIENT_SECRET": "client", "SURFACE_JWT_SECRETS": "surfaces", "ENCRYPTION_KEYS": "keys"}


@dataclass(slots=True)
class Town:
    stack: Stack
    folder: Path
    answered: int = 0
    failures: list[str] = field(default_factory=list)

    def write(self, *, client: str, surface: list[str], keys: str) -> None:
        others = dict(self.stack.identity.surface_secrets)
        others.pop("deal-panel", None)
        surfaces = [f"deal-panel={each}" for each in surface] + [f"{k}={v}" for k, v in others.items()]
        for name, text in (("client", client), ("surfaces", ",".join(surfaces)), ("keys", keys)):
            (self.folder / name).write_text(text + "\n")

    def hang_up(self) -> None:
        """Returns when each process has been replaced, or has begun again."""
        serve, worker = (self.stack.local.watch.named(name) for name in ("serve", "worker"))
        before, started = self._children(), worker.output().count("started")
        for child in (serve, worker):
            child.send(signal.SIGHUP)
        wait_for(lambda: not before & self._children() and len(self._children()) >= len(before), seconds=40)
        wait_for(lambda: worker.output().count("started") > started, seconds=20)
        wait_for(lambda: request("GET", f"{self.stack.app_url}/readyz").status == 200, seconds=20)

    def _children(self) -> set[int]:
        """Those that answer requests; a supervisor's own helper is none of them."""
        found = descendants(self.stack.local.watch.named("serve").pid)
        return {pid for pid, each in found.items() if "resource_tracker" not in each.command}

    @contextmanager
    def under_load(self, user: dict[str, Any]) -> Iterator[None]:
        """A panel is opened again and again; a connection that broke is made once more, as browsers do."""
        is_over = threading.Event()
        threads = [threading.Thread(target=self._open_panels, args=(user, is_over)) for _ in range(3)]
        for each in threads:
            each.start()
        try:
            yield
        finally:
            is_over.set()
            for each in threads:
                each.join()

    def _open_panels(self, user: dict[str, Any], is_over: threading.Event) -> None:
        with httpx2.Client(trust_env=False, timeout=20) as http:
            while not is_over.is_set():
                url = self.stack.surface("deal-panel", user, 1)["url"]
                try:
                    status = str(self._status(http, url))
                except httpx2.TransportError as error:
                    status = type(error).__name__
                self.answered += 1
                if status != "200":
                    self.failures.append(status)

    @staticmethod
    def _status(http: httpx2.Client, url: str) -> int:
        try:
            return http.get(url).status_code
        except httpx2.TransportError:
            return http.get(url).status_code

    def tell_of_uninstall(self, secret: str) -> int:
        """Of a user whom nobody has heard of: what counts is whether the secret is taken."""
        ids = {"client_id": self.stack.identity.client_id, "company_id": 999, "user_id": 999}
        reply = httpx2.request(
            "DELETE",
            f"{self.stack.app_url}/oauth/callback",
            json={**ids, "timestamp": "2026-01-01T00:00:00Z"},
            auth=(self.stack.identity.client_id, secret),
            trust_env=False,
        )
        return reply.status_code


@pytest.fixture(params=[("granian", 2), ("uvicorn", 1)], ids=lambda param: param[0])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    server, workers = request.param
    folder = tmp_path / "secrets"
    folder.mkdir()
    settings = dict.fromkeys(FILES, "")
    settings |= {f"{name}_FILE": str(folder / file) for name, file in FILES.items()}
    parts = ("valkey", "emulator")
    with running_stack(tmp_path / "stack", server=server, settings=settings, parts=parts) as stack:
        made = Town(stack, folder)
        identity = stack.identity
        made.write(
            client=identity.client_secret,
            surface=[identity.surface_secrets["deal-panel"]],
            keys=f"k1:{identity.encryption_key}",
        )
        stack.local.plan = replace(stack.local.plan, workers=workers)
        stack.local.start_serve()
        stack.local.start_worker()
        yield made


@pytest.mark.timeout(240)
def test_secrets_and_keys_change_under_load(town: Town) -> None:
    stack, identity = town.stack, town.stack.identity
    old_client, old_surface = identity.client_secret, identity.surface_secrets["deal-panel"]
    k1 = f"k1:{identity.encryption_key}"
    user = stack.control.world()["users"][0]
    stack.install(user)

    town.write(client=f"{NEW_CLIENT},{old_client}", surface=[NEW_SURFACE, old_surface], keys=f"{k1},{K2}")
    with town.under_load(user):
        town.hang_up()
    signed_before = stack.surface("deal-panel", user, 1)["url"]
    change_in_developer_hub(stack)
    assert request("GET", signed_before).status == 200
    assert request("GET", stack.surface("deal-panel", user, 1)["url"]).status == 200
    assert [town.tell_of_uninstall(each) for each in (old_client, NEW_CLIENT, "wrong" * 8)] == [200, 200, 401]

    town.write(client=NEW_CLIENT, surface=[NEW_SURFACE], keys=f"{K2},{k1}")
    with town.under_load(user):
        town.hang_up()
        rotated = command(stack, "keys", "rotate")
    assert rotated.returncode == 0, rotated.stderr
    assert "may be removed" in rotated.stdout
    assert request("GET", signed_before).status == 401
    assert [town.tell_of_uninstall(each) for each in (old_client, NEW_CLIENT)] == [401, 200]
    town.write(client=NEW_CLIENT, surface=[NEW_SURFACE], keys=K2)
    with town.under_load(user):
        town.hang_up()
    assert town.answered > 20
    assert town.failures == []

    renewed = renewals(stack)
    stack.advance(3700)
    assert request("GET", stack.surface("deal-panel", user, 1)["url"]).status == 200
    wait_for(lambda: renewals(stack) > renewed)
    with Redis.from_url(stack.local.redis_url) as redis:
        assert redis.get("app:alarm:client-refused") is None
    said = "".join(stack.log_of(name) for name in ("serve", "worker"))
    assert not [secret for secret in (NEW_CLIENT, NEW_SURFACE, K2[3:]) if secret in said]


@pytest.mark.timeout(120)
def test_files_that_are_refused_change_nothing(town: Town) -> None:
    stack, identity = town.stack, town.stack.identity
    children = [stack.local.watch.named(name) for name in ("serve", "worker")]
    user = stack.control.world()["users"][0]
    stack.install(user)
    before = town._children()
    town.write(client=NEW_CLIENT, surface=["short"], keys="k1:nonsense")
    for child in children:
        child.send(signal.SIGHUP)
    wait_for(lambda: all("settings refused" in child.output() for child in children), seconds=20)
    time.sleep(6)  # as long as a process that dies at once is begun again
    stack.local.watch.check()
    assert before <= town._children()
    assert request("GET", stack.surface("deal-panel", user, 1)["url"]).status == 200
    for child in children:
        (line,) = [each for each in child.output().splitlines() if "settings refused" in each]
        assert json.loads(line)["level"] == "error"
        assert "ENCRYPTION_KEYS" in line
        assert "nonsense" not in line
        assert NEW_CLIENT not in line

    town.write(
        client=identity.client_secret,
        surface=[identity.surface_secrets["deal-panel"]],
        keys=f"k1:{identity.encryption_key}",
    )
    town.hang_up()
    assert request("GET", stack.surface("deal-panel", user, 1)["url"]).status == 200


def change_in_developer_hub(stack: Stack) -> None:
    known = json.loads((stack.local.plan.folder / "app.json").read_text())
    secrets = {**known["surface_secrets"], "deal-panel": NEW_SURFACE}
    stack.control.register({**known, "client_secret": NEW_CLIENT, "surface_secrets": secrets})


def renewals(stack: Stack) -> int:
    return sum(entry["kind"] == "token_refreshed" for entry in stack.control.ledger())
