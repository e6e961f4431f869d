"""A task as API v1 shows it, https://developers.pipedrive.com/docs/api/v1/Tasks."""

from typing import Any

from pipedrive_emulator.api.v1.projects import exact
from pipedrive_emulator.world.records import Record


def task(record: Record) -> dict[str, Any]:
    """``assignee_id`` is the first of ``assignee_ids``; milestones are unknown to v1."""
    same = ("id", "title", "creator_id", "description", "project_id", "parent_task_id", "due_date")
    assignees = record["assignee_ids"]
    return {
        **{key: record[key] for key in same},
        "done": int(record["is_done"]),
        "assignee_id": assignees[0] if assignees else None,
        "assignee_ids": assignees,
        **{key: exact(record[key]) for key in ("add_time", "update_time", "marked_as_done_time")},
    }
