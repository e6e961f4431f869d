"""Companies and their users, under the ids that Pipedrive shows to apps."""

from dataclasses import dataclass


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
    """One person in one company; the same person elsewhere is another user."""

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
    role_id: int
    visibility_group: int
    api_token: str
    active: bool = True
    phone: str | None = None
