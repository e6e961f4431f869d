"""Somebody without a browser who opens and presses what a surface of this package shows."""

import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2

from tests.integration.person import Button, Person, with_query
from tests.integration.town import Town


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody in front of one of the app's surfaces; `place` is what Pipedrive's page would say."""

    every: Town
    person: Person
    surface: str
    place: dict[str, Any]

    def url(self, **changes: str | None) -> str:
        ids = {"company_id": self.person.ids[0], "user_id": self.person.ids[1]}
        app = self.every.stack.identity.client_id
        asked = {"client_id": app, "surface": self.surface, **ids, **self.place}
        return with_query(str(self.every.stack.control.ask("POST", "surface", asked)["url"]), **changes)

    def opens(self, **changes: str | None) -> httpx2.Response:
        return self.every.http.get(self.url(**changes))

    def picture(self) -> str:
        """With its skeleton waited for."""
        for _ in range(50):
            reply = self.opens()
            if reply.headers["surface-state"] == "complete":
                return reply.text
            time.sleep(0.1)
        raise AssertionError("no picture came")

    def presses(self, button: Button, *, place: dict[str, str] | None = None, **form: Any) -> httpx2.Response:
        query = dict(parse_qsl(urlsplit(self.url()).query, keep_blank_values=True))
        token = query.pop("token")
        return self.every.http.post(
            f"{self.every.stack.app_url}/surfaces/{self.surface}/actions/{button.action}",
            params={**query, **(place or {})},
            json={"ticket": button.ticket, "form": {**button.form, **form}},
            headers={"Authorization": f"Bearer {token}"},
        )
