"""Webhooks of Acme, and the receiver that they lead to."""

import json
from dataclasses import dataclass
from typing import Any

import httpx2

from tests.emulator.app_behind import AppBehind, Arrival
from tests.emulator.client import MARTA
from tests.emulator.process import EmulatorProcess

LOGIN = ("hook", "pässword-of-the-hook")


@dataclass(frozen=True, slots=True)
class Hooks:
    """The API as a user with an API token, and what arrives."""

    emulator: EmulatorProcess
    app: AppBehind
    user_id: int = MARTA

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        users = self.emulator.control("world")["users"]
        token = next(user["api_token"] for user in users if user["id"] == self.user_id)
        return self.emulator.http.request(method, path, headers={"x-api-token": token}, **options)

    def write(self, method: str, path: str, **body: Any) -> Any:
        reply = self.request(method, path, json=body)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()["data"]

    def ask(self, **changes: Any) -> httpx2.Response:
        return self.request("POST", "/v1/webhooks", json=self.wish(**changes))

    def wish(self, **changes: Any) -> dict[str, Any]:
        fields = {
            "subscription_url": f"{self.app.url}/hook",
            "event_action": "*",
            "event_object": "*",
            "name": "Everything",
            "http_auth_user": LOGIN[0],
            "http_auth_password": LOGIN[1],
        }
        return {key: value for key, value in (fields | changes).items() if value is not ...}

    def subscribe(self, **changes: Any) -> int:
        """Its number."""
        reply = self.ask(**changes)
        assert reply.status_code == 201, reply.text
        number: int = reply.json()["data"]["id"]
        return number

    def rename(self, title: str, deal: int = 1) -> None:
        self.write("PATCH", f"/api/v2/deals/{deal}", title=title)

    def arrivals(self, path: str = "/hook") -> list[Arrival]:
        """All that has come once nothing is due any more."""
        self.emulator.advance(0)
        return [arrival for arrival in self.app.arrivals if arrival.path == path]

    def came(self, path: str = "/hook") -> list[dict[str, Any]]:
        return [json.loads(arrival.body) for arrival in self.arrivals(path)]

    def events(self) -> list[str]:
        """As ``change.deal``, sorted by nothing but time."""
        return [f"{body['meta']['action']}.{body['meta']['entity']}" for body in self.came()]

    def listed(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.request("GET", "/v1/webhooks").json()["data"]
        return rows

    def order(self, **orders: Any) -> Any:
        return self.emulator.control("webhooks", orders)

    def attempts(self) -> list[tuple[str, int]]:
        """Title and attempt of what came."""
        return [(body["data"]["title"], body["meta"]["attempt"]) for body in self.came()]
