"""docs/add-an-extension.md, done as it says: its commands are run, its files compared or saved."""

import base64
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.local.ports import free_port
from tests.harness.counting import lines_of_code
from tests.integration.cli.demos import Demo

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "add-an-extension.md"
BLOCK = re.compile(r"^```(\w+) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"http://acme\.localhost:\d+/login\S+")
OTHER_SETTINGS = {
    "APP_BASE_URL": "https://app.example.test",
    "PIPEDRIVE_CLIENT_ID": "placeholder",
    "PIPEDRIVE_CLIENT_SECRET": "placeholder-of-32-characters-or-more",
    "REDIS_URL": "unix:///nowhere/valkey.sock",
    "ENCRYPTION_KEYS": f"k1:{base64.b64encode(bytes(32)).decode()}",
    "SPOOL_DIR": "/nowhere/spool",
}
PANEL = '[data-panel][data-surface="deal-health"][data-state="ready"] iframe'


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    file: str
    text: str


BLOCKS = [Block(*match.groups()) for match in BLOCK.finditer(DOCUMENT.read_text())]


@dataclass(frozen=True, slots=True)
class Image:
    """What a Dockerfile makes of its base, as folders of this machine; `env` names those."""

    env: dict[str, str]

    @classmethod
    def made(cls, text: str, context: Path) -> "Image":
        root = context / "image"
        env: dict[str, str] = {}
        for line in text.replace("\\\n", " ").splitlines():
            instruction, *words = line.split()
            if instruction == "COPY":
                (source, target) = (context / words[0], root / words[1].lstrip("/"))
                target = target / source.name if words[1].endswith("/") else target
                target.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if source.is_dir() else shutil.copy)(source, target)
            elif instruction == "ENV":
                env |= dict(word.split("=", 1) for word in words)
            else:
                assert instruction == "FROM"
        moved = {name: value.replace("/srv/", f"{root}/srv/") for name, value in env.items()}
        return cls({name: re.sub(r"^/app(?=:)", str(ROOT), value) for name, value in moved.items()})


class Reader:
    """Somebody with a terminal who does what the page says, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.demo: Demo | None = None
        self.env = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def does(self, block: Block) -> None:
        if block.language == "sh":
            for line in block.text.splitlines():
                self._enters(line)
            return
        if block.language == "dockerfile":
            self._checks_in(Image.made(block.text, self.folder))
            return
        file = self.folder / block.file
        if self.demo is None or "test" in block.file:
            assert file.read_text() == block.text, (
                f"the page shows another {block.file} than what was written"
            )
        else:
            file.write_text(block.text)

    def _enters(self, line: str) -> None:
        if line.startswith("cd "):
            self.folder /= line.removeprefix("cd ")
        elif " demo " in line:
            self.demo = self._starts(line)
        else:
            done = subprocess.run(
                line.split(), cwd=self.folder, env=self.env, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{line}: {done.stdout}{done.stderr}"

    def _checks_in(self, image: "Image") -> None:
        """What is in the image fits together: the one thing that `check` misses is a Redis."""
        done = subprocess.run(
            [sys.executable, "-m", "marketplace_app", "check"],
            env=OTHER_SETTINGS | image.env,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        assert [line.partition(":")[0] for line in done.stderr.splitlines()[1:]] == ["- REDIS_URL"]

    def _starts(self, line: str) -> Demo:
        ports = free_port(), free_port()
        more = ["--no-browser", "--port", str(ports[0]), "--emulator-port", str(ports[1])]
        process = subprocess.Popen(
            [*line.split(), *more],
            cwd=self.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        return Demo(process, ports).wait_until_ready()

    @property
    def address(self) -> str:
        found = ADDRESS.search(self.demo.printed if self.demo else "")
        assert found
        return found[0]

    def planned(self) -> list[str]:
        """Subjects of the deal's open activities, as the emulator has them."""
        assert self.demo
        world: Any = request("GET", f"http://127.0.0.1:{self.demo.ports[1]}/_emulator/world").json()
        mine = [each for each in world["records"]["activities"] if each["deal_id"] == 1 and not each["done"]]
        return [each["subject"] for each in mine if each["company_id"] == world["users"][0]["company_id"]]


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    made = Reader(tmp_path)
    yield made
    if made.demo is not None:
        made.demo.process.terminate()
        made.demo.process.communicate(timeout=30)


def opened(tab: Page, reader: Reader) -> FrameLocator:
    tab.goto(reader.address)
    tab.wait_for_selector(PANEL)
    panel = tab.frame_locator(PANEL)
    expect(panel.locator("body")).to_have_attribute("data-state", "complete", timeout=15_000)
    return panel


def pressed(tab: Page, panel: FrameLocator, label: str, snackbar: str) -> None:
    panel.get_by_role("button", name=label).click()
    expect(tab.get_by_text(snackbar).first).to_be_visible(timeout=15_000)


@pytest.mark.timeout(400)
def test_the_page_leads_to_a_button_that_is_pressed(reader: Reader, browser: Browser) -> None:
    tab = browser.new_context().new_page()
    for block in BLOCKS:
        reader.does(block)
        if " demo " in block.text:
            before = reader.planned()
            panel = opened(tab, reader)
            pressed(tab, panel, "Follow up", "Planned for today")
            expect(panel.get_by_text("Follow up")).to_have_count(2)  # the step, and the button
            assert sorted(reader.planned()) == sorted([*before, "Follow up"])
        elif reader.demo and block.file == "deal_care/deal_health.py":
            reader.demo.wait_for_line("Changed, and running: deal_care/deal_health.py")
            pressed(tab, opened(tab, reader), "Follow up", "Planned for today")
            assert "Call the customer" in reader.planned()
        elif "new action" in block.text:
            assert reader.demo
            reader.demo.wait_for_line("Changed, and running: deal_care/deal_health.py")
            pressed(tab, opened(tab, reader), "Say hello", "Say hello: done")
    assert reader.demo


def test_the_panel_and_its_action_are_eight_lines() -> None:
    modules = [block for block in BLOCKS if block.file == "deal_care/deal_health.py"]
    assert [lines_of_code(block.text) for block in modules] == [8, 8]
    assert all("@extension.panel" in block.text and "@extension.action" in block.text for block in modules)


def test_every_block_is_run_or_compared() -> None:
    assert DOCUMENT.read_text().count("\n```") == 2 * len(BLOCKS)
    assert {block.language for block in BLOCKS} == {"sh", "python", "html", "dockerfile"}
    assert all(block.file or block.language == "sh" for block in BLOCKS)
