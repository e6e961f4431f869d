"""Who may see a record: the users that ``permittedUsers`` lists."""

from collections.abc import Callable
from dataclasses import replace

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.world.records import Record


def permitted_users(call: Call, see: Callable[[Call, Record], bool], record: Record) -> list[int]:
    """Ids of the active users of the company for whom ``see`` holds."""
    return [user.id for user in call.colleagues() if user.active and see(replace(call, user=user), record)]
