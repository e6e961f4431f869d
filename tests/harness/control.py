"""The emulator's control routes (docs/architecture.md lists them), one method each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace_app.cli.local.fetch import request


class ControlRefused(AssertionError):
    """The emulator did not do as a test asked; the text has its answer."""


@dataclass(frozen=True, slots=True)
class Control:
    base_url: str

    def world(self) -> dict[str, Any]:
        return self.ask("GET", "world")

    def install(self, client_id: str, company_id: int, user_id: int) -> dict[str, Any]:
        """Walks the OAuth flow of a Marketplace install to its last page."""
        return self.ask("POST", "install", _ids(client_id, company_id, user_id))

    def register(self, registration: Mapping[str, Any]) -> dict[str, Any]:
        """Adds an app, or changes what Developer Hub has of it."""
        return self.ask("POST", "apps", registration)

    def change_company(self, company_id: int, **changes: Any) -> dict[str, Any]:
        """Its `domain`, `name`, `is_open`."""
        return self.ask("POST", f"companies/{company_id}", changes)

    def share(self, client_id: str, company_id: int, user_id: int, *, is_shared: bool) -> dict[str, Any]:
        """What an admin does in the Marketplace; the app is told of it."""
        return self.ask("POST", "share", {**_ids(client_id, company_id, user_id), "is_shared": is_shared})

    def surface(
        self, client_id: str, surface: str, *, company_id: int, user_id: int, record_id: int | None
    ) -> dict[str, Any]:
        """`url` and `token` as Pipedrive would give them to the iframe now."""
        ids = _ids(client_id, company_id, user_id)
        return self.ask("POST", "surface", {**ids, "surface": surface, "record_id": record_id})

    def ledger(self, since: int = 0) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.ask("GET", f"ledger?since={since}")["entries"]
        return entries

    def advance_clock(self, seconds: float) -> None:
        self.ask("POST", "clock", {"advance_seconds": seconds})

    def turn(self, **switches: str) -> None:
        self.ask("POST", "switches", switches)

    def switches(self) -> dict[str, Any]:
        return self.ask("GET", "switches")

    def fail(self, *faults: dict[str, Any]) -> None:
        """Each fault is {"route", "company_id", "kind", "count"}."""
        self.ask("POST", "faults", list(faults))

    def reset(self) -> None:
        self.ask("POST", "reset", {})

    def ask(self, method: str, what: str, body: object = None) -> dict[str, Any]:
        reply = request(method, f"{self.base_url}/_emulator/{what}", body=body, timeout=30.0)
        if reply.status >= 300:  # a redirect would be a surprise too
            raise ControlRefused(f"{method} /_emulator/{what}: {reply.status} {reply.text[:500]}")
        answer: dict[str, Any] = reply.json() if reply.body else {}
        return answer


def _ids(client_id: str, company_id: int, user_id: int) -> dict[str, Any]:
    return {"client_id": client_id, "company_id": company_id, "user_id": user_id}
