"""A company whose every name may be markup: its five deals bring all of them into the panel."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace_app.cli.local.fetch import request
from tests.faults.lab.lab import Lab
from tests.faults.lab.markup import payload

_HOUR = 3_700  # stages and fields are kept for one
SLOTS = (
    "organization",
    "contact",
    "person without phone",
    "phone",
    "e-mail",
    "other deal",
    "subject",
    "stage",
    "next stage",
    "pipeline",
    "important field",
    "required field",
    "reason",
    *(f"{what} {number}" for number in range(5) for what in ("person", "phone", "e-mail", "deal")),
)


@dataclass(slots=True)
class HostileTown:
    lab: Lab
    user: Mapping[str, Any]
    ids: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    turn: int = 0

    def found(self) -> None:
        """Makes the records, with harmless names."""
        new, ids = self._new, self.ids
        ids["organization"] = new("organizations", name="a")
        ids["contact"] = new("persons", org_id=ids["organization"], **_person("a", "1", "a@a.a"))
        ids["silent"] = new("persons", name="a")
        both = {"person_id": ids["contact"], "org_id": ids["organization"]}
        ids["with step"] = new("deals", title="a", **both)
        ids["other deal"] = new("deals", title="a", **both)
        ids["without step"] = new("deals", title="a", person_id=ids["silent"])
        ids["without person"] = new("deals", title="a", org_id=ids["organization"])
        ids["lost"] = new("deals", title="a", status="lost", lost_reason="a")
        stages = [row for row in self._call("GET", "stages") if row["pipeline_id"] == 1]
        ids["stage"], ids["next stage"], ids["last stage"] = (
            stages[0]["id"],
            stages[1]["id"],
            stages[-1]["id"],
        )
        ids["at the end"] = new("deals", title="a", stage_id=ids["last stage"], **both)
        ids["subject"] = new("activities", subject="a", deal_id=ids["with step"], due_date="2030-01-01")
        for number in range(5):
            ids[f"person {number}"] = new("persons", name="a")
            ids[f"deal {number}"] = new("deals", title="a", **both)
            self._call(
                "POST", f"deals/{ids['with step']}/participants", "v1", person_id=ids[f"person {number}"]
            )
        always = {"enabled": True, "stage_ids": []}
        for name in ("important", "required"):
            asked: dict[str, Any] = {f"{name}_fields": always, "field_name": "a", "field_type": "varchar"}
            made = self._call("POST", "dealFields", **asked)
            self.codes[name] = made["field_code"]

    def plant(self) -> dict[int, str]:
        """Another payload into every name; which ones."""
        first = self.turn * len(SLOTS)
        texts = {slot: payload(first + place) for place, slot in enumerate(SLOTS)}
        self.turn += 1
        ids = self.ids
        bodies: dict[str, dict[str, Any]] = {
            f"organizations/{ids['organization']}": {"name": texts["organization"]},
            f"persons/{ids['contact']}": _person(texts["contact"], texts["phone"], texts["e-mail"]),
            f"persons/{ids['silent']}": {"name": texts["person without phone"]},
            f"deals/{ids['other deal']}": {"title": texts["other deal"]},
            f"deals/{ids['lost']}": {"lost_reason": texts["reason"]},
            f"activities/{ids['subject']}": {"subject": texts["subject"]},
            f"stages/{ids['stage']}": {"name": texts["stage"]},
            f"stages/{ids['next stage']}": {"name": texts["next stage"]},
            "pipelines/1": {"name": texts["pipeline"]},
            f"dealFields/{self.codes['important']}": {"field_name": texts["important field"]},
            f"dealFields/{self.codes['required']}": {"field_name": texts["required field"]},
        }
        for path, body in bodies.items():
            self._call("PATCH", path, **body)
        for number in range(5):
            name, phone, email = (texts[f"{what} {number}"] for what in ("person", "phone", "e-mail"))
            self._call("PATCH", f"persons/{ids[f'person {number}']}", **_person(name, phone, email))
            self._call("PATCH", f"deals/{ids[f'deal {number}']}", title=texts[f"deal {number}"])
        self.lab.advance(_HOUR)
        return {first + place: texts[slot] for place, slot in enumerate(SLOTS)}

    def panels(self) -> Iterator[tuple[str, str]]:
        """Address and markup of each panel, read anew."""
        for name in ("with step", "without step", "without person", "lost", "at the end"):
            ids = {"company_id": self.user["company_id"], "user_id": self.user["id"]}
            given = self.lab.control.surface(
                self.lab.identity.client_id, "deal-panel", **ids, record_id=self.ids[name]
            )
            path = f"/surfaces/deal-panel/sections/all?fresh=1&selectedIds={self.ids[name]}"
            headers = {"Authorization": f"Bearer {given['token']}"}
            made = request("GET", self.lab.app_url() + path, headers=headers, timeout=30)
            assert made.status == 200, made.text
            page = request("GET", given["url"], timeout=30)
            assert re.search(r'data-state="(complete|stale)"', page.text), page.text
            yield given["url"], page.text

    def _new(self, kind: str, **body: Any) -> int:
        return int(self._call("POST", kind, **body)["id"])

    def _call(self, method: str, path: str, version: str = "v2", **body: Any) -> Any:
        headers = {"x-api-token": self.user["api_token"]}
        reply = request(
            method, f"{self.lab.emulator_url}/api/{version}/{path}", body=body or None, headers=headers
        )
        assert reply.status in (200, 201), f"{method} {path}: {reply.text}"
        return reply.json()["data"]


def _person(name: str, phone: str, email: str) -> dict[str, Any]:
    reach = {"phones": [{"value": phone, "primary": True}], "emails": [{"value": email, "primary": True}]}
    return {"name": name, **reach}
