"""A user of Pipedrive whose browser runs no script: opens pages, and sends what surface.js would."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import httpx2

from tests.harness.stack import Stack

PANEL = "/surfaces/deal-panel"


@dataclass(frozen=True, slots=True)
class Button:
    action: str
    ticket: str
    form: Mapping[str, Any]


@dataclass(slots=True)
class _Buttons(HTMLParser):
    found: list[Button] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 (given by the parser)
        given = dict(attributes)
        if action := given.get("data-action"):
            form = json.loads(given.get("data-form") or "{}")
            self.found.append(Button(action, given.get("data-ticket") or "", form))


def buttons_in(html: str) -> list[Button]:
    parser = _Buttons()
    parser.feed(html)
    return parser.found


def button_in(html: str, action: str, **form: Any) -> Button:
    """The first button of that action whose form has these values."""
    return next(
        button
        for button in buttons_in(html)
        if button.action == action and form.items() <= button.form.items()
    )


def with_query(url: str, **changes: str | None) -> str:
    """The URL with these parameters instead; None takes one away."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **changes}
    return urlunsplit(parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})))


@dataclass(frozen=True, slots=True)
class Person:
    stack: Stack
    http: httpx2.Client
    user: Mapping[str, Any]
    company: Mapping[str, Any]
    panel: str = "deal-panel"

    @property
    def ids(self) -> tuple[int, int]:
        return self.user["company_id"], self.user["id"]

    # ---- in Pipedrive

    def installed(self) -> Self:
        """From the Marketplace, as the emulator walks it."""
        assert self.stack.install(self.user)["status"] == "installed"
        return self

    def decides(self, *, state: str | None = None, decision: str = "allow") -> str:
        """Presses a button of the consent page; the address to which Pipedrive sends the browser."""
        app = self.stack.control.world()["apps"][0]
        fields = {"client_id": app["client_id"], "redirect_uri": app["callback_url"], "decision": decision}
        if state is not None:
            fields["state"] = state
        reply = self.http.post(
            f"{self.stack.emulator_url}/oauth/authorize/apps", data=fields, headers=self._at_home()
        )
        assert reply.status_code == 302, reply.text
        return str(reply.headers["location"])

    def uninstalls(self) -> None:
        """In the Marketplace; Pipedrive then tells the app, which is waited for."""
        since = self.ledger_length()
        app = self.stack.control.world()["apps"][0]
        reply = self.http.post(
            f"{self.stack.emulator_url}/_host/uninstall",
            json={"client_id": app["client_id"]},
            headers=self._at_home(),
        )
        assert reply.status_code == 200, reply.text
        self.stack.local.watch.until(
            lambda: any(entry["kind"] == "uninstall_delivered" for entry in self.stack.control.ledger(since)),
            "The uninstall callback",
            10,
        )

    def calls(self, method: str, path: str, **body: Any) -> dict[str, Any]:
        """The API with this person's own key; beside the app, to prepare records and look at them."""
        reply = self.http.request(
            method,
            f"{self.stack.emulator_url}{path}",
            json=body or None,
            headers={"x-api-token": self.user["api_token"]},
        )
        assert reply.status_code < 300, reply.text
        data: dict[str, Any] = reply.json()["data"]
        return data

    def ledger_length(self) -> int:
        entries = self.stack.control.ledger()
        return int(entries[-1]["n"]) if entries else 0

    def _at_home(self) -> dict[str, str]:
        """As a browser that is signed in on the company's host, whose name only browsers resolve."""
        port = urlsplit(self.stack.emulator_url).port
        host = f"{self.company['domain']}.localhost:{port}"
        return {
            "Host": host,
            "Origin": f"http://{host}",
            "Cookie": f"pipedrive_emulator_user={self.user['id']}",
        }

    # ---- in the panel

    def token(self) -> str:
        """What GET_SIGNED_TOKEN gives."""
        return str(self.stack.surface(self.panel, self.user)["token"])

    def panel_url(self, record_id: int | None) -> str:
        return str(self.stack.surface(self.panel, self.user, record_id)["url"])

    def opens(self, record_id: int | None, **changes: str | None) -> httpx2.Response:
        """The iframe's page, with parts of its query changed."""
        return self.http.get(with_query(self.panel_url(record_id), **changes))

    def refreshes(
        self, record_id: object, *, fresh: bool = False, token: str | None = None
    ) -> httpx2.Response:
        query = {"selectedIds": str(record_id), **({"fresh": "1"} if fresh else {})}
        return self.http.get(
            f"{self.stack.app_url}/surfaces/{self.panel}/sections/all?{urlencode(query)}",
            headers=self.bearer(token),
        )

    def picture(self, record_id: int) -> str:
        """The panel's markup, asked for anew."""
        reply = self.refreshes(record_id, fresh=True)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["commands"][0]["html"])

    def presses(
        self, record_id: object, button: Button, *, token: str | None = None, **changes: Any
    ) -> httpx2.Response:
        """`changes` are values of the form."""
        return self.http.post(
            f"{self.stack.app_url}/surfaces/{self.panel}/actions/{button.action}?selectedIds={record_id}",
            json={"ticket": button.ticket, "form": {**button.form, **changes}},
            headers=self.bearer(token),
        )

    def bearer(self, token: str | None = None) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token() if token is None else token}"}
