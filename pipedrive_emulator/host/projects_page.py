"""Projects: the list by board and phase, and the page of one with its tasks and what it is about."""

from dataclasses import dataclass

from starlette.responses import Response

from pipedrive_emulator.host.as_user import AsUser, Record, Refused
from pipedrive_emulator.host.blocks import Block, Link, row
from pipedrive_emulator.host.list_pages import Cell, Rows
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.host.wording import Wording

# What a project is about: (title, entity, key of the project, path of a page, key of the name).
_LINKS = (
    ("Deals", "deals", "deal_ids", "deal", "title"),
    ("People", "persons", "person_ids", "person", "name"),
    ("Organizations", "organizations", "org_ids", "organization", "name"),
)


@dataclass(frozen=True, slots=True)
class Task:
    """``depth`` is 1 for a subtask."""

    id: int
    title: str
    due: str
    tone: str
    is_done: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Project:
    title: str
    status: str
    blocks: tuple[Block, ...]
    tasks: tuple[Task, ...]


async def projects(visit: Visit) -> Response:
    rows = _rows(visit)
    return visit.page(
        "list.html",
        section="projects",
        title="Projects",
        columns=("Title", "Board", "Phase", "Status", "Start", "End", "Owner"),
        rows=[cells for _, cells in rows],
        row_ids=[record_id for record_id, _ in rows],
        choices=[],
        form="project",
        actions=[],
    )


async def project(visit: Visit) -> Response:
    try:
        record = visit.api.one("projects", visit.record_id)
    except Refused as refused:
        if refused.status not in (403, 404):
            raise
        return visit.missing("project")
    boards, phases = _places(visit.api)
    summary = (
        row("Board", boards.get(record["board_id"])),
        row("Phase", phases.get(record["phase_id"])),
        row("Start", _day(record.get("start_date"), visit.wording)),
        row("End", _day(record.get("end_date"), visit.wording)),
        row("Owner", visit.names().get(record["owner_id"])),
        row("Description", record.get("description")),
    )
    links = (_block(visit.api, record, link) for link in _LINKS)
    shown = Project(
        title=record["title"],
        status=str(record["status"]).capitalize(),
        blocks=(Block("Summary", summary), *(block for block in links if block.links)),
        tasks=tuple(_tasks(visit, record["id"])),
    )
    return visit.page("project.html", section="projects", project=shown)


def _rows(visit: Visit) -> Rows:
    names, wording = visit.names(), visit.wording
    boards, phases = _places(visit.api)
    return [
        (
            record["id"],
            [
                Cell(record["title"], f"/projects/{record['id']}"),
                Cell(boards.get(record["board_id"], "")),
                Cell(phases.get(record["phase_id"], "")),
                Cell(str(record["status"]).capitalize()),
                Cell(_day(record.get("start_date"), wording)),
                Cell(_day(record.get("end_date"), wording)),
                Cell(names.get(record["owner_id"], "")),
            ],
        )
        for record in visit.api.many("projects")
    ]


def _places(api: AsUser) -> tuple[dict[int, str], dict[int, str]]:
    """Names of boards and of phases by id."""
    boards = {board["id"]: board["name"] for board in api.many("boards")}
    phases = (phase for board in boards for phase in api.many("phases", board_id=str(board)))
    return boards, {phase["id"]: phase["name"] for phase in phases}


def _block(api: AsUser, record: Record, link: tuple[str, str, str, str, str]) -> Block:
    title, entity, key, path, name = link
    found = (api.maybe(entity, number) for number in record.get(key) or ())
    return Block(title, links=tuple(Link(one[name], f"/{path}/{one['id']}") for one in found if one))


def _tasks(visit: Visit, project_id: int) -> list[Task]:
    """Each with its subtasks behind it."""
    rows = visit.api.many("tasks", project_id=str(project_id))
    ordered = [
        (below, depth)
        for top in rows
        if top.get("parent_task_id") is None
        for below, depth in [(top, 0), *((one, 1) for one in rows if one.get("parent_task_id") == top["id"])]
    ]
    return [_task(visit.wording, one, depth) for one, depth in ordered]


def _task(wording: Wording, row: Record, depth: int) -> Task:
    due, _ = wording.due(row.get("due_date"), None)
    is_done = bool(row.get("is_done", row.get("done")))
    is_late = due is not None and not is_done and wording.is_over(due, None)
    text = wording.day(due) if due else ""
    return Task(row["id"], row["title"], text, "negative" if is_late else "", is_done, depth)


def _day(text: str | None, wording: Wording) -> str:
    day, _ = wording.due(text, None)
    return wording.day(day) if day else ""
