"""Notes that people wrote about the told records, with comments; and which organizations belong together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.seed.people import ACME, HUY, JACK, LINH, MAI, MARTA
from pipedrive_emulator.world.seed.planter import Planter

_LINKS = ("lead_id", "deal_id", "person_id", "org_id", "project_id", "task_id")
_PINS = {"deal_id": "deal", "person_id": "person", "org_id": "organization"}
_ALL_PINS = ("lead", "deal", "organization", "person", "project", "task")


@dataclass(frozen=True, slots=True)
class _Note:
    """``links`` as in the API; pinned to the first of them; ``comments`` by whom and what."""

    author: User
    days: float
    content: str
    links: dict[str, int]
    is_pinned: bool = False
    comments: Sequence[tuple[User, str]] = ()


_ACME = (
    _Note(
        MARTA,
        -9,
        "<p>Samuel wants the bar <b>finished before the opening</b>; freight is his.</p>",
        {"deal_id": 20, "org_id": 3},
        is_pinned=True,
        comments=((JACK, "Freight quote is in the files."), (MARTA, "Thanks, passed on.")),
    ),
    _Note(JACK, -4, "<p>Asked for samples in three sizes.</p>", {"deal_id": 2}),
    _Note(LINH, -2, "<p>Chị Hồng chỉ nghe máy buổi sáng.</p>", {"person_id": 11}, is_pinned=True),
    _Note(MARTA, -30, "<ul><li>Two sites</li><li>Pays within 14 days</li></ul>", {"org_id": 5}),
)
_SAIGON = (
    _Note(
        HUY,
        -3,
        "<p>Khách muốn nếm thử mẻ rang mới trước khi ký.</p>",
        {"deal_id": 1, "person_id": 1},
        is_pinned=True,
        comments=((MAI, "Em đã gửi mẫu sáng nay."),),
    ),
    _Note(MAI, -8, "<p>Asks for invoices in English.</p>", {"org_id": 3}),
)
_RELATIONS = {ACME.id: (("parent", 1, 6), ("related", 2, 5)), None: (("related", 1, 4),)}


def plant_notes(planter: Planter) -> None:
    """Notes, comments and relationships of the company."""
    for note in _ACME if planter.company.id == ACME.id else _SAIGON:
        _plant(planter, note)
    relations = _RELATIONS.get(planter.company.id, _RELATIONS[None])
    for kind, owner, linked in relations:
        times = {"add_time": planter.time(-100), "update_time": planter.time(-100)}
        row = {"type": kind, "rel_owner_org_id": owner, "rel_linked_org_id": linked}
        planter.records.add("organizationRelationships", row | times)


def _plant(planter: Planter, note: _Note) -> None:
    first = next(iter(note.links))
    times = {"add_time": planter.time(note.days), "update_time": planter.time(note.days)}
    record: dict[str, Any] = dict.fromkeys(_LINKS) | note.links | times
    record |= {f"pinned_to_{name}_flag": False for name in _ALL_PINS}
    record |= {f"pinned_to_{_PINS[first]}_flag": note.is_pinned, "content": note.content}
    record |= {"user_id": note.author.id, "last_update_user_id": None, "is_deleted": False}
    number = planter.records.add("notes", record)["id"]
    for place, (author, content) in enumerate(note.comments, 1):
        key = str(uuid5(NAMESPACE_URL, f"{planter.company.domain}/note/{number}/{place}"))
        moment = planter.time(note.days + place / 24)
        said = {"uuid": key, "number": place, "note_id": number, "content": content}
        people = {"user_id": author.id, "updater_id": author.id}
        planter.records.put("note_comments", key, said | people | {"add_time": moment, "update_time": moment})
