"""Tools to plant records: dates counted from now, ids handed out in the order of planting."""

import hashlib
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipedrive_emulator.clock import local_date, rfc3339
from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.records import Record, Records

DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Planter:
    """``now`` is the moment of planting; ``chance`` draws the same numbers each time."""

    company: Company
    records: Records
    now: float
    chance: random.Random

    def time(self, days: float) -> str:
        """A moment so many days from now; negative is past."""
        return rfc3339(self.now + days * DAY)

    def date(self, user: User, days: int) -> str:
        """A date on that user's calendar, so many days from the user's today."""
        today = date.fromisoformat(local_date(self.now, user.time_zone))
        return (today + timedelta(days=days)).isoformat()

    def day(self, user: User, days: int) -> tuple[str, None]:
        """A day without a time, as an activity stores it."""
        return self.date(user, days), None

    def at(self, user: User, days: int, clock: str) -> tuple[str, str]:
        """A wall-clock time on that user's day, as UTC date and time: what an activity stores."""
        local = datetime.fromisoformat(f"{self.date(user, days)}T{clock}").replace(
            tzinfo=ZoneInfo(user.time_zone)
        )
        moment = rfc3339(local.timestamp())
        return moment[:10], moment[11:19]

    def add(self, table: str, blank: shapes.Blank, **values: Any) -> Record:
        """Keep a record with the blank's values where nothing is said."""
        return self.records.add(table, {**blank, **values})

    def organization(self, name: str, owner: User, address: str | None = None, **values: Any) -> int:
        place = dict.fromkeys(shapes.ADDRESS_PARTS) | {"value": address, "formatted_address": address}
        times = {"add_time": self.time(-200), "update_time": self.time(-30)}
        row = times | {"name": name, "owner_id": owner.id, "address": place if address else None} | values
        return int(self.add("organizations", shapes.ORGANIZATION, **row)["id"])

    def person(
        self,
        name: str,
        owner: User,
        org_id: int | None = None,
        *,
        emails: Sequence[str] = (),
        phones: Sequence[str] = (),
        **values: Any,
    ) -> int:
        first, _, last = name.partition(" ")
        row = {
            "name": name,
            "first_name": first,
            "last_name": last or None,
            "owner_id": owner.id,
            "org_id": org_id,
            "emails": _contacts(emails),
            "phones": _contacts(phones),
            "add_time": self.time(-190),
            "update_time": self.time(-25),
        }
        return int(self.add("persons", shapes.PERSON, **row | values)["id"])

    def deal(self, title: str, owner: User, stage_id: int, **values: Any) -> int:
        """A deal in that stage; ``age`` days old, entered the stage ``in_stage`` days ago."""
        stage = self.records.find("stages", stage_id) or {}
        age, in_stage, touched = (values.pop(key, days) for key, days in _AGES)
        row = {
            "title": title,
            "owner_id": owner.id,
            "creator_user_id": owner.id,
            "stage_id": stage_id,
            "pipeline_id": stage["pipeline_id"],
            "currency": self.company.currency,
            "origin": "ManuallyCreated",
            "add_time": self.time(-age),
            "stage_change_time": self.time(-in_stage),
            "update_time": self.time(-touched),
            "custom_fields": {self.code(name): value for name, value in values.pop("fields", {}).items()},
        }
        return int(self.add("deals", shapes.DEAL, **row | values)["id"])

    def participants(self, deal_id: int, *person_ids: int) -> None:
        for person_id in person_ids:
            row = {"deal_id": deal_id, "person_id": person_id, "add_time": self.time(-20)}
            self.records.add("deal_participants", row)

    def activity(
        self, subject: str, kind: str, owner: User, due: tuple[str, str | None], **values: Any
    ) -> int:
        """An activity; give ``done_days`` (ago) to have it done."""
        done_days, person_id = values.pop("done_days", None), values.get("person_id")
        row = {
            "subject": subject,
            "type": kind,
            "owner_id": owner.id,
            "creator_user_id": owner.id,
            "due_date": due[0],
            "due_time": due[1],
            "duration": "00:30:00" if due[1] else None,
            "participants": [{"person_id": person_id, "primary": True}] if person_id else [],
            "done": done_days is not None,
            "marked_as_done_time": None if done_days is None else self.time(-done_days),
            "add_time": self.time(-12),
            "update_time": self.time(-(done_days if done_days is not None else 4)),
        }
        return int(self.add("activities", shapes.ACTIVITY, **row | values)["id"])

    def code(self, field_name: str) -> str:
        """The 40-hex code of this company's custom field of that name."""
        text = f"{self.company.domain}/{field_name}"
        return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


_AGES = (("age", 45), ("in_stage", 12), ("touched", 3))


def _contacts(values: Sequence[str]) -> list[Record]:
    labels = ("work", "mobile", "home")
    return [
        {"value": value, "primary": place == 0, "label": labels[min(place, 2)]}
        for place, value in enumerate(values)
    ]
