"""The image and the compose file fit the checkout; no engine is needed to see that."""

import re

import yaml

from marketplace_app.settings import NAMES
from tests.architecture.tree import ROOT


def test_the_image_copies_only_what_is_there() -> None:
    lines = re.findall(r"^COPY (?!--from)(.+)$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    sources = [source for line in lines for source in line.split()[:-1]]
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    assert sources
    assert [source for source in sources if f"!{source.split('/')[0]}" not in allowed] == []
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_the_image_holds_what_the_app_reads_beside_its_code() -> None:
    copied = set((ROOT / "Dockerfile").read_text().split())
    for name in ("manifest.json", "static", "templates", "marketplace_app", "node_modules"):
        assert name in copied
    assert "pipedrive_emulator" not in copied


def test_the_compose_file_sets_only_settings_that_exist() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    for name in ("serve", "worker"):
        assert services[name]["environment"].keys() <= set(NAMES)
    assert "--appendfsync" in services["valkey"]["command"]


def test_ci_calls_the_one_command() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert script.read_text().splitlines()[-1] == "exec make test"
