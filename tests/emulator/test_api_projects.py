"""Projects: their place on a board, their tasks, their plan, and both versions of the API over one record."""

from typing import Any

import pytest

from tests.emulator.app_behind import AppBehind
from tests.emulator.client import HUY, JACK, LINH, MARTA, ApiAs, Client
from tests.emulator.process import EmulatorProcess
from tests.emulator.scopes import client_with

V1, V2 = "/api/v1", "/api/v2"
FIRST, ARCHIVED = 1, 3  # seeded projects; the first is on board 1, in phase 2


@pytest.fixture
def client(emulator: EmulatorProcess, app: AppBehind) -> Client:
    return client_with(
        emulator, app, "projects:full", "projects:read", "deals:full", "contacts:full", "activities:full"
    )


def made(api: ApiAs, path: str, **body: Any) -> dict[str, Any]:
    reply = api.request("POST", path, json=body)
    assert reply.status_code in (200, 201), reply.text
    shown: dict[str, Any] = reply.json()["data"]
    return shown


def order(api: ApiAs, path: str = "boards", **query: Any) -> list[tuple[str, int]]:
    return [(row["name"], row["order_nr"]) for row in api.get(f"{V2}/{path}", **query)]


def test_a_project_finds_its_place(marta: ApiAs) -> None:
    bare = made(marta, f"{V2}/projects", title="Bare")
    assert (bare["board_id"], bare["phase_id"], bare["owner_id"]) == (1, 1, MARTA)
    assert (bare["status"], bare["deal_ids"], bare["archive_time"]) == ("open", [], None)
    by_phase = made(marta, f"{V2}/projects", title="By phase", phase_id=6)
    assert by_phase["board_id"] == 2
    by_board = made(marta, f"{V2}/projects", title="By board", board_id=2)
    assert by_board["phase_id"] == 5
    moved = marta.write("PATCH", f"{V2}/projects/{bare['id']}", board_id=2)
    assert (moved["board_id"], moved["phase_id"]) == (2, 5)
    same = marta.write("PATCH", f"{V2}/projects/{by_phase['id']}", board_id=2)
    assert same["phase_id"] == 6


BAD_PROJECTS: list[tuple[dict[str, Any], str]] = [
    ({}, "title: Parameter 'title' is required"),
    ({"title": "x", "phase_id": 99}, "phase_id: Phase 99 was not found"),
    ({"title": "x", "board_id": 99}, "board_id: Board 99 was not found"),
    ({"title": "x", "board_id": 1, "phase_id": 5}, "phase_id: Phase 5 is not on board 1"),
    ({"title": "x", "status": "deleted"}, "status: Parameter 'status' must be one of"),
    ({"title": "x", "deal_ids": [999]}, "deal_ids: Deal 999 was not found"),
    ({"title": "x", "person_ids": ["1"]}, "person_ids: Parameter 'person_ids' must hold integers"),
    ({"title": "x", "owner_id": HUY}, f"owner_id: User {HUY} was not found"),
    ({"title": "x", "start_date": "soon"}, "start_date: Parameter 'start_date' is not a valid date"),
    ({"title": "x", "template_id": 99}, "template_id: Template 99 was not found"),
    ({"title": "x", "labels": [1]}, "labels: Parameter 'labels' is not allowed"),
]


@pytest.mark.parametrize(("body", "error"), BAD_PROJECTS)
def test_bad_projects_are_refused(marta: ApiAs, body: dict[str, Any], error: str) -> None:
    assert error in marta.refused("POST", f"{V2}/projects", 400, json=body)["error"]


def test_a_hidden_deal_cannot_be_linked(client: Client) -> None:
    linh = client.as_user(LINH)
    body = {"title": "x", "deal_ids": [15]}
    assert "Deal 15 was not found" in linh.refused("POST", f"{V2}/projects", 400, json=body)["error"]


def test_a_template_brings_its_board_groups_and_tasks(marta: ApiAs) -> None:
    project = made(marta, f"{V2}/projects", title="Third shop", template_id=2)
    assert (project["board_id"], project["description"]) == (2, "Partner start: 2 steps")
    tasks = marta.get(f"{V2}/tasks", project_id=project["id"])
    assert [task["title"] for task in tasks] == ["Sign the terms", "First order"]
    assert [row["name"] for row in marta.get(f"{V1}/projects/{project['id']}/groups")] == ["Before", "After"]
    by_phase = made(marta, f"{V2}/projects", title="Fourth", template_id=2, phase_id=2)
    assert by_phase["board_id"] == 1


def test_archived_and_deleted_projects_leave_the_list(marta: ApiAs, emulator: EmulatorProcess) -> None:
    assert [row["id"] for row in marta.everything(f"{V2}/projects")] == [1, 2]
    assert [row["id"] for row in marta.everything(f"{V2}/projects/archived")] == [ARCHIVED]
    archived = marta.request("POST", f"{V2}/projects/2/archive").json()["data"]
    emulator.advance(60)
    assert marta.request("POST", f"{V2}/projects/2/archive").json()["data"] == archived
    assert [row["id"] for row in marta.everything(f"{V2}/projects")] == [1]
    assert marta.write("DELETE", f"{V2}/projects/1") == {"id": 1}
    assert marta.everything(f"{V2}/projects") == []
    (gone,) = marta.everything(f"{V2}/projects", status="open,deleted")
    assert (gone["id"], gone["status"]) == (1, "deleted")
    marta.refused("PATCH", f"{V2}/projects/1", 404, json={"title": "x"})
    assert marta.everything(f"{V2}/tasks", project_id=1) == []
    marta.refused("GET", f"{V2}/projects", 400, params={"status": "won"})


def test_lists_are_narrowed_by_links_status_and_phase(marta: ApiAs) -> None:
    for query in ({"deal_id": 11}, {"person_id": 7}, {"org_id": 4}, {"phase_id": 2}):
        assert [row["id"] for row in marta.everything(f"{V2}/projects", **query)] == [1], query
    marta.write("PATCH", f"{V2}/projects/2", status="completed")
    assert [row["id"] for row in marta.everything(f"{V2}/projects", status="completed")] == [2]


def test_the_changelog_has_a_row_for_each_write(marta: ApiAs, emulator: EmulatorProcess) -> None:
    marta.write("PATCH", f"{V2}/projects/1", title="New name", status="completed")
    emulator.advance(60)
    marta.write("PATCH", f"{V2}/projects/1", phase_id=3)
    rows = marta.everything(f"{V2}/projects/1/changelog", limit=1)
    assert [row["new_values"].get("phase_id") for row in rows] == [3, None]
    assert rows[0]["old_values"] == {"phase_id": 2}
    assert (rows[1]["new_values"]["title"], rows[1]["new_values"]["status"]) == ("New name", "completed")
    assert rows[1]["actor_user_id"] == MARTA


def test_everyone_active_is_permitted(marta: ApiAs, emulator: EmulatorProcess) -> None:
    assert {MARTA, LINH, JACK} <= set(marta.get(f"{V2}/projects/1/permittedUsers"))
    emulator.control(f"users/{JACK}", {"active": False})
    assert JACK not in marta.get(f"{V2}/projects/1/permittedUsers")


def test_boards_and_phases_make_room_for_each_other(marta: ApiAs) -> None:
    made(marta, f"{V2}/boards", name="Front", order_nr=1)
    assert order(marta) == [("Front", 1), ("Installations", 2), ("Partner onboarding", 3)]
    marta.write("PATCH", f"{V2}/boards/1", order_nr=3)
    assert order(marta) == [("Front", 1), ("Partner onboarding", 2), ("Installations", 3)]
    assert made(marta, f"{V2}/boards", name="Last")["order_nr"] == 4
    for wrong in (0, 6):
        refused = marta.refused("POST", f"{V2}/boards", 400, json={"name": "x", "order_nr": wrong})
        assert "between 1 and 5" in refused["error"]
    made(marta, f"{V2}/phases", name="Pause", board_id=2, order_nr=2)
    names = [name for name, _ in order(marta, "phases", board_id=2)]
    assert names == ["Kick-off", "Pause", "Pilot", "Live"]
    marta.refused("GET", f"{V2}/phases", 400)
    marta.refused("GET", f"{V1}/projects/phases", 400)
    marta.refused("POST", f"{V2}/phases", 400, json={"name": "x", "board_id": 99})


def test_a_board_or_phase_with_projects_stays(marta: ApiAs) -> None:
    marta.refused("DELETE", f"{V2}/boards/2", 400)
    marta.refused("DELETE", f"{V2}/phases/5", 400)
    assert marta.write("DELETE", f"{V2}/phases/6") == {"id": 6}
    assert order(marta, "phases", board_id=2) == [("Kick-off", 1), ("Live", 2)]
    marta.refused("GET", f"{V1}/projects/phases/6", 404)
    marta.write("DELETE", f"{V2}/projects/2")
    assert marta.write("DELETE", f"{V2}/boards/2") == {"id": 2}
    assert order(marta) == [("Installations", 1)]


def test_a_phase_takes_its_projects_to_another_board(marta: ApiAs) -> None:
    marta.write("PATCH", f"{V2}/phases/2", board_id=2)
    assert marta.get(f"{V2}/projects/{FIRST}")["board_id"] == 2


def test_tasks_are_done_and_assigned(marta: ApiAs) -> None:
    task = made(marta, f"{V2}/tasks", title="Order", project_id=1, assignee_id=LINH, milestone=1)
    assert (task["assignee_ids"], task["is_milestone"], task["is_done"]) == ([LINH], True, False)
    assert (task["creator_id"], task["marked_as_done_time"]) == (MARTA, None)
    path = f"{V2}/tasks/{task['id']}"
    done = marta.write("PATCH", path, done=1, assignee_ids=[JACK, LINH])
    assert (done["is_done"], done["assignee_ids"]) == (True, [JACK, LINH])
    assert done["marked_as_done_time"] is not None
    assert marta.write("PATCH", path, done=0)["marked_as_done_time"] is None
    assert task["id"] in [row["id"] for row in marta.everything(f"{V2}/tasks", assignee_id=JACK)]
    assert task["id"] in [row["id"] for row in marta.everything(f"{V2}/tasks", is_milestone="true")]
    assert marta.write("PATCH", path, assignee_id=None)["assignee_ids"] == []


def test_subtasks_have_one_level_and_end_with_their_parent(marta: ApiAs) -> None:
    root = made(marta, f"{V2}/tasks", title="Root", project_id=1)
    below = made(marta, f"{V2}/tasks", title="Below", project_id=1, parent_task_id=root["id"])
    third = {"title": "Third", "project_id": 1, "parent_task_id": below["id"]}
    assert "one level" in marta.refused("POST", f"{V2}/tasks", 400, json=third)["error"]
    other = made(marta, f"{V2}/tasks", title="Other", project_id=1)
    for wrong in (other["id"], root["id"]):
        marta.refused("PATCH", f"{V2}/tasks/{root['id']}", 400, json={"parent_task_id": wrong})
    elsewhere = {"title": "x", "project_id": 2, "parent_task_id": root["id"]}
    marta.refused("POST", f"{V2}/tasks", 400, json=elsewhere)
    assert [r["id"] for r in marta.everything(f"{V2}/tasks", parent_task_id=root["id"])] == [below["id"]]
    roots = {row["id"] for row in marta.everything(f"{V2}/tasks", parent_task_id="null")}
    assert root["id"] in roots
    assert below["id"] not in roots
    marta.write("PATCH", f"{V2}/tasks/{root['id']}", project_id=2)
    assert marta.get(f"{V2}/tasks/{below['id']}")["project_id"] == 2
    marta.write("DELETE", f"{V2}/tasks/{root['id']}")
    assert below["id"] not in {row["id"] for row in marta.everything(f"{V2}/tasks")}
    marta.refused("GET", f"{V2}/tasks", 400, params={"parent_task_id": "x"})


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"title": "x"}, "project_id: Parameter 'project_id' is required"),
        ({"title": "x", "project_id": 99}, "project_id: Project 99 was not found"),
        ({"title": "x", "project_id": 1, "done": True}, "done: Parameter 'done' must be one of: 0, 1"),
        ({"title": "x", "project_id": 1, "done": "1"}, "done: Parameter 'done' must be one of: 0, 1"),
        ({"title": "x", "project_id": 1, "assignee_ids": [HUY]}, f"User {HUY} was not found"),
        ({"title": "x", "project_id": 1, "parent_task_id": 99}, "Task 99 was not found in the project"),
    ],
)
def test_bad_tasks_are_refused(marta: ApiAs, body: dict[str, Any], error: str) -> None:
    assert error in marta.refused("POST", f"{V2}/tasks", 400, json=body)["error"]


def test_both_versions_speak_of_one_project(marta: ApiAs) -> None:
    body = {"title": "Old way", "person_id": "7", "org_id": 4, "labels": [1], "phase_id": "2", "other": 1}
    project = made(marta, f"{V1}/projects", **body)
    assert (project["person_id"], project["org_id"], project["labels"]) == (7, 4, [1])
    assert project["add_time"].endswith(".000")
    newer = marta.get(f"{V2}/projects/{project['id']}")
    assert (newer["person_ids"], newer["org_ids"], newer["label_ids"]) == ([7], [4], [1])
    changed = marta.write("PUT", f"{V1}/projects/{project['id']}", person_id=None, status="completed")
    assert (changed["person_id"], changed["status"], changed["org_id"]) == (None, "completed", 4)
    whole = {row["id"] for row in marta.get(f"{V1}/projects", include_archived="true")}
    assert whole - {row["id"] for row in marta.get(f"{V1}/projects")} == {ARCHIVED}
    assert marta.write("PUT", f"{V1}/tasks/1", done="0")["done"] == 0
    assert marta.get(f"{V2}/tasks/1")["is_done"] is False
    assert [row["id"] for row in marta.get(f"{V1}/tasks", done=1)] == []


def test_custom_fields_of_a_project_are_nested_in_v2_and_flat_in_v1(marta: ApiAs) -> None:
    fields = [row for row in marta.get(f"{V2}/projectFields") if row["is_custom_field"]]
    code = next(row["field_code"] for row in fields if row["field_type"] == "timerange")
    marta.write("PUT", f"{V1}/projects/1", **{code: "08:00:00", f"{code}_until": "17:00:00"})
    hours = marta.get(f"{V2}/projects/1")["custom_fields"][code]
    assert (hours["value"], hours["until"]) == ("08:00:00", "17:00:00")
    marta.write("PATCH", f"{V2}/projects/1", custom_fields={code: hours | {"until": "18:00:00"}})
    flat = marta.get(f"{V1}/projects/1")
    assert (flat[code], flat[f"{code}_until"]) == ("08:00:00", "18:00:00")


def test_a_plan_puts_tasks_and_activities_into_phases_and_groups(marta: ApiAs) -> None:
    visit = marta.write("POST", f"{V2}/activities", subject="Visit", type="meeting", project_id=1)
    plan = marta.get(f"{V1}/projects/1/plan")
    assert {row["item_type"] for row in plan} == {"task", "activity"}
    assert {(row["phase_id"], row["group_id"]) for row in plan} == {(2, None)}
    path = f"{V1}/projects/1/plan"
    (group,) = marta.get(f"{V1}/projects/1/groups")
    put = marta.write("PUT", f"{path}/activities/{visit['id']}", phase_id=3, group_id=group["id"])
    assert put == {"item_id": visit["id"], "item_type": "activity", "phase_id": 3, "group_id": group["id"]}
    assert marta.write("PUT", f"{path}/tasks/1", phase_id=4)["group_id"] is None
    assert put in marta.get(path)
    for wrong in ({"phase_id": 5}, {"group_id": 99}):
        marta.refused("PUT", f"{path}/tasks/1", 400, json=wrong)
    marta.write("PATCH", f"{V2}/tasks/1", project_id=2)
    elsewhere = {row["item_id"]: row["phase_id"] for row in marta.get(f"{V1}/projects/2/plan")}
    assert elsewhere[1] == 5
    marta.write("PATCH", f"{V2}/tasks/1", project_id=1)
    marta.refused("PUT", f"{V1}/projects/2/plan/tasks/1", 404, json={"phase_id": 5})
    marta.refused("PUT", f"{path}/activities/1", 404, json={"phase_id": 3})
    assert [row["id"] for row in marta.get(f"{V1}/projects/1/activities")] == [visit["id"]]
    assert len(marta.get(f"{V1}/projects/1/tasks")) == 5


@pytest.mark.parametrize(
    ("noun", "key", "loser", "winner"),
    [("deals", "deal_ids", 11, 5), ("persons", "person_ids", 7, 8), ("organizations", "org_ids", 4, 3)],
)
def test_a_merge_leaves_projects_with_the_record_that_is_left(
    marta: ApiAs, noun: str, key: str, loser: int, winner: int
) -> None:
    marta.write("PATCH", f"{V2}/projects/2", **{key: [loser, winner]})
    marta.write("PUT", f"{V1}/{noun}/{loser}/merge", merge_with_id=winner)
    assert marta.get(f"{V2}/projects/1")[key] == [winner]
    assert marta.get(f"{V2}/projects/2")[key] == [winner]
