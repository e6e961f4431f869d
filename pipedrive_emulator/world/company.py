"""Companies and their users, under the ids that Pipedrive shows to apps."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_LONG_AGO = "2024-02-12 09:14:35"


@dataclass(frozen=True, slots=True)
class Company:
    """``is_open`` False: the trial is over or nobody paid, and the API answers 402."""

    id: int
    domain: str
    name: str
    currency: str
    country: str
    industry: str = "Wholesale"
    plan: str = "Growth"
    seats: int = 5
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class User:
    """One person in one company; the same person elsewhere is another user.

    ``access`` maps apps such as ``sales`` to permission sets by id; None: what admins, or others, have from
    the start. ``visibility_group`` is the number of a role, which is the API's word. Times as in API v1.
    """

    id: int
    company_id: int
    name: str
    email: str
    is_admin: bool
    language_code: str
    country_code: str
    locale: str
    time_zone: str
    default_currency: str
    visibility_group: int
    api_token: str
    active: bool = True
    phone: str | None = None
    access: Mapping[str, str] | None = field(default=None, hash=False)
    activated: bool = True
    created: str = _LONG_AGO
    modified: str = _LONG_AGO
    last_login: str | None = _LONG_AGO
