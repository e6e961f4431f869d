"""Starts an emulator with the probe app registered, and speaks to both."""

import json
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

HERE = Path(__file__).parent
LOOPBACK = re.compile(r"^(http://([a-z0-9-]+\.)?(localhost|127\.0\.0\.1)[:/]|data:|about:|blob:)")
CLIENT_ID, CLIENT_SECRET = "probe-client", "probe-secret-0123456789abcdef"
# The panel of the deal view behaves; the other two show what becomes of panels that do not.
SURFACES = (
    ("probe-deal", "deal", "panel"),
    ("probe-person", "person", "silent"),
    ("probe-organization", "organization", "stranger"),
)
SECRETS = {name: f"{name}-secret-0123456789" for name, _, _ in SURFACES}


# What the probe shows to those who installed it. The query of its own tells panel.js to ask for no size.
_PLAIN = "/panel.html?plain=1"
MODAL, SDK_MODAL, SILENT_MODAL, LINK = "probe-modal", "probe-sdk-modal", "probe-silent-modal", "probe-link"
FLOAT, SETTINGS = "probe-float", "probe-settings"
_EVERYWHERE = [
    f"{kind}/{view}" for kind in ("deal", "person", "organization") for view in ("details", "list")
]
_MENU = [*_EVERYWHERE, "activity/list"]
INSTALLED_SURFACES: tuple[dict[str, Any], ...] = (
    {"name": MODAL, "kind": "custom_modal", "title": "Probe modal", "views": _MENU, "path": _PLAIN},
    {"name": SDK_MODAL, "kind": "custom_modal", "title": "Second modal", "views": [], "path": _PLAIN},
    {"name": SILENT_MODAL, "kind": "custom_modal", "title": "Silent modal", "path": "/silent.html"},
    {
        "name": LINK,
        "kind": "link_action",
        "title": "Probe link",
        "views": _MENU,
        "path": "/silent.html?own=1",
    },
    {
        "name": FLOAT,
        "kind": "floating_window",
        "title": "Probe window",
        "entry_points": ["top_bar", "phone"],
        "path": _PLAIN,
    },
    {"name": SETTINGS, "kind": "settings_page", "title": "Probe settings", "path": _PLAIN},
)


@dataclass(frozen=True, slots=True)
class Host:
    """``emulator`` and ``app`` are origins, ``users`` those of the company acme by name."""

    emulator: str
    app: str
    users: dict[str, int]

    @property
    def acme(self) -> str:
        return self.emulator.replace("127.0.0.1", "acme.localhost")

    @property
    def somebody(self) -> int:
        """The company's first user, an administrator, who sees every record."""
        return next(iter(self.users.values()))

    def control(self, what: str, body: Any = None) -> Any:
        """One control route: GET without a body, POST with one."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        return _ask(f"{self.emulator}/_emulator/{what}", "POST" if data else "GET", data, headers)

    def record(self, table: str, record_id: int) -> dict[str, Any]:
        """One record of acme as the world has it."""
        company = next(one for one in self.control("world")["companies"] if one["domain"] == "acme")
        records = self.control("world")["records"][table]
        found: dict[str, Any] = next(
            one for one in records if one["id"] == record_id and one["company_id"] == company["id"]
        )
        return found

    def write(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What another program does meanwhile: a call of API v2 with the first user's own API token."""
        return self._call(method, f"/api/v2/{path}", body)

    def webhook(self, body: dict[str, Any]) -> dict[str, Any]:
        """The same user subscribes to events."""
        return self.v1("POST", "webhooks", body)

    def add_lead(self, title: str, **more: Any) -> str:
        """A lead of that user about the first person; answers its id."""
        row = self.v1("POST", "leads", {"title": title, "person_id": 1, **more})
        return str(row["id"])

    def v1(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return self._call(method, f"/v1/{path}", body)

    def _call(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        token = next(one["api_token"] for one in self.control("world")["users"] if one["id"] == self.somebody)
        headers = {"Content-Type": "application/json", "x-api-token": token}
        record: dict[str, Any] = _ask(self.emulator + path, method, json.dumps(body).encode(), headers)[
            "data"
        ]
        return record

    def script(self, page: Page, path: str, body: dict[str, Any]) -> int:
        """POST to the host as the page's own scripts do; answers the status."""
        ask = """([path, body]) => fetch(path, {
          method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body),
        }).then(answer => answer.status)"""
        status: int = page.evaluate(ask, [f"/_host/{path}", body])
        return status

    def install(self, user: int | None = None) -> None:
        """Install the probe for one user of acme, the first one unless told."""
        company = next(one["id"] for one in self.control("world")["companies"] if one["domain"] == "acme")
        order = {"client_id": CLIENT_ID, "company_id": company, "user_id": user or self.somebody}
        assert self.control("install", order)["status"] == "installed"

    def open(self, page: Page, path: str, user: int | None = None) -> None:
        page.goto(f"{self.acme}/login?user={user or self.somebody}&next={path}")

    def open_deal(self, page: Page, deal: int = 1) -> Frame:
        """The deal's page with the probe in its panel, initialized; answers the probe's frame."""
        self.open(page, f"/deal/{deal}")
        return panel_frame(page)


def panel_frame(page: Page) -> Frame:
    """The frame of the panel, once it is shown."""
    return frame_in(page, "[data-panel]")


def frame_in(page: Page, surface: str, *, state: str = "ready") -> Frame:
    """The frame inside the element of a surface, in that state, seen or not."""
    page.wait_for_selector(f'{surface}[data-state="{state}"]', state="attached")
    element = page.wait_for_selector(f"{surface} iframe", state="attached")
    frame = element.content_frame() if element else None
    assert frame is not None
    return frame


def refusal(frame: Frame, call: str) -> str:
    """The text with which the SDK's promise was rejected."""
    return str(frame.evaluate(f"{call}.then(() => 'no refusal', error => error.message)"))


def ask(frame: Frame, call: str) -> None:
    """Start a command whose answer needs a person; `answer_of` waits for it."""
    frame.evaluate(f"void {call}.then(answer => {{ window.answer = answer }})")


def answer_of(frame: Frame) -> Any:
    return frame.wait_for_function("window.answer").json_value()


def query_of(frame: Frame) -> dict[str, str]:
    """What the frame was told in its address, without what differs with every load."""
    said: dict[str, str] = frame.evaluate("Object.fromEntries(new URLSearchParams(location.search))")
    return {name: value for name, value in said.items() if name not in ("id", "token", "plain")}


def _ask(address: str, method: str, data: bytes | None, headers: dict[str, str]) -> Any:
    request = urllib.request.Request(address, data, headers, method=method)  # noqa: S310 - our own processes
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - as above
        return json.load(answer)


@contextmanager
def running_host() -> Iterator[Host]:
    """Both processes, the app registered; stopped at the end."""
    emulator_command = [sys.executable, "-m", "pipedrive_emulator", "serve", "--port", "0"]
    with _process(emulator_command) as line:
        emulator = line.rsplit(" ", 1)[-1]
        app_command = [sys.executable, str(HERE / "probe_app.py"), emulator, CLIENT_ID, CLIENT_SECRET]
        with _process(app_command) as app:
            host = Host(emulator, app, {})
            host.control("apps", registration(app))
            yield Host(emulator, app, _users(host))


@contextmanager
def _process(command: list[str]) -> Iterator[str]:
    """The process's first line, which says where it listens."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


def _users(host: Host) -> dict[str, int]:
    world = host.control("world")
    company = next(one["id"] for one in world["companies"] if one["domain"] == "acme")
    return {one["name"]: one["id"] for one in world["users"] if one["company_id"] == company}


def registration(app: str) -> dict[str, Any]:
    surfaces: list[dict[str, Any]] = [
        {
            "name": name,
            "kind": "custom_panel",
            "title": "Probe",
            "description": "Checks what the page promises to an app.",
            "view": view,
            "path": f"/{file}.html",
            "jwt_secret": name,
        }
        for name, view, file in SURFACES
    ]
    surfaces += [one | {"description": "Checks what the page promises."} for one in INSTALLED_SURFACES]
    manifest = {
        "format": "marketplace-app/1",
        "name": "Probe",
        "version": "1.0.0",
        "description": "Checks what the page promises to an app.",
        "install_path": "/oauth/install",
        "callback_path": "/oauth/callback",
        "scopes": [{"name": "deals:read", "reason": "Look at a deal."}],
        "surfaces": surfaces,
        "webhooks": [],
    }
    return {
        "manifest": manifest,
        "base_url": app,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "surface_secrets": SECRETS,
    }
