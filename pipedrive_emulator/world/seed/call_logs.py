"""Call logs of both companies, each of a call that was made already."""

import hashlib

from pipedrive_emulator.world.call_log_shapes import CALL_LOG, TABLE
from pipedrive_emulator.world.seed.planter import Planter

_OUTCOMES = ("connected", "no_answer", "left_voicemail", "busy")
_MOST = 4


def plant_acme_call_logs(planter: Planter) -> None:
    _plant(planter, "+372 555 0100")


def plant_saigon_call_logs(planter: Planter) -> None:
    _plant(planter, "+84 28 555 0100")


def _plant(planter: Planter, number: str) -> None:
    """The first done calls of the company, with every outcome in turn."""
    calls = [row for row in planter.records.all("activities") if row["type"] == "call" and row["done"]]
    for place, activity in enumerate(calls[:_MOST]):
        name = f"{planter.company.domain} call {activity['id']}"
        key = "CA" + hashlib.sha1(name.encode(), usedforsecurity=False).hexdigest()[:27]
        links = ("person_id", "org_id", "deal_id", "lead_id", "subject", "note")
        record = {
            **CALL_LOG,
            **{name: activity[name] for name in links},
            "id": key,
            "activity_id": activity["id"],
            "duration": str(40 + 35 * place),
            "outcome": _OUTCOMES[place % len(_OUTCOMES)],
            "from_phone_number": number,
            "to_phone_number": "+372 555 0144",
            "start_time": f"{activity['due_date']}T{activity['due_time'] or '09:00:00'}.000Z",
            "end_time": f"{activity['due_date']}T{(activity['due_time'] or '09:00:00')[:6]}59.000Z",
            "user_id": activity["owner_id"],
            "company_id": planter.company.id,
        }
        planter.records.put(TABLE, key, record)
