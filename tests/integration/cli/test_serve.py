"""The running web process and worker, on each server that we promise."""

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace_app.cli.local.fetch import request
from tests.harness.processes import descendants, wait_for, wait_until_gone
from tests.harness.stack import Stack, running_stack

HEADER_BYTES = 64 * 1024


@pytest.fixture(params=["granian", "uvicorn"])
def stack(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stack]:
    with running_stack(tmp_path / "stack", server=request.param) as running:
        yield running


@pytest.fixture
def granian_stack(tmp_path: Path) -> Iterator[Stack]:
    secrets = tmp_path / "surface-secrets"
    secrets.write_text("deal-panel=" + "n" * 40)
    settings = {"SURFACE_JWT_SECRETS_FILE": str(secrets), "SURFACE_JWT_SECRETS": ""}
    with running_stack(tmp_path / "stack", settings=settings) as running:
        yield running


def test_it_installs_and_shows_the_panel(stack: Stack) -> None:
    user = stack.control.world()["users"][0]
    assert stack.install(user)["status"] == "installed"
    reply = request("GET", stack.surface("deal-panel", user, 1)["url"])
    assert reply.status == 200
    assert "frame-ancestors" in reply.headers["Content-Security-Policy"]


def test_sigterm_ends_it_in_peace(stack: Stack) -> None:
    for name in ("serve", "worker"):
        child = stack.local.watch.release(name)
        members = {child.pid, *descendants(child.pid)}
        child.send(signal.SIGTERM)
        child.wait(10)
        assert child.exit_code in {0, -signal.SIGTERM}, child.last_lines()
        assert "Traceback" not in child.output()
        # multiprocessing's own watcher outlives its server by the moment in which it sees the pipe close
        wait_until_gone(members)


def test_a_header_that_is_too_long_is_refused(granian_stack: Stack) -> None:
    head = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: %b\r\n\r\n" % (b"x" * 2 * HEADER_BYTES)
    address = ("127.0.0.1", granian_stack.local.plan.app_port)
    with socket.create_connection(address, timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(64).split()[1] in {b"400", b"431"}


def test_a_hang_up_reads_secrets_again(granian_stack: Stack, tmp_path: Path) -> None:
    """The emulator signs with another secret than the file names at first."""
    stack = granian_stack
    user = stack.control.world()["users"][0]

    def status() -> int:
        return request("GET", stack.surface("deal-panel", user, 1)["url"]).status

    assert status() == 401
    secret = stack.identity.surface_secrets["deal-panel"]
    (tmp_path / "surface-secrets").write_text(f"deal-panel={secret}")
    for name in ("serve", "worker"):
        stack.local.watch.named(name).send(signal.SIGHUP)
    wait_for(lambda: status() == 200, seconds=20)
    wait_for(lambda: stack.local.watch.named("worker").output().count("started") == 2)
    stack.local.watch.check()


def test_serve_and_worker_live_on_without_redis(tmp_path: Path) -> None:
    with running_stack(tmp_path / "stack") as stack:
        stack.local.kill_one("valkey")
        assert stack.get("/healthz").status == 200
        assert stack.get("/readyz").status == 503
        stack.local.watch.check()
