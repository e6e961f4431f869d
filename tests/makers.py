"""Values that many tests need, made by hand: nothing here calls code that it helps to test."""

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.installation import Installation, InstallationState, Profile, Scope, TokenPair
from marketplace_app.domain.principal import Principal

SECRET = b"a secret of the deal panel of 32 bytes or more"
OTHER_SECRET = b"a secret of another surface of 32 bytes or more"
NOW = 1_760_000_000
HEADER: Mapping[str, Any] = {"alg": "HS256", "typ": "JWT"}


def seeded(number: int) -> Random:
    """The same numbers in every run, so that what failed once fails again."""
    return Random(number)  # noqa: S311 (chance that repeats is the point)


def base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def spell(value: object) -> bytes:
    """JSON as Pipedrive writes it; octets stand for themselves, so that a test can misspell."""
    return value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()


def sign(
    claims: object, secret: bytes = SECRET, *, header: object = HEADER, hash_name: str = "sha256"
) -> str:
    """A compact JWS with a signature that fits, whatever it says. Octets are taken as they are."""
    signed = f"{base64url(spell(header))}.{base64url(spell(claims))}"
    return f"{signed}.{base64url(hmac.new(secret, signed.encode(), getattr(hashlib, hash_name)).digest())}"


def claims_of(company_id: int = 1, user_id: int = 11, *, now: int = NOW, life: int = 300) -> dict[str, Any]:
    """What Pipedrive signs for an iframe that is opened at `now`."""
    return {"userId": user_id, "companyId": company_id, "iat": now, "exp": now + life}


@dataclass(slots=True)
class StoppedClock:
    """Time that moves when a test says so; who sleeps lets others run and finds the time passed."""

    time: float = NOW

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds
        await asyncio.sleep(0)


@dataclass(slots=True)
class SetClock(StoppedClock):
    """Who sleeps sleeps, since another process is at work; the time moves by the test alone."""

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def principal(company_id: int = 1, user_id: int = 11) -> Principal:
    return Principal(CompanyId(company_id), UserId(user_id))


def installation(company_id: int = 1, user_id: int = 11, **changes: Any) -> Installation:
    """One that was just made: tokens of an hour, whose texts name their owner."""
    who = f"{company_id}-{user_id}"
    tokens = TokenPair(
        access_token=f"v1u:access-{who}-CANARY",
        refresh_token=f"refresh-{who}-CANARY",
        obtained_at=NOW,
        expires_at=NOW + 3600,
        api_domain="https://acme.pipedrive.com",
        scopes=(Scope("base"), Scope("deals:full")),
    )
    profile = Profile(
        name=f"Name CANARY {who}",
        language="en",
        locale="en_GB",
        time_zone="Europe/Tallinn",
        company_name=f"Company CANARY {company_id}",
        company_domain="acme",
        is_admin=False,
        read_at=NOW,
    )
    made = Installation(
        principal=principal(company_id, user_id),
        state=InstallationState.ACTIVE,
        generation=0,
        installed_at=NOW,
        tokens=tokens,
        profile=profile,
    )
    return replace(made, **changes)


def renewed(old: Installation, access_token: str) -> Installation:
    """What a renewal would write over `old`."""
    tokens = replace(old.tokens, access_token=access_token)
    return replace(old, generation=old.generation + 1, tokens=tokens)
