"""The demo of an app of somebody's own, and what becomes of what its author saves."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.new.apps import write_app
from marketplace_app.cli.new.surfaces import write_surface
from marketplace_app.domain.surface import SurfaceKind
from tests.harness.processes import wait_for
from tests.integration.cli.demos import Demo, Starter

SECONDS = 40  # on a busy machine; what it took is printed


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who has the demo running, and an editor and a browser open."""

    demo: Demo
    app: AppFolder
    errors: Path
    logs: Path

    def page(self, surface: str = "next-steps", resource: str = "deal") -> str:
        base = f"http://127.0.0.1:{self.demo.ports[1]}/_emulator"
        world = request("GET", f"{base}/world").json()
        user, client = world["users"][0], world["apps"][0]["client_id"]
        place = {"resource": resource, "view": "details", "selected_ids": [1]}
        asked = {"client_id": client, "company_id": user["company_id"], "user_id": user["id"], **place}
        found = request("POST", f"{base}/surface", body={**asked, "surface": surface}).json()
        try:
            return request("GET", found["url"]).text if "url" in found else ""
        except OSError:
            return ""  # between two processes

    def sees(self, text: str, surface: str = "next-steps", resource: str = "deal") -> float:
        """Seconds until the page has it."""
        started = time.monotonic()
        wait_for(lambda: text in self.page(surface, resource), SECONDS)
        return time.monotonic() - started

    def workers(self) -> int:
        """How many have started so far."""
        return (self.logs / "worker.log").read_text().count('"room":"worker","event":"started"')

    def is_told(self, text: str) -> None:
        wait_for(lambda: text in self.errors.read_text(), SECONDS)

    def saves(self, file: str, change: Callable[[str], str]) -> str:
        """What it was before."""
        path = self.app.folder / file
        before = path.read_text()
        path.write_text(change(before))
        return before


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    starter = Starter(tmp_path / "data")
    yield starter
    starter.end_all()


@pytest.fixture
def author(start: Starter, tmp_path: Path) -> Author:
    write_app(tmp_path / "an-app", is_empty=False)
    errors = tmp_path / "errors"
    demo = start("--app", str(tmp_path / "an-app"), errors=errors).wait_until_ready()
    return Author(demo, AppFolder.at(tmp_path / "an-app"), errors, start.folder / "logs")


@pytest.mark.timeout(240)
def test_what_is_saved_is_shown_and_what_would_not_start_is_told(
    author: Author, record_property: Callable[[str, object], None]
) -> None:
    assert "A deal, with the panel in it" in author.demo.printed
    author.sees('data-action="follow-up"')

    template = "templates/next_steps.html"
    author.saves(template, lambda text: text.replace("</div>", "<p>saved once</p></div>"))
    of_template = author.sees("<p>saved once</p>")
    good = author.saves(template, lambda text: text + "{% if %}")
    author.is_told(f"next_steps.html:{good.count(chr(10)) + 1}: ")
    assert "<p>saved once</p>" in author.page()
    (author.app.folder / template).write_text(good)
    assert author.workers() == 1

    module = "an_app/next_steps.py"
    step = 'return [activities.Activity(id=1, subject="saved twice")]'
    author.saves(module, lambda text: text.replace("return await activities.open_of_deal(", f"{step}\n    ("))
    of_module = author.sees("saved twice")
    wait_for(lambda: author.workers() == 2, SECONDS)  # one with the new module, for it may have jobs
    record_property(
        "measure", f"hot reload: template seen after {of_template:.1f} s, module after {of_module:.1f} s"
    )

    for mistake, sentence in (
        ("x = = 1\n", "invalid syntax"),
        ("x = y\n", "NameError: name 'y' is not defined"),
        ('extension.action("follow-up")(follow_up)\n', "two actions named follow-up"),
    ):
        running = (author.app.folder / module).read_text()
        (author.app.folder / module).write_text(running + mistake)
        line = running.count("\n") + 1
        author.is_told(sentence)
        assert author.errors.read_text().splitlines()[-1].startswith(f"an_app/next_steps.py:{line}: ")
        assert "saved twice" in author.page()
        (author.app.folder / module).write_text(running)
    assert author.errors.read_text().count("The app goes on as it was before.") == 4
    assert "Traceback" not in author.errors.read_text()


@pytest.mark.timeout(240)
def test_a_surface_that_is_added_is_there_while_the_demo_runs(author: Author) -> None:
    author.sees('data-action="follow-up"')
    write_surface(author.app, SurfaceKind.CUSTOM_PANEL, "contact-steps", ["person"])
    author.sees('data-action="follow-up"', "contact-steps", "person")
    good = author.saves("manifest.json", lambda text: text[:-20])
    author.is_told("manifest.json cannot be read")
    (author.app.folder / "manifest.json").write_text(good)
    assert 'data-action="follow-up"' in author.page("contact-steps", "person")


def test_a_folder_without_an_app_is_one_sentence(start: Starter, tmp_path: Path) -> None:
    code, said = start("--app", str(tmp_path)).end()
    assert code == 1
    assert said.startswith(f"There is no manifest.json in {tmp_path}.")
    assert "Traceback" not in said
