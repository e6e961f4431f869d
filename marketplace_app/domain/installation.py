"""One user's grant in one company, and what is known of that user.

https://pipedrive.readme.io/docs/marketplace-oauth-authorization
"""

import zlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from marketplace_app.domain.principal import Principal

Scope = NewType("Scope", str)

REFRESH_TOKEN_SECONDS = 60 * 86_400  # then one that nobody used is dead
RENEW_AT_SHARE_OF_LIFE = 0.8
JITTER = 0.05  # before and after, by the token, so that what was made together is not renewed together


class InstallationState(StrEnum):
    """`suspect`: Pipedrive told of an uninstall; the next use finds out whether it is so."""

    ACTIVE = "active"
    SUSPECT = "suspect"
    DISCONNECTED = "disconnected"
    UNINSTALLED = "uninstalled"


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Times are epoch seconds. `api_domain` is an origin without a trailing slash."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    obtained_at: float
    expires_at: float
    api_domain: str
    scopes: tuple[Scope, ...]
    used_at: float = 0.0  # when somebody's use last made a pair; what the worker renews by itself keeps it

    def is_due(self, now: float) -> bool:
        """Whether it is time to renew, before a call has to fail for it."""
        place = zlib.crc32(self.access_token.encode()) / 2**32  # from 0 to 1, another for each token
        share = RENEW_AT_SHARE_OF_LIFE + JITTER * (2 * place - 1)
        return now >= self.obtained_at + share * (self.expires_at - self.obtained_at)


@dataclass(frozen=True, slots=True)
class Profile:
    """What GET /users/me says of the user, as far as surfaces need it. `read_at` is epoch seconds."""

    name: str
    language: str  # the language of Pipedrive's screens, such as "vi"
    locale: str  # how numbers and dates are written, such as "en_GB"
    time_zone: str  # an IANA name
    company_name: str
    company_domain: str
    is_admin: bool
    read_at: float


@dataclass(frozen=True, slots=True)
class Installation:
    """`generation` grows by one with every write, so that of two writers one loses visibly."""

    principal: Principal
    state: InstallationState
    generation: int
    installed_at: float
    tokens: TokenPair
    profile: Profile
    previous_refresh_token: str = field(default="", repr=False)
    refused_at: float = (
        0.0  # epoch seconds of a first refusal that a second one has yet to confirm; 0 is none
    )

    def has_token_of(self, other: "Installation") -> bool:
        """Whether nobody renewed between the two: a younger one may have another profile alone."""
        return self.tokens.access_token == other.tokens.access_token
