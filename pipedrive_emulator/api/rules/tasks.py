"""Tasks of projects, subtasks of one level: developers.pipedrive.com/docs/api/v1/Tasks (version 2)."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api import engine
from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Draft, Entity
from pipedrive_emulator.api.errors import invalid
from pipedrive_emulator.api.v1.tasks import task
from pipedrive_emulator.api.v1.translated import as_v2, flag
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.project_shapes import TASK
from pipedrive_emulator.world.records import Record

V1_LIMIT = 500
_FLAGS = {"done": "is_done", "milestone": "is_milestone"}
_NOTHING_MORE = {"additional_data": None}


def _prepare(draft: Draft) -> None:
    call, record = draft.call, draft.record
    _settle_flags(draft)
    _settle_assignees(draft)
    project = call.records.find("projects", record["project_id"])
    if draft.changed("project_id") and (project is None or project.get("is_deleted")):
        raise invalid([("project_id", f"Project {record['project_id']} was not found")])
    if draft.changed("project_id") or draft.changed("parent_task_id"):
        _check_parent(draft)
    if draft.before is None:
        record["creator_id"], record["is_deleted"] = call.user.id, False
    elif draft.changed("project_id"):
        for row in subtasks(call, record["id"]):
            call.records.put("tasks", row["id"], {**row, "project_id": record["project_id"]})


def _settle_flags(draft: Draft) -> None:
    """Written as 0 or 1, shown as booleans."""
    for name, key in _FLAGS.items():
        value = draft.record.pop(name, None)
        if value is not None and not isinstance(value, int):
            raise invalid([(name, f"Parameter '{name}' must be one of: 0, 1")])
        if value is not None:
            draft.record[key] = bool(value)
    if draft.changed("is_done"):
        draft.record["marked_as_done_time"] = draft.call.time if draft.record["is_done"] else None


def _settle_assignees(draft: Draft) -> None:
    """The single assignee is the list's first; the list wins when a body has both."""
    single = draft.record.pop("assignee_id", None)
    if "assignee_id" in draft.changes and "assignee_ids" not in draft.changes:
        draft.record["assignee_ids"] = [] if single is None else [single]
    draft.record["assignee_ids"] = list(dict.fromkeys(draft.record["assignee_ids"] or ()))
    if draft.changed("assignee_ids"):
        for user_id in draft.record["assignee_ids"]:
            user = draft.call.colleague(user_id)
            if user is None or not user.active:
                raise invalid([("assignee_ids", f"User {user_id} was not found")])


def _check_parent(draft: Draft) -> None:
    """A subtask's parent is a root task of the same project, and has none of its own below it."""
    call, record = draft.call, draft.record
    if record["parent_task_id"] is None:
        return
    parent = call.records.find("tasks", record["parent_task_id"])
    if parent is None or parent.get("is_deleted") or parent["project_id"] != record["project_id"]:
        raise invalid([("parent_task_id", f"Task {record['parent_task_id']} was not found in the project")])
    is_subtask = parent["parent_task_id"] is not None or parent["id"] == record.get("id")
    if is_subtask or ("id" in record and subtasks(call, record["id"])):
        raise invalid([("parent_task_id", "Subtasks have one level only")])


def subtasks(call: Call, task_id: int) -> list[Record]:
    rows = call.records.where("tasks", "parent_task_id", task_id)
    return [row for row in rows if not row.get("is_deleted")]


def _is_below(_call: Call, record: Record, wanted: Any) -> bool:
    """``null`` asks for the tasks without a parent."""
    text = str(wanted)
    number = None if text == "null" else whole_number(text)
    if number is None and text != "null":
        raise invalid([("parent_task_id", "Parameter 'parent_task_id' must be an integer or null")])
    return bool(record["parent_task_id"] == number)


TASKS = Entity(
    table="tasks",
    noun="Task",
    blank=TASK,
    needed=("title",),
    firm=("project_id", "done", "milestone", "assignee_ids"),
    prepare=_prepare,
    filters={
        "parent_task_id": _is_below,
        "assignee_id": lambda _, record, wanted: wanted in record["assignee_ids"],
        "done": lambda _, record, wanted: record["is_done"] == (wanted == "1"),
    },
)


def remove(call: Call, record: Record) -> None:
    """Mark the task and its subtasks as deleted."""
    for row in (record, *subtasks(call, record["id"])):
        call.records.put("tasks", row["id"], {**row, "is_deleted": True, "update_time": call.time})


def _delete(call: Call) -> Answer:
    answer = engine.delete(call, TASKS)
    for row in subtasks(call, answer.data["id"]):
        remove(call, row)
    return replace(answer, extra=_NOTHING_MORE)


def _list_v1(call: Call) -> Answer:
    """Up to 500 at a time unless the query says otherwise."""
    page = engine.list_page(replace(call, query={"limit": V1_LIMIT, **call.query}), TASKS)
    return replace(page, data=[_v1(call, row["id"]) for row in page.data])


def _get_v1(call: Call) -> Answer:
    return Answer(_v1(call, engine.get_one(call, TASKS).data["id"]), extra=_NOTHING_MORE)


def _create_v1(call: Call) -> Answer:
    made = engine.create(as_v2(call, "POST v2/tasks", _body(call)), TASKS)
    return Answer(_v1(call, made.data["id"]), extra=_NOTHING_MORE)


def _change_v1(call: Call) -> Answer:
    changed = engine.change(as_v2(call, "PATCH v2/tasks/{id}", _body(call)), TASKS)
    return Answer(_v1(call, changed.data["id"]), extra=_NOTHING_MORE)


def _body(call: Call) -> dict[str, Any]:
    values = read_leniently(call)
    return values | ({"done": flag(values["done"])} if "done" in values else {})


def _v1(call: Call, task_id: int) -> dict[str, Any]:
    return task(call.records.find("tasks", task_id) or {})


def _alone(serve: Callable[[Call], Answer]) -> Callable[[Call], Answer]:
    """Answers with one task say that nothing follows it."""
    return lambda call: replace(serve(call), extra=_NOTHING_MORE)


_SINGLE = crud("v2/tasks", TASKS, "create", "get", "change")

OPERATIONS = {
    "GET v2/tasks": lambda call: engine.list_page(call, TASKS),
    **{name: _alone(serve) for name, serve in _SINGLE.items()},
    "DELETE v2/tasks/{id}": _delete,
    "GET v1/tasks": _list_v1,
    "POST v1/tasks": _create_v1,
    "GET v1/tasks/{id}": _get_v1,
    "PUT v1/tasks/{id}": _change_v1,
    "DELETE v1/tasks/{id}": _delete,
}
