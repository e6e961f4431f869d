"""An app of others, in another language, runs in the emulator unchanged but for addresses."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.emulator.client import ACME, MARTA
from tests.emulator.process import EmulatorProcess
from tests.harness.processes import wait_for

SERVER = Path(__file__).with_name("server.cjs")
CLIENT_ID, CLIENT_SECRET = "foreign-client", "foreign-secret-0123456789abcdef"
PANEL = "deal-glance"


@contextmanager
def running_server(emulator: EmulatorProcess) -> Iterator[str]:
    """Its origin; it knows Pipedrive's address and its own credentials, no more."""
    environment = os.environ | {
        "PORT": "0",
        "PIPEDRIVE_URL": emulator.url,
        "CLIENT_ID": CLIENT_ID,
        "CLIENT_SECRET": CLIENT_SECRET,
    }
    command = ["node", str(SERVER)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline().strip()
            assert line.startswith("Foreign app ready on "), line
            yield line.rpartition(" ")[2]
        finally:
            process.terminate()


def registration(origin: str) -> dict[str, Any]:
    return {
        "name": "Foreign app",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "callback_url": f"{origin}/oauth/callback",
        "scopes": ["base", "deals:full", "contacts:read", "admin"],
        "surfaces": [
            {"name": PANEL, "kind": "custom_panel", "url": f"{origin}/panel", "views": ["deal/details"]}
        ],
    }


@dataclass(frozen=True, slots=True)
class Foreign:
    """The app, registered; installed and uninstalled by Marta."""

    emulator: EmulatorProcess
    origin: str
    order: ClassVar[dict[str, Any]] = {"client_id": CLIENT_ID, "company_id": ACME, "user_id": MARTA}

    def install(self) -> None:
        walked = self.emulator.control("install", self.order)
        assert (walked["status"], walked["callback_status"]) == ("installed", 200)

    def panel_url(self) -> str:
        shown = self.emulator.control("surface", {**self.order, "surface": PANEL, "record_id": 1})
        url: str = shown["url"]
        return url


@pytest.fixture
def app(emulator: EmulatorProcess) -> Iterator[Foreign]:
    with running_server(emulator) as origin:
        emulator.control("apps", registration(origin))
        foreign = Foreign(emulator, origin)
        foreign.install()
        yield foreign


TITLE = "Coffee roasting line for Saigon Harvest"


@pytest.fixture
def panel(app: Foreign, page: Page) -> FrameLocator:
    """The panel on the page of a deal."""
    acme = app.emulator.url.replace("127.0.0.1", "acme.localhost")
    page.goto(f"{acme}/login?user={MARTA}&next=/deal/1")
    return page.frame_locator("[data-panel] iframe")


def test_its_panel_reads_and_writes_as_the_user(panel: FrameLocator, page: Page) -> None:
    expect(panel.locator("#title")).to_have_text(TITLE)
    expect(panel.locator("#person")).to_have_text("Trần Thị Lan")
    panel.get_by_role("button", name="Mark as seen").click()
    expect(panel.locator("#title")).to_have_text(f"{TITLE} (seen)")
    expect(page.get_by_text("Marked as seen")).to_be_visible()


def test_a_webhook_tells_it_of_the_change(panel: FrameLocator) -> None:
    panel.get_by_role("button", name="Mark as seen").click()
    expect(panel.locator("#events li")).to_have_text([f"change deal 1: {TITLE} (seen)"])


def test_it_tells_pipedrive_from_strangers(app: Foreign) -> None:
    url = app.panel_url()
    assert httpx2.get(url).status_code == 200
    assert httpx2.get(re.sub(r"(token=[^&]{20})[^&]+", r"\1", url)).status_code == 401
    assert httpx2.post(f"{app.origin}/webhooks", json={}).status_code == 401


def test_it_hears_of_its_end_and_forgets_who_left(app: Foreign) -> None:
    token = httpx2.URL(app.panel_url()).params["token"]

    def ask() -> httpx2.Response:
        return httpx2.get(f"{app.origin}/deal?id=1", headers={"Authorization": f"Bearer {token}"})

    assert ask().json()["person"] == "Trần Thị Lan"
    app.emulator.control("uninstall", app.order)
    wait_for(lambda: bool(app.emulator.ledger("uninstall_delivered")))
    assert [entry["status"] for entry in app.emulator.ledger("uninstall_delivered")] == [200]
    assert (ask().status_code, "not installed" in ask().text) == (500, True)
