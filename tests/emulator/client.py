"""What an app and a browser do with the emulator, in steps that tests can vary."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from tests.emulator.app_behind import CLIENT_ID, SECRETS, AppBehind
from tests.emulator.process import EmulatorProcess

ACME, SAIGON = 13000037, 13000482
MARTA, LINH, JACK, VICTOR = 19100351, 19100364, 19100377, 19100388
HUY, MAI, LINH_SAIGON = 19104020, 19104033, 19104046
BASIC = (CLIENT_ID, SECRETS[0])
_DOMAINS = {MARTA: "acme", LINH: "acme", JACK: "acme", VICTOR: "acme"}


@dataclass(frozen=True, slots=True)
class Client:
    """An app with credentials, and the browsers of its users."""

    emulator: EmulatorProcess
    app: AppBehind

    def wish(self, **changes: str | None) -> dict[str, str]:
        fields = {"client_id": CLIENT_ID, "redirect_uri": self.app.callback, "state": "s-1"} | changes
        return {name: value for name, value in fields.items() if value is not None}

    def browser_headers(self, user_id: int) -> dict[str, str]:
        host = self.emulator.company_host(_DOMAINS.get(user_id, "saigon-star"))
        return host | {"Cookie": f"pipedrive_emulator_user={user_id}"}

    def decide(self, user_id: int, decision: str = "allow", **changes: str | None) -> httpx2.Response:
        """Press a button on the consent page as that user."""
        return self.emulator.http.post(
            "/oauth/authorize/apps",
            data=self.wish(**changes) | {"decision": decision},
            headers=self.browser_headers(user_id),
        )

    def code(self, user_id: int) -> str:
        return sent_back(self.decide(user_id))["code"]

    def token(self, auth: tuple[str, str] | None = BASIC, /, **fields: str) -> httpx2.Response:
        """Credentials None: only what the fields say."""
        return self.emulator.http.post("/oauth/token", data=fields, auth=auth or httpx2.USE_CLIENT_DEFAULT)

    def exchange(self, code: str, **changes: str) -> httpx2.Response:
        fields = {"grant_type": "authorization_code", "code": code, "redirect_uri": self.app.callback}
        return self.token(**fields | changes)

    def refresh(self, refresh_token: str) -> httpx2.Response:
        return self.token(grant_type="refresh_token", refresh_token=refresh_token)

    def revoke(self, token: str, **fields: str) -> httpx2.Response:
        return self.emulator.http.post("/oauth/revoke", data={"token": token, **fields}, auth=BASIC)

    def grant(self, user_id: int) -> dict[str, Any]:
        """The six fields of a fresh installation."""
        reply = self.exchange(self.code(user_id))
        assert reply.status_code == 200, reply.text
        tokens: dict[str, Any] = reply.json()
        return tokens

    def as_user(self, user_id: int) -> "ApiAs":
        return ApiAs(self.emulator, self.grant(user_id)["access_token"])


@dataclass(frozen=True, slots=True)
class ApiAs:
    """The API with one access token."""

    emulator: EmulatorProcess
    access_token: str

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.access_token}"}
        return self.emulator.http.request(method, path, headers=headers, **options)

    def get(self, path: str, **query: Any) -> Any:
        """The data of a successful answer."""
        reply = self.request("GET", path, params=query)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]

    def write(self, method: str, path: str, **body: Any) -> Any:
        reply = self.request(method, path, json=body)
        assert reply.status_code == 200, reply.text
        return reply.json()["data"]

    def refused(self, method: str, path: str, status: int, **options: Any) -> dict[str, Any]:
        """The body of an answer that must have this status."""
        reply = self.request(method, path, **options)
        assert reply.status_code == status, reply.text
        body: dict[str, Any] = reply.json()
        return body

    def everything(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """All pages of a list."""
        rows: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            page = self.request("GET", path, params=query | ({"cursor": cursor} if cursor else {})).json()
            rows += page["data"]
            cursor = page["additional_data"]["next_cursor"]
        return rows


def sent_back(reply: httpx2.Response) -> dict[str, str]:
    """The query with which a redirect leads to the app."""
    assert reply.status_code == 302, reply.text
    return dict(parse_qsl(urlsplit(reply.headers["location"]).query))
