"""`check --messaging` prints the file that Developer Hub takes, and `check` says what is missing for it."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace_app.cli.developer_hub import form
from marketplace_app.domain.manifest import Manifest
from pipedrive_emulator.messaging.manifest import problems
from tests.architecture.tree import ROOT

INBOX = ROOT / "examples" / "inbox"


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """No Redis answers there, and none is asked."""
    return {
        "APP_BASE_URL": "https://app.example.test",
        "PIPEDRIVE_CLIENT_ID": "an-id",
        "PIPEDRIVE_CLIENT_SECRET": "s" * 40,
        "REDIS_URL": f"unix://{tmp_path}/no-redis",
        "ENCRYPTION_KEYS": f"k1:{base64.b64encode(bytes(32)).decode()}",
        "SPOOL_DIR": str(tmp_path / "spool"),
        "EXTENSIONS": "examples.inbox.extensions:EXTENSIONS",
        "MANIFEST": str(INBOX / "manifest.json"),
        "TEMPLATES_DIR": str(INBOX / "templates"),
        "PYTHONPATH": str(ROOT),
    }


def check(settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "marketplace_app", "check", *words],
        env={"PATH": os.environ["PATH"], **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_file_is_printed_and_nothing_else(settings: dict[str, str]) -> None:
    done = check(settings, "--messaging")
    assert (done.returncode, done.stderr) == (0, "")
    printed = json.loads(done.stdout)
    assert list(problems(printed)) == []
    below = "https://app.example.test/pd/channels/:providerChannelId"
    assert printed["endpoints"]["deleteChannelById"] == below
    assert len(printed["endpoints"]) == 4


def test_an_app_without_messaging_has_no_file(settings: dict[str, str]) -> None:
    own = {key: settings[key] for key in settings if key not in ("EXTENSIONS", "MANIFEST", "TEMPLATES_DIR")}
    done = check(own, "--messaging")
    assert (done.returncode, done.stdout) == (2, "")
    assert "EXTENSIONS has no Messaging" in done.stderr


@pytest.mark.parametrize("words", [(), ("--messaging",)])
def test_a_scope_that_is_missing_is_told(
    settings: dict[str, str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    manifest = json.loads((INBOX / "manifest.json").read_text())
    manifest["scopes"] = manifest["scopes"][:1]
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    done = check(settings | {"MANIFEST": str(tmp_path / "manifest.json")}, *words)
    assert done.returncode == 2
    assert "messaging inbox needs the scope messengers-integration in manifest.json" in done.stderr


def test_developer_hubs_form_says_where_the_file_comes_from() -> None:
    lines = list(form(Manifest.load(INBOX / "manifest.json"), "https://app.example.test"))
    assert lines[-2] == "App extensions: Messaging"
    assert "check --messaging" in lines[-1]
    ours = "\n".join(form(Manifest.load(ROOT / "manifest.json"), "https://app.example.test"))
    assert "Messaging" not in ours
