"""HS256 tokens by hand, on the standard library alone.

An emulator that shared a token library with the app under test would share its mistakes too.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

_HEADER = {"alg": "HS256", "typ": "JWT"}


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def sign(claims: Mapping[str, int | str], secret: str) -> str:
    """A compact JWT, https://www.rfc-editor.org/rfc/rfc7515 section 7.1."""
    parts = [base64url(_json(_HEADER)), base64url(_json(claims))]
    signature = hmac.new(secret.encode(), ".".join(parts).encode("ascii"), hashlib.sha256).digest()
    return ".".join([*parts, base64url(signature)])


def fingerprint(token: str) -> str:
    """A short name for a token, to tell it from others without showing it."""
    return hashlib.sha256(token.encode()).hexdigest()[:12]


def _json(value: Mapping[str, int | str]) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()
