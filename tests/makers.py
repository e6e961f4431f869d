"""Values that many tests need, made by hand: nothing here calls the code that it helps to test."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from random import Random
from typing import Any

SECRET = b"a secret of the deal panel, 32 bytes or more"
OTHER_SECRET = b"a secret of another surface, 32 bytes or more"
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
