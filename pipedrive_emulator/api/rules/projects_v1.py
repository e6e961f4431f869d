"""Projects by API v1, with their plan: https://developers.pipedrive.com/docs/api/v1/Projects.

A plan's item stands in the project's phase, and in no group, until it is put elsewhere.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pipedrive_emulator.api import engine
from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import not_found, refused
from pipedrive_emulator.api.rules import projects
from pipedrive_emulator.api.rules.boards import live
from pipedrive_emulator.api.v1.activities import activity
from pipedrive_emulator.api.v1.custom_fields import nested
from pipedrive_emulator.api.v1.projects import project
from pipedrive_emulator.api.v1.tasks import task
from pipedrive_emulator.api.v1.translated import as_v2
from pipedrive_emulator.api.visibility import linked
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.project_shapes import GROUPS, PLAN
from pipedrive_emulator.world.records import Record

_NOTHING_MORE = {"additional_data": None}
_LAST_PAGE = {"next_cursor": None}
_RENAMED = {"labels": "label_ids"}
_LISTED = {"person_id": "person_ids", "org_id": "org_ids"}


def list_page(call: Call) -> Answer:
    entity = projects.ALL if call.query.get("include_archived") else projects.PROJECTS
    page = projects.list_page(call, entity)
    return replace(page, data=[_shown(call, row["id"]) for row in page.data])


def get_one(call: Call) -> Answer:
    return _answer(call, engine.get_one(call, projects.PROJECTS).data["id"])


def create(call: Call) -> Answer:
    made = projects.create(as_v2(call, "POST v2/projects", _body(call, {})))
    return _answer(call, made.data["id"])


def change(call: Call) -> Answer:
    before = projects.find(call)
    body = _body(call, before.get("custom_fields") or {})
    engine.change(as_v2(call, "PATCH v2/projects/{id}", body), projects.PROJECTS)
    return _answer(call, before["id"])


def delete(call: Call) -> Answer:
    return replace(projects.delete(call), extra=_NOTHING_MORE)


def archive(call: Call) -> Answer:
    return _answer(call, projects.archive(call).data["id"])


def plan(call: Call) -> Answer:
    record = projects.find(call)
    rows = [_item(call, record, "task", row) for row in projects.tasks_of(call, record["id"])]
    rows += [_item(call, record, "activity", row) for row in _activities(call, record)]
    return Answer(rows, extra=_NOTHING_MORE)


def put_in_plan(kind: str, variable: str) -> Callable[[Call], Answer]:
    """Move a task or an activity to a phase of the project's board, and into a group of the project."""

    def put(call: Call) -> Answer:
        record, number = projects.find(call), whole_number(call.variables[variable])
        rows = projects.tasks_of(call, record["id"]) if kind == "task" else _activities(call, record)
        found = next((row for row in rows if row["id"] == number), None)
        if found is None:
            raise not_found(kind.capitalize())
        place = {**_item(call, record, kind, found), **_place(call, record)}
        kept = {"project_id": record["id"], "phase_id": place["phase_id"], "group_id": place["group_id"]}
        call.records.put(PLAN, f"{kind}/{number}", kept)
        return Answer(place, extra=_NOTHING_MORE)

    return put


def groups(call: Call) -> Answer:
    rows = live(call.records.where(GROUPS, "project_id", projects.find(call)["id"]))
    return Answer(
        [{key: row[key] for key in ("id", "name", "order_nr")} for row in rows], extra=_NOTHING_MORE
    )


def tasks(call: Call) -> Answer:
    rows = projects.tasks_of(call, projects.find(call)["id"])
    return Answer([task(row) for row in rows], _LAST_PAGE)


def activities(call: Call) -> Answer:
    rows = _activities(call, projects.find(call))
    return Answer([activity(call, row) for row in rows], _LAST_PAGE)


def _body(call: Call, before: dict[str, Any]) -> dict[str, Any]:
    """The body in v2's names; the one person and organization of v1 stand for the whole list."""
    values = read_leniently(call)
    body = {_RENAMED.get(key, key): value for key, value in values.items() if key not in _LISTED}
    for key, name in _LISTED.items():
        if key in values:
            body[name] = [] if values[key] is None else [int(values[key])]
    custom = nested(call, "projectFields", call.body or {}, before)
    return body | ({"custom_fields": custom} if custom else {})


def _activities(call: Call, record: Record) -> list[Record]:
    rows = call.records.where("activities", "project_id", record["id"])
    seen = [row for row in rows if not row["is_deleted"] and linked(call, row)]
    return sorted(seen, key=lambda row: row["id"])


def _item(call: Call, record: Record, kind: str, row: Record) -> dict[str, Any]:
    kept = call.records.find(PLAN, f"{kind}/{row['id']}")
    if kept is None or kept["project_id"] != record["id"]:
        kept = {"phase_id": record["phase_id"], "group_id": None}
    place = {"phase_id": kept["phase_id"], "group_id": kept["group_id"]}
    return {"item_id": row["id"], "item_type": kind, **place}


def _place(call: Call, record: Record) -> dict[str, int]:
    values = read_leniently(call)
    wanted = {key: int(values[key]) for key in ("phase_id", "group_id") if values.get(key) is not None}
    homes = {
        "phase_id": ("phases", "board_id", record["board_id"]),
        "group_id": (GROUPS, "project_id", record["id"]),
    }
    for key, value in wanted.items():
        table, home, number = homes[key]
        found = call.records.find(table, value)
        if found is None or found.get("is_deleted") or found[home] != number:
            raise refused(400, f"Bad request: {key} {value} does not belong to the project.")
    return wanted


def _answer(call: Call, project_id: int) -> Answer:
    return Answer(_shown(call, project_id), extra=_NOTHING_MORE)


def _shown(call: Call, project_id: int) -> dict[str, Any]:
    return project(call, call.records.find("projects", project_id) or {})


OPERATIONS = {
    "GET v1/projects": list_page,
    "POST v1/projects": create,
    "GET v1/projects/{id}": get_one,
    "PUT v1/projects/{id}": change,
    "DELETE v1/projects/{id}": delete,
    "POST v1/projects/{id}/archive": archive,
    "GET v1/projects/{id}/plan": plan,
    "PUT v1/projects/{id}/plan/activities/{activityId}": put_in_plan("activity", "activityId"),
    "PUT v1/projects/{id}/plan/tasks/{taskId}": put_in_plan("task", "taskId"),
    "GET v1/projects/{id}/groups": groups,
    "GET v1/projects/{id}/tasks": tasks,
    "GET v1/projects/{id}/activities": activities,
}
