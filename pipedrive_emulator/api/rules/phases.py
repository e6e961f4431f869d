"""Phases of a board, https://developers.pipedrive.com/docs/api/v1/ProjectPhases (version 2)."""

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid, refused
from pipedrive_emulator.api.rules import boards
from pipedrive_emulator.api.v1.projects import phase
from pipedrive_emulator.world.project_shapes import PHASE
from pipedrive_emulator.world.records import Record

_NOTHING_MORE = {"additional_data": None}


def of_board(call: Call, board_id: int | None) -> list[Record]:
    """The live phases of a board, in their order."""
    return boards.live(call.records.where("phases", "board_id", board_id))


def _prepare(draft: Draft) -> None:
    call, record = draft.call, draft.record
    board = call.records.find("boards", record["board_id"])
    if board is None or board.get("is_deleted"):
        raise invalid([("board_id", f"Board {record['board_id']} was not found")])
    boards.place(draft, of_board(call, board["id"]))
    if draft.before is not None and draft.changed("board_id"):
        _take_projects_along(call, record)


def _take_projects_along(call: Call, record: Record) -> None:
    for project in call.records.where("projects", "phase_id", record["id"]):
        call.records.put("projects", project["id"], {**project, "board_id": record["board_id"]})


PHASES = Entity(
    table="phases",
    noun="Phase",
    blank=PHASE,
    needed=("name",),
    firm=("board_id", "order_nr"),
    prepare=_prepare,
)


def _list(call: Call) -> Answer:
    """The board must be named: there is no list of all phases."""
    if "board_id" not in call.query:
        raise invalid([("board_id", "Parameter 'board_id' is required for this request")])
    return boards.list_in_order(call, PHASES, of_board(call, call.query["board_id"]))


def _list_v1(call: Call) -> Answer:
    if "board_id" not in call.query:
        raise refused(400, "Bad request: board_id is required.")
    return Answer([phase(row) for row in of_board(call, call.query["board_id"])], extra=_NOTHING_MORE)


def _delete(call: Call) -> Answer:
    return boards.delete_empty(call, PHASES, "phase_id", lambda call, row: of_board(call, row["board_id"]))


OPERATIONS = crud("v2/phases", PHASES, "create", "get", "change") | {
    "GET v2/phases": _list,
    "DELETE v2/phases/{id}": _delete,
    "GET v1/projects/phases": _list_v1,
    "GET v1/projects/phases/{id}": lambda call: Answer(phase(boards.find(call, PHASES)), extra=_NOTHING_MORE),
}
