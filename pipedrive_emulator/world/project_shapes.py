"""The keys of projects and what belongs to them in API v2, with what a bare record says."""

from typing import Any

Blank = dict[str, Any]

PROJECT: Blank = {
    "title": None,
    "description": None,
    "status": "open",
    "board_id": None,
    "phase_id": None,
    "owner_id": None,
    "start_date": None,
    "end_date": None,
    "deal_ids": [],
    "person_ids": [],
    "org_ids": [],
    "label_ids": [],
    "health_status": None,
    "add_time": None,
    "update_time": None,
    "status_change_time": None,
    "archive_time": None,
}

BOARD: Blank = {"name": None, "order_nr": None, "add_time": None, "update_time": None}

PHASE: Blank = {"name": None, "board_id": None, "order_nr": None, "add_time": None, "update_time": None}

TASK: Blank = {
    "title": None,
    "creator_id": None,
    "description": None,
    "project_id": None,
    "is_done": False,
    "is_milestone": False,
    "due_date": None,
    "start_date": None,
    "parent_task_id": None,
    "assignee_ids": [],
    "priority": None,
    "add_time": None,
    "update_time": None,
    "marked_as_done_time": None,
}

TEMPLATE: Blank = {
    "title": None,
    "description": None,
    "projects_board_id": None,
    "owner_id": None,
    "add_time": None,
    "update_time": None,
}

GROUPS, PLAN = "project_groups", "project_plan"  # a plan's rows are kept by "task/12" or "activity/7"
