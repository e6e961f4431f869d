"""Signed contexts as Pipedrive makes them, and others; written here, for the app's own reader is on trial."""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from time import monotonic
from typing import Any

from marketplace_app.testing.control import Person

LIFETIME_SECONDS = 300
_DIFFERENT = 100  # seconds of issue, so that no two tokens in a row are the same


def signed(claims: Mapping[str, Any], secret: str) -> str:
    head = _part({"alg": "HS256", "typ": "JWT"}) + b"." + _part(claims)
    code = hmac.digest(secret.encode(), head, hashlib.sha256)
    return (head + b"." + base64.urlsafe_b64encode(code).rstrip(b"=")).decode()


@dataclass(frozen=True, slots=True)
class Tokens:
    """`began_at` is the time that emulator and app agreed on, epoch seconds, when the run began."""

    began_at: float
    _started: float = field(default_factory=monotonic, repr=False)
    _numbers: Iterator[int] = field(default_factory=count, repr=False)

    def of(self, person: Person, secret: str, *, age: float = 0.0) -> str:
        return signed({"userId": person.id, "companyId": person.company_id, **self.times(age)}, secret)

    def times(self, age: float = 0.0) -> dict[str, int]:
        """When a token was issued and when it ends."""
        now = self.began_at + monotonic() - self._started
        issued_at = int(now - age) - next(self._numbers) % _DIFFERENT
        return {"iat": issued_at, "exp": issued_at + LIFETIME_SECONDS}


def _part(value: Mapping[str, Any]) -> bytes:
    return base64.urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).rstrip(b"=")
