"""Did somebody else change the record between the picture and the press? Pure.

The API takes no condition on a write, so the record's `update_time` travels with the button.
"""

from datetime import datetime


def seen_text(update_time: datetime | None) -> str:
    return update_time.isoformat() if update_time else ""


def is_changed(update_time: datetime | None, seen: str) -> bool:
    """A time that does not read is one that nobody saw."""
    try:
        return update_time is not None and update_time > datetime.fromisoformat(seen)
    except (TypeError, ValueError):
        return True
