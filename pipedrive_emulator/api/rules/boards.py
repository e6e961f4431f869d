"""Project boards and their order, https://developers.pipedrive.com/docs/api/v1/ProjectBoards (version 2)."""

from collections.abc import Callable, Iterable
from typing import Any

from pipedrive_emulator.api import engine
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid, not_found
from pipedrive_emulator.api.v1.projects import board
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.project_shapes import BOARD
from pipedrive_emulator.world.records import Record

Siblings = Callable[[Call, Record], list[Record]]
_NOTHING_MORE = {"additional_data": None}


def live(rows: Iterable[Record]) -> list[Record]:
    """Those that are not deleted, in their order."""
    kept = [row for row in rows if not row.get("is_deleted")]
    return sorted(kept, key=lambda row: (row["order_nr"], row["id"]))


def place(draft: Draft, siblings: list[Record]) -> None:
    """Put the record where ``order_nr`` says, at the end when it says nothing; the others make room.

    Raises:
        ApiError: 400 for a place that is not between 1 and one more than there are.
    """
    others = [row for row in siblings if row["id"] != draft.record.get("id")]
    wanted = draft.record["order_nr"] if "order_nr" in draft.changes else None
    if wanted is not None and not 1 <= wanted <= len(siblings) + 1:
        raise invalid([("order_nr", f"Parameter 'order_nr' must be between 1 and {len(siblings) + 1}")])
    if wanted is None:
        is_here = draft.before is not None and draft.before in siblings
        wanted = draft.record["order_nr"] if is_here else len(others) + 1
    draft.record["order_nr"] = min(wanted, len(others) + 1)
    _number(draft.call, draft.record["order_nr"], others)


def _number(call: Call, free: int, others: list[Record]) -> None:
    """Count the others from 1, leaving ``free`` out."""
    numbers = [number for number in range(1, len(others) + 2) if number != free]
    for row, number in zip(others, numbers, strict=False):
        if row["order_nr"] != number:
            table = "phases" if "board_id" in row else "boards"
            call.records.put(table, row["id"], {**row, "order_nr": number})


def list_in_order(call: Call, entity: Entity, rows: Iterable[Record]) -> Answer:
    """All of them: these lists have no pages."""
    return Answer([engine.view(call, entity, row) for row in live(rows)], extra=_NOTHING_MORE)


def delete_empty(call: Call, entity: Entity, link: str, siblings: Siblings) -> Answer:
    """Projects would be left without a place, so one that holds some stays."""
    record = find(call, entity)
    projects = call.records.where("projects", link, record["id"])
    if any(not row.get("is_deleted") for row in projects):
        raise invalid([("id", f"{entity.noun} {record['id']} still has projects")])
    others = [row for row in siblings(call, record) if row["id"] != record["id"]]
    _number(call, len(others) + 1, others)
    return engine.delete(call, entity)


def find(call: Call, entity: Entity) -> Record:
    record = call.records.find(entity.table, whole_number(call.variables["id"]))
    if record is None or record.get("is_deleted"):
        raise not_found(entity.noun)
    return record


def _siblings(call: Call, _: Any = None) -> list[Record]:
    return live(call.records.all("boards"))


def _prepare(draft: Draft) -> None:
    place(draft, _siblings(draft.call))


BOARDS = Entity(
    table="boards", noun="Board", blank=BOARD, needed=("name",), firm=("order_nr",), prepare=_prepare
)

OPERATIONS = crud("v2/boards", BOARDS, "create", "get", "change") | {
    "GET v2/boards": lambda call: list_in_order(call, BOARDS, call.records.all("boards")),
    "DELETE v2/boards/{id}": lambda call: delete_empty(call, BOARDS, "board_id", _siblings),
    "GET v1/projects/boards": lambda call: Answer(
        [board(row) for row in _siblings(call)], extra=_NOTHING_MORE
    ),
    "GET v1/projects/boards/{id}": lambda call: Answer(board(find(call, BOARDS)), extra=_NOTHING_MORE),
}
