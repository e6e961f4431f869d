"""Every key in Redis. A company's keys share one hash tag, so that they lie in one slot of a cluster.

Each builder takes a Principal or a CompanyId first; ids are canonical decimals between separators,
so that no two companies can ever meet in a key.
"""

import re

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal

SCHEDULE = "app:schedule"  # sorted set of installations ("<company>:<user>"), scored by when to look at each
JOB_COMPANIES = "app:jobs"  # sorted set of companies that have jobs, scored by when to look at each
CLIENT_REFUSED = "app:alarm:client-refused"  # there while Pipedrive refuses our own credentials
KEY_MISSING = "app:alarm:key-missing"  # id of an encryption key that a process met and does not have
DATA_KEYS = "app:{*}:data-key"  # a pattern that matches each company's
KEY_ORDER = "app:encryption-keys"  # ids of ENCRYPTION_KEYS as the last rotation had them, newest first

_DATA_KEY = re.compile(r"app:\{([1-9][0-9]{0,15})\}:data-key")
_INSTALLATION = re.compile(r"app:\{[0-9]+\}:([0-9]+):installation")
_OF_A_RECORD = re.compile(r"app:\{[0-9]+\}:(data-key|users|[0-9]+:(installation|renewal))")


def data_key(company_id: CompanyId) -> str:
    return f"app:{{{company_id:d}}}:data-key"


def company_of_data_key(key: str) -> CompanyId | None:
    """None for a key that `data_key` does not build."""
    match = _DATA_KEY.fullmatch(key)
    return CompanyId(int(match[1])) if match else None


def company_users(company_id: CompanyId) -> str:
    return f"app:{{{company_id:d}}}:users"


def company_value(company_id: CompanyId, name: str) -> str:
    return f"app:{{{company_id:d}}}:look-up:{name}"


def settings(company_id: CompanyId, user_id: UserId | None) -> str:
    """Of the company itself when there is no user."""
    whose = "" if user_id is None else f"{user_id:d}:"
    return f"app:{{{company_id:d}}}:{whose}settings"


def channels(principal: Principal) -> str:
    return f"{_user(principal)}:channels"


def jobs(principal: Principal) -> str:
    return f"{_user(principal)}:jobs"


def jobs_waiting(company_id: CompanyId) -> str:
    return f"app:{{{company_id:d}}}:jobs-waiting"


def jobs_running(company_id: CompanyId) -> str:
    return f"app:{{{company_id:d}}}:jobs-running"


def jobs_dead(company_id: CompanyId) -> str:
    return f"app:{{{company_id:d}}}:jobs-dead"


def job_lines(company_id: CompanyId) -> list[str]:
    return [jobs_waiting(company_id), jobs_running(company_id), jobs_dead(company_id)]


def all_of_company(company_id: CompanyId) -> str:
    """A pattern that matches whatever this file builds for the company, and nothing of another one's."""
    return f"app:{{{company_id:d}}}:*"


def is_of_a_record(key: str) -> bool:
    """Whether it is an installation, its lock, or what is needed to find and open it."""
    return _OF_A_RECORD.fullmatch(key) is not None


def user_of_record(key: str) -> UserId | None:
    """Whose installation it is; None for every other key."""
    found = _INSTALLATION.fullmatch(key)
    return UserId(int(found[1])) if found else None


def installation(principal: Principal) -> str:
    return f"{_user(principal)}:installation"


def renewal_lock(principal: Principal) -> str:
    return f"{_user(principal)}:renewal"


def renewal_in_doubt(principal: Principal) -> str:
    return f"{_user(principal)}:renewal-in-doubt"


def kept(principal: Principal, surface: str, subject: str, name: str) -> str:
    return f"{_user(principal)}:kept:{surface}:{subject}:{name}"


def ticket(principal: Principal, nonce: str) -> str:
    return f"{_user(principal)}:ticket:{nonce}"


def install_state(state_hash: str) -> str:
    return f"app:install-state:{state_hash}"


def authorization_code(code_hash: str) -> str:
    return f"app:code:{code_hash}"


def _user(principal: Principal) -> str:
    return f"app:{{{principal.company_id:d}}}:{principal.user_id:d}"
