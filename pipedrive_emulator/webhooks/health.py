"""How a webhook fares: what each attempt does to its row, when it is banned and when it is given up.

https://pipedrive.readme.io/docs/guide-for-webhooks-v2: ten failed first attempts ban it for 30 minutes, three
days without a success delete it.
"""

from pipedrive_emulator.switches import Switches
from pipedrive_emulator.webhooks.post import is_success
from pipedrive_emulator.webhooks.subscriptions import moment
from pipedrive_emulator.world.records import Record

RETRIES = (3, 30, 150)  # seconds after the attempt before
MOST_FAILURES = 10
BAN_SECONDS = 30 * 60
PATIENCE_SECONDS = 3 * 24 * 60 * 60


def is_banned(row: Record, now: float) -> bool:
    return row["banned_until"] is not None and now < row["banned_until"]


def after_attempt(row: Record, status: int | None, attempt: int, now: float, switches: Switches) -> Record:
    """The row with the outcome noted."""
    row = {**row, "last_delivery_time": moment(now), "last_http_status": status}
    if is_success(status):
        in_a_row = switches.get("webhook_ban_counter") == "in_a_row"
        return {**row, "failing_since": None, "failures": 0 if in_a_row else row["failures"]}
    since = now if row["failing_since"] is None else row["failing_since"]
    return _counted({**row, "failing_since": since}, now) if attempt == 1 else {**row, "failing_since": since}


def _counted(row: Record, now: float) -> Record:
    """One more first attempt has failed; a ban starts the count anew."""
    failures = row["failures"] + 1
    if failures < MOST_FAILURES:
        return {**row, "failures": failures}
    return {**row, "failures": 0, "banned_until": now + BAN_SECONDS}
