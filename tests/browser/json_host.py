"""An emulator with the app of JSON extensions installed for one user, and what a browser sees of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.emulator import json_apps
from tests.emulator.client import ACME, JACK, MARTA
from tests.emulator.json_app import JsonApp, running_json_app
from tests.emulator.json_apps import CLIENT_ID, block, form_schema, surface
from tests.emulator.process import EmulatorProcess, running_emulator

AXE = (Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js").read_text()
STRANGER = MARTA
SDK = (
    Path(__file__).parents[2] / "node_modules/@pipedrive/app-extensions-sdk/dist/index.umd.js"
).read_bytes()
OWN = b"""<!doctype html><title>Own</title><script src="/sdk.js"></script>
<script>const sdk = new AppExtensionsSDK(); void sdk.initialize();</script>"""
_SECRET = "json-client-secret-0123456789"
COUNTRIES = [{"label": name, "value": name.lower()} for name in ("Estonia", "Finland", "Vietnam")]
RICH = form_schema(
    {
        "intro": block(
            "text", value="## Before\nCheck **both** [rules](https://app.example.test/r)\n- one\n> quote"
        ),
        "amount": block("input", label="Amount", type="number", isRequired=True, message="In euro"),
        "line": block("separator"),
        "way": block(
            "radio-group",
            label="Send by",
            items=[{"label": "Email", "value": "mail"}, {"label": "Post", "value": "post"}],
        ),
        "street": block("input", label="Street", visibleOn={"way": {"equals": "post"}}),
        "extras": block("checkbox-group", label="Extras", items=[{"label": "Stamp", "value": "stamp"}]),
        "land": block("select", label="Country", filter=True, allowClear=True, items=COUNTRIES),
        "note": block("textarea", label="Note", value="first"),
    },
    {
        "back": json_apps.action("secondary", "Start over", "reset"),
        "go": json_apps.action("primary", "Send", "request", visibleOn={"note": "not_empty"}),
    },
)


def surfaces() -> list[dict[str, Any]]:
    offers, contact, document = json_apps.surfaces()
    offers |= {
        "title": "Offers",
        "main_action": "document",
        "object_actions": ["rich"],
        "field_actions": {"total": "go"},
    }
    document["views"] = ["deal/details"]
    rich = surface("rich", "json_modal", schema=RICH, views=["deal/details"])
    link = surface("go", "link_action", title="Look it up", views=["deal/details"])
    own = surface("own", "custom_panel", views=["organization/details"])
    return [offers, contact, document, rich, link, own]


@dataclass(frozen=True, slots=True)
class JsonHost:
    emulator: EmulatorProcess
    app: JsonApp

    def open(self, page: Page, path: str = "/deal/4", user: int = JACK) -> Locator:
        """The page with its JSON panel drawn; answers the panel."""
        self.visit(page, path, user)
        panel = page.locator("[data-json-panel]")
        panel.locator("[data-outcome]").wait_for()
        return panel

    def visit(self, page: Page, path: str, user: int = JACK) -> None:
        acme = self.emulator.url.replace("127.0.0.1", "acme.localhost")
        page.goto(f"{acme}/login?user={user}&next={path}")

    def fresh(self) -> None:
        """What the app says to begin with."""
        self.app.says.clear()
        self.app.arrivals.clear()
        second = json_apps.OFFER | {
            "id": 32,
            "header": "Contract 7",
            "state": {"color": "green", "label": "Signed"},
        }
        self.app.say("GET /offers", json_apps.ANSWER | {"data": [json_apps.OFFER, second]})
        self.app.say("GET /document", json_apps.FIRST)
        self.app.say("GET /own", OWN, headers={"content-type": "text/html"})
        self.app.say("GET /sdk.js", SDK, headers={"content-type": "text/javascript"})
        self.app.say("GET /rich", {"data": {"blocks": {}, "actions": {}}})

    def install(self) -> None:
        self.app.say("GET /oauth/callback", {})
        order = {"client_id": CLIENT_ID, "company_id": ACME, "user_id": JACK}
        self.emulator.control("install", order)
        code = self.app.last("/oauth/callback").query["code"]
        callback = f"{self.app.url}/oauth/callback"
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": callback}
        reply = self.emulator.http.post("/oauth/token", data=form, auth=(CLIENT_ID, _SECRET))
        assert reply.status_code == 200


@contextmanager
def running_json_host() -> Iterator[JsonHost]:
    with running_json_app() as app, running_emulator() as emulator:
        host = JsonHost(emulator, app)
        emulator.control("apps", json_apps.registration(app, *surfaces()))
        host.install()
        yield host


def findings(page: Page) -> list[str]:
    """What axe-core has against the page as it stands."""
    page.evaluate(AXE)
    result: dict[str, Any] = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]


def turn_dark(page: Page) -> None:
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
