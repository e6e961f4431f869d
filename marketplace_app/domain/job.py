"""Jobs: how they are named, whose they are, and how long one that failed waits for its next attempt."""

import re
import secrets

from marketplace_app.domain.ids import CompanyId, UserId, parse_id
from marketplace_app.domain.principal import Principal

MOST_ATTEMPTS = 6
_PAUSES_SECONDS = (10.0, 60.0, 300.0, 1800.0, 7200.0)
_PAUSE_OF_DEATH_SECONDS = 120.0
_JITTER = 0.2  # what failed together is not tried together again
_ID = re.compile(r"([0-9]{1,16})-([0-9]{1,16})-[0-9a-f]{16}", re.ASCII)


def new_job_id(principal: Principal) -> str:
    """Says whose it is; one name for the record, its place in line, the log and the operator."""
    return f"{principal.company_id:d}-{principal.user_id:d}-{secrets.token_hex(8)}"


def owner_of(job_id: str) -> tuple[CompanyId, UserId] | None:
    """Whose record to look for. None for what `new_job_id` does not make."""
    match = _ID.fullmatch(job_id)
    company_id, user_id = (parse_id(match[1]), parse_id(match[2])) if match else (None, None)
    return (CompanyId(company_id), UserId(user_id)) if company_id and user_id else None


def pause_after(times: int, chance: float) -> float:
    """Seconds after so many failures, at least one; `chance` is from 0 to 1."""
    return _PAUSES_SECONDS[min(times, len(_PAUSES_SECONDS)) - 1] * (1 + _JITTER * chance)


def pause_after_death(attempts: int, chance: float) -> float:
    """Seconds for a job in whose attempt the worker died, all by chance and twice as long each time.

    What ran beside it died too, and nobody knows which of them it was: they begin apart from each other.
    """
    return chance * _PAUSE_OF_DEATH_SECONDS * 2.0 ** (attempts - 1)
