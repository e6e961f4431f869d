"""The app of JSON surfaces with its people, and Pipedrive's server and page that ask it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2

from tests.harness.stack import running_stack
from tests.integration.person import Person, with_query
from tests.integration.town import Town, town_of

HERE = Path(__file__).parent
SETTINGS = {
    "EXTENSIONS": "tests.integration.json_app.extensions:EXTENSIONS",
    "MANIFEST": str(HERE / "manifest.json"),
    "PYTHONPATH": str(HERE.parents[2]),
}
FORM = {"kind": "offer", "due": "2026-12-24", "note": "renamed", "origin": "menu"}


@dataclass(frozen=True, slots=True)
class JsonTown:
    """`asks` and `sends` are Pipedrive's server; `draws` and `steps` are its page, which asks that server."""

    town: Town

    def asks(self, person: Person, surface: str, record_id: int, **changes: str | None) -> httpx2.Response:
        return self.town.http.get(with_query(self.url(person, surface, record_id), **changes))

    def sends(self, url: str, form: object, **headers: str) -> httpx2.Response:
        text = form if isinstance(form, str) else json.dumps(form)
        return self.town.http.post(url, content=text, headers={"Content-Type": "application/json"} | headers)

    def url(self, person: Person, surface: str, record_id: int | None) -> str:
        return str(self.town.stack.surface(surface, person.user, record_id)["url"])

    def fresh_url(self, person: Person, record_id: int) -> str:
        """Of the modal, to be sent to: a token of a second of its own, for two of one second are one text."""
        self.town.advance(1)
        return self.url(person, "note", record_id)

    def draws(self, person: Person, record_id: int, surface: str = "offers", resource: str = "deal") -> str:
        """The panel as the page shows it, in HTML."""
        reply = self._page(person, "panel", surface, record_id, resource=resource)
        assert reply.status_code == 200, reply.text
        return reply.text

    def steps(self, person: Person, step: str, record_id: int, **more: Any) -> dict[str, Any]:
        if step == "submit":
            self.town.advance(1)
        reply = self._page(person, f"modal/{step}", "note", record_id, resource="deal", **more)
        assert reply.status_code == 200, reply.text
        answer: dict[str, Any] = reply.json()
        return answer

    def last(self) -> dict[str, Any]:
        """What the emulator has seen of its last request to the app."""
        return self.town.ledger(0, "json_request")[-1]

    def deal(self, person: Person, title: str) -> int:
        return int(person.calls("POST", "/api/v2/deals", title=title)["id"])

    def title(self, person: Person, deal_id: int) -> str:
        return str(self.town.records("deals", person)[deal_id]["title"])

    def renamings(self, since: int) -> int:
        return [call["method"] for call in self.town.calls(since)].count("PATCH")

    def changes(self, person: Person, record_id: int, invoker: str, **form: Any) -> httpx2.Response:
        more = urlencode({"form": json.dumps(form), "invoker": invoker})
        return self.town.http.get(f"{self.url(person, 'note', record_id)}&{more}")

    def _page(self, person: Person, what: str, surface: str, record_id: int, **more: Any) -> httpx2.Response:
        identity = self.town.stack.identity
        said = {"client_id": identity.client_id, "surface": surface, "selected_ids": str(record_id), **more}
        url = f"{self.town.stack.emulator_url}/_host/json/{what}"
        return self.town.http.post(url, json=said, headers=person._at_home())


@contextmanager
def running_json_town(folder: Path) -> Iterator[JsonTown]:
    with running_stack(folder, parts=("valkey",)) as stack:
        local = stack.local
        local.plan = replace(
            local.plan, manifest=HERE / "manifest.json", settings={**local.plan.settings, **SETTINGS}
        )
        local.identity = local.identity.with_surfaces({"offers", "contact", "note"})
        local.start_emulator()
        local.start_serve()
        with town_of(stack) as town:
            yield JsonTown(town)
