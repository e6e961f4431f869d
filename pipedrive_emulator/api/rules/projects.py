"""Projects, https://developers.pipedrive.com/docs/api/v1/Projects (version 2). All colleagues see them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api import engine
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid, not_found
from pipedrive_emulator.api.pages import page
from pipedrive_emulator.api.rules import boards, phases, tasks
from pipedrive_emulator.api.rules.links import check_owner
from pipedrive_emulator.api.rules.related import LINKS, seen
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.project_shapes import GROUPS, PROJECT, TASK
from pipedrive_emulator.world.records import Record

STATUSES = ("open", "completed", "canceled")
_LISTS = {"deal_ids": "deal_id", "person_ids": "person_id", "org_ids": "org_id"}


def _prepare(draft: Draft) -> None:
    check_owner(draft)
    _settle_links(draft)
    _settle_place(draft)
    _settle_status(draft)
    draft.record.pop("template_id", None)
    if draft.before is None:
        draft.record["is_deleted"] = False


def _settle_links(draft: Draft) -> None:
    for key, link in _LISTS.items():
        draft.record[key] = list(dict.fromkeys(draft.record[key] or ()))
        if key in draft.changes:
            for value in draft.record[key]:
                if seen(draft.call, link, value) is None:
                    raise invalid([(key, f"{LINKS[link].noun} {value} was not found")])


def _settle_place(draft: Draft) -> None:
    """A phase brings its board; a board alone means its first phase; nothing means the first board."""
    call, record = draft.call, draft.record
    given = {key for key in ("board_id", "phase_id") if draft.changes.get(key) is not None}
    if draft.before is not None and not given:
        record["board_id"], record["phase_id"] = draft.before["board_id"], draft.before["phase_id"]
    elif "phase_id" in given:
        phase = _live(call, "phases", record["phase_id"])
        if "board_id" in given and phase["board_id"] != record["board_id"]:
            raise invalid([("phase_id", f"Phase {phase['id']} is not on board {record['board_id']}")])
        record["board_id"] = phase["board_id"]
    else:
        record["board_id"], record["phase_id"] = _first_phase(draft)


def _first_phase(draft: Draft) -> tuple[int | None, int | None]:
    call, board_id = draft.call, draft.record["board_id"]
    if board_id is not None:
        _live(call, "boards", board_id)
    else:
        board_id = next((row["id"] for row in boards.live(call.records.all("boards"))), None)
    if draft.before is not None and board_id == draft.before["board_id"]:
        return board_id, draft.before["phase_id"]
    return board_id, next((row["id"] for row in phases.of_board(call, board_id)), None)


def _live(call: Call, table: str, key: int) -> Record:
    record = call.records.find(table, key)
    if record is None or record.get("is_deleted"):
        name = {"boards": "board", "phases": "phase", "projectTemplates": "template"}[table]
        raise invalid([(f"{name}_id", f"{name.capitalize()} {key} was not found")])
    return record


def _settle_status(draft: Draft) -> None:
    record = draft.record
    if record["status"] not in STATUSES:
        raise invalid([("status", f"Parameter 'status' must be one of: {', '.join(STATUSES)}")])
    if draft.changed("status"):
        record["status_change_time"] = draft.call.time


def _has_status(_: Call, record: Record, wanted: str) -> bool:
    return record["status"] in wanted.split(",")


def _is_wanted(call: Call, record: Record) -> bool:
    """Deleted ones only when their status is asked for."""
    return not record["is_deleted"] or "deleted" in call.query.get("status", "").split(",")


PROJECTS = Entity(
    table="projects",
    noun="Project",
    blank=PROJECT,
    needed=("title",),
    firm=("status", "owner_id", "board_id", "phase_id", *_LISTS, "label_ids"),
    fields_table="projectFields",
    listed=lambda call, record: _is_wanted(call, record) and record["archive_time"] is None,
    prepare=_prepare,
    filters={
        "status": _has_status,
        "deal_id": lambda _, record, wanted: wanted in record["deal_ids"],
        "person_id": lambda _, record, wanted: wanted in record["person_ids"],
        "org_id": lambda _, record, wanted: wanted in record["org_ids"],
    },
)
ARCHIVED = replace(
    PROJECTS, listed=lambda call, record: _is_wanted(call, record) and record["archive_time"] is not None
)
ALL = replace(PROJECTS, listed=_is_wanted)


def list_page(call: Call, entity: Entity) -> Answer:
    """Raises ApiError 400 for a status that no project has."""
    for status in call.query.get("status", "open").split(","):
        if status not in (*STATUSES, "deleted"):
            allowed = ", ".join((*STATUSES, "deleted"))
            raise invalid([("status", f"Parameter 'status' must be among: {allowed}")])
    return engine.list_page(call, entity)


def create(call: Call) -> Answer:
    """With a template: on its board unless the body says otherwise, and with its groups and tasks."""
    body = call.body if isinstance(call.body, dict) else {}
    template_id = body.get("template_id")
    if not isinstance(template_id, int) or isinstance(template_id, bool):
        return engine.create(call, PROJECTS)
    template = _live(call, "projectTemplates", template_id)
    given = {"board_id": template["projects_board_id"], "description": template["description"]}
    if body.get("phase_id") is not None:
        del given["board_id"]
    answer = engine.create(replace(call, body=given | body), PROJECTS)
    _fill(call, answer.data["id"], template)
    return answer


def _fill(call: Call, project_id: int, template: Record) -> None:
    times = {"add_time": call.time, "update_time": call.time, "is_deleted": False}
    for number, name in enumerate(template.get("groups", ()), 1):
        call.records.add(GROUPS, {"project_id": project_id, "name": name, "order_nr": number})
    for title in template.get("tasks", ()):
        task = {**TASK, "title": title, "project_id": project_id, "creator_id": call.user.id, **times}
        call.records.add("tasks", task)


def delete(call: Call) -> Answer:
    """Marked, with the tasks that are in it."""
    record = find(call)
    gone = {"is_deleted": True, "status": "deleted", "status_change_time": call.time}
    call.records.put("projects", record["id"], {**record, **gone, "update_time": call.time})
    for task in tasks_of(call, record["id"]):
        tasks.remove(call, task)
    return Answer({"id": record["id"]})


def archive(call: Call) -> Answer:
    """Once archived it stays so, since that time."""
    record = find(call)
    if record["archive_time"] is None:
        times = {"archive_time": call.time, "update_time": call.time}
        record = call.records.put("projects", record["id"], {**record, **times})
    return Answer(engine.view(call, PROJECTS, record))


def permitted_users(call: Call) -> Answer:
    find(call)
    return Answer(sorted(user.id for user in call.colleagues() if user.active))


def changelog(call: Call) -> Answer:
    """One row for each write, the latest first, with all the fields that it changed."""
    record = find(call)
    rows = call.records.where("changelog", "subject", f"projects/{record['id']}")
    written, cursor = page(call, list(_writes(rows)))
    return Answer([{key: row[key] for key in row if key != "id"} for row in written], {"next_cursor": cursor})


def _writes(rows: Iterable[Record]) -> Iterable[Record]:
    """Rows of one write follow each other; negative numbers turn the order of the pages around."""
    writes: list[Record] = []
    for row in sorted(rows, key=lambda row: row["id"]):
        about = {
            "change_source": row["change_source"],
            "change_source_user_agent": row["change_source_user_agent"],
            "time": row["time"].replace(" ", "T") + ".000Z",
            "actor_user_id": row["actor_user_id"],
        }
        if not writes or any(writes[-1][key] != value for key, value in about.items()):
            writes.append({"id": -row["id"], **about, "new_values": {}, "old_values": {}})
        writes[-1]["new_values"][row["field_key"]] = row["new_value"]
        writes[-1]["old_values"][row["field_key"]] = row["old_value"]
    return writes


def find(call: Call) -> Record:
    """Raises ApiError 404 for a project that is not there, or no more."""
    record = call.records.find("projects", whole_number(call.variables["id"]))
    if record is None or record["is_deleted"]:
        raise not_found("Project")
    return record


def tasks_of(call: Call, project_id: int) -> list[Record]:
    rows = call.records.where("tasks", "project_id", project_id)
    return sorted((row for row in rows if not row.get("is_deleted")), key=lambda row: row["id"])


def _list(call: Call) -> Answer:
    return list_page(call, PROJECTS)


def _list_archived(call: Call) -> Answer:
    return list_page(call, ARCHIVED)


OPERATIONS: dict[str, Any] = crud("v2/projects", PROJECTS, "get", "change") | {
    "GET v2/projects": _list,
    "GET v2/projects/archived": _list_archived,
    "POST v2/projects": create,
    "DELETE v2/projects/{id}": delete,
    "POST v2/projects/{id}/archive": archive,
    "GET v2/projects/{id}/permittedUsers": permitted_users,
    "GET v2/projects/{id}/changelog": changelog,
}
