"""What a bare filter says; ``visible_to`` 1: its maker's alone."""

from typing import Any

FILTER: dict[str, Any] = {
    "name": None,
    "filter_code": None,
    "is_editable": True,
    "is_deleted": False,
    "type": None,
    "temporary_flag": False,
    "user_id": None,
    "add_time": None,
    "update_time": None,
    "visible_to": 1,
    "last_used_time": None,
    "custom_view_id": None,
}
