"""Projects of both companies: boards with phases, projects in them, tasks with subtasks, templates."""

from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.project_shapes import BOARD, GROUPS, PHASE, PROJECT, TASK, TEMPLATE
from pipedrive_emulator.world.seed.people import HUY, JACK, LINH, MAI, MARTA
from pipedrive_emulator.world.seed.planter import Planter


@dataclass(frozen=True, slots=True)
class _Task:
    title: str
    owner: User
    due: int
    is_done: bool = False
    below: tuple[str, ...] = ()


def plant_acme_projects(planter: Planter) -> None:
    _board(planter, "Installations", "Planning", "Delivery", "Training", "Done")
    _board(planter, "Partner onboarding", "Kick-off", "Pilot", "Live")
    _template(planter, "Machine installation", MARTA, 1, ("Check the water", "Install", "Train the staff"))
    _template(planter, "Partner start", JACK, 2, ("Sign the terms", "First order"))
    tasks = (
        _Task("Check the water", LINH, -2, is_done=True),
        _Task("Install two machines", LINH, 5, below=("Carry them upstairs", "Connect")),
        _Task("Train the staff", MARTA, 12),
    )
    links = {"deal_ids": [11], "org_ids": [4], "person_ids": [7]}
    _project(planter, "Lắp đặt máy cho Gỗ Việt", LINH, (1, 2), tasks, **links)
    call = (_Task("Agree on the pilot shops", JACK, 3),)
    _project(planter, "Hudson Roasters as a partner", JACK, (2, 5), call, org_ids=[3], person_ids=[8])
    done = {"status": "completed", "archive_time": planter.time(-15)}
    _project(planter, "Test kitchen", MARTA, (1, 4), (), **done)


def plant_saigon_projects(planter: Planter) -> None:
    _board(planter, "Triển khai", "Khảo sát", "Lắp đặt", "Bàn giao")
    _template(planter, "Quán mới", HUY, 1, ("Khảo sát mặt bằng", "Giao máy", "Đào tạo"))
    tasks = (
        _Task("Khảo sát tầng hầm", MAI, -1, is_done=True),
        _Task("Giao 12 máy", HUY, 6, below=("Đặt xe tải",)),
    )
    links = {"deal_ids": [1], "org_ids": [1], "person_ids": [1]}
    _project(planter, "Cà phê cho khách sạn Ngôi Sao", HUY, (1, 2), tasks, **links)


def _times(planter: Planter) -> dict[str, Any]:
    return {"add_time": planter.time(-40), "update_time": planter.time(-6), "is_deleted": False}


def _board(planter: Planter, name: str, *phases: str) -> None:
    number = 1 + len(list(planter.records.all("boards")))
    board = planter.add("boards", BOARD, name=name, order_nr=number, **_times(planter))
    for order_nr, phase in enumerate(phases, 1):
        place = {"board_id": board["id"], "order_nr": order_nr}
        planter.add("phases", PHASE, name=phase, **place, **_times(planter))


def _template(planter: Planter, title: str, owner: User, board_id: int, tasks: tuple[str, ...]) -> None:
    content = {"tasks": list(tasks), "groups": ["Before", "After"]}
    about = {"title": title, "description": f"{title}: {len(tasks)} steps", "owner_id": owner.id}
    planter.add(
        "projectTemplates", TEMPLATE, **about, projects_board_id=board_id, **content, **_times(planter)
    )


def _project(
    planter: Planter,
    title: str,
    owner: User,
    place: tuple[int, int],
    tasks: tuple[_Task, ...],
    **values: Any,
) -> None:
    row = {
        "title": title,
        "description": "",
        "owner_id": owner.id,
        "board_id": place[0],
        "phase_id": place[1],
        "start_date": planter.date(owner, -14),
        "end_date": planter.date(owner, 30),
        "status_change_time": planter.time(-40),
        **_times(planter),
    }
    project_id = int(planter.add("projects", PROJECT, **row | values)["id"])
    planter.records.add(GROUPS, {"project_id": project_id, "name": "Main", "order_nr": 1})
    for task in tasks:
        parent = _task(planter, project_id, task)
        for title_below in task.below:
            _task(planter, project_id, _Task(title_below, task.owner, task.due - 1), parent)


def _task(planter: Planter, project_id: int, task: _Task, parent: int | None = None) -> int:
    row = {
        "title": task.title,
        "description": "",
        "project_id": project_id,
        "parent_task_id": parent,
        "creator_id": task.owner.id,
        "assignee_ids": [task.owner.id],
        "due_date": planter.date(task.owner, task.due),
        "is_done": task.is_done,
        "marked_as_done_time": planter.time(-3) if task.is_done else None,
        **_times(planter),
    }
    return int(planter.add("tasks", TASK, **row)["id"])
