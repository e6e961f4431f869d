"""The commands as an operator meets them: exit codes and sentences."""

import base64
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace_app.cli.local.valkey import EmbeddedValkey, start_valkey
from marketplace_app.cli.local.watch import Watch

SECRET = "s" * 40


@pytest.fixture(scope="module")
def valkey(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedValkey]:
    folder, watch = tmp_path_factory.mktemp("valkey"), Watch()
    server = start_valkey(folder / "data", log=folder / "log", watch=watch)
    yield server
    watch.stop_all()
    server.remove_socket()


@pytest.fixture
def settings(valkey: EmbeddedValkey, tmp_path: Path) -> dict[str, str]:
    return {
        "APP_BASE_URL": "https://app.example.test",
        "PIPEDRIVE_CLIENT_ID": "an-id",
        "PIPEDRIVE_CLIENT_SECRET": SECRET,
        "SURFACE_JWT_SECRETS": f"deal-panel={SECRET[::-1]}p",
        "REDIS_URL": valkey.url,
        "ENCRYPTION_KEYS": f"k1:{base64.b64encode(bytes(32)).decode()}",
        "SPOOL_DIR": str(tmp_path / "spool"),
    }


def command(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marketplace_app", *words],
        env={"PATH": os.environ["PATH"], **env},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("name", ["serve", "worker", "check"])
def test_every_missing_setting_is_named_at_once(name: str) -> None:
    done = command(name, env={"ENCRYPTION_KEYS": "k1:short"})
    assert done.returncode == 2
    problems = [line for line in done.stderr.splitlines() if line.startswith("- ")]
    named = {problem.removeprefix("- ").partition(":")[0] for problem in problems}
    assert named >= {
        "APP_BASE_URL",
        "PIPEDRIVE_CLIENT_ID",
        "PIPEDRIVE_CLIENT_SECRET",
        "REDIS_URL",
        "ENCRYPTION_KEYS",
        "SPOOL_DIR",
    }
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_one_sentence(settings: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = command("serve", "--port", port, env=settings)
    assert done.returncode == 1
    sentence = f"Not started: port {port} is in use by another program."
    assert done.stderr.strip() == f"{sentence} Stop that program or choose another with --port."


def test_check_prints_the_form_and_no_secret(settings: dict[str, str]) -> None:
    done = command("check", env=settings)
    assert done.returncode == 0, done.stderr
    assert "https://app.example.test/oauth/callback" in done.stdout
    assert "https://app.example.test/surfaces/deal-panel" in done.stdout
    assert SECRET not in done.stdout + done.stderr
    assert "Advice" not in done.stdout


def test_check_advises_a_secret_for_each_surface(settings: dict[str, str]) -> None:
    done = command("check", env={**settings, "SURFACE_JWT_SECRETS": ""})
    assert done.returncode == 0, done.stderr
    assert "Advice: deal-panel has no JWT secret of its own" in done.stdout


def test_check_names_a_secret_that_no_surface_uses(settings: dict[str, str]) -> None:
    both = f"{settings['SURFACE_JWT_SECRETS']},deal-pannel={SECRET}"
    done = command("check", env={**settings, "SURFACE_JWT_SECRETS": both})
    assert "Advice: SURFACE_JWT_SECRETS names deal-pannel, which no surface" in done.stdout


def test_check_says_that_redis_is_away(settings: dict[str, str], tmp_path: Path) -> None:
    done = command("check", env={**settings, "REDIS_URL": f"unix://{tmp_path}/nothing.sock"})
    assert done.returncode == 2
    assert "- REDIS_URL: Redis does not answer" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_manifest_that_cannot_be_read_is_named(settings: dict[str, str], tmp_path: Path) -> None:
    broken = tmp_path / "manifest.json"
    broken.write_text("{")
    for name in ("serve", "check"):
        done = command(name, env={**settings, "MANIFEST": str(broken)})
        assert done.returncode == 2
        assert "manifest.json" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_metrics_need_a_port_of_their_own(settings: dict[str, str]) -> None:
    done = command("serve", "--port", "8123", env={**settings, "METRICS_PORT": "8123"})
    assert done.returncode == 2
    assert "- METRICS_PORT: is 8123, the port of serve" in done.stderr
