"""Verification of the JWT that Pipedrive puts into an iframe's URL and hands out on GET_SIGNED_TOKEN.

The token says who looks and nothing else: there is no audience, no id and no record in it, so each
surface has its own secret and every other parameter of the URL stays untrusted.
https://pipedrive.readme.io/docs/custom-ui-extensions
"""

import base64
import binascii
import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jwt
import msgspec

from marketplace_app.domain.ids import CompanyId, UserId, is_id
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import ContextRejected

TOKEN_BYTES = 4096
LEEWAY_SECONDS = 10  # between Pipedrive's clock and ours
LIFETIME_SECONDS = 600  # Pipedrive's tokens live 300
_ALGORITHM = "HS256"
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)
# Headers that ask the verifier to fetch or trust a key, or to read the payload in another way.
_FORBIDDEN_HEADERS = frozenset({"crit", "jku", "jwk", "x5u", "x5c", "b64", "zip"})

# {"alg":"HS256","typ":"JWT"} in both orders: as nearly everybody writes it, and Pipedrive too.
_PLAIN_HEADERS = frozenset({"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9"})


@dataclass(frozen=True, slots=True)
class SignedContext:
    """What a verified token proves. Only `verify_signed_context` makes one."""

    principal: Principal
    surface: str
    expires_at: int


def verify_signed_context(token: str, *, surface: str, secrets: Sequence[bytes], now: float) -> SignedContext:
    """The context that `token` proves at `now` (epoch seconds), signed with one of this surface's secrets.

    Our own check is stricter than any library: one spelling per token, one algorithm, no repeated keys,
    integers that are integers. A second reader then has to agree, so that a slip in ours alone lets nobody
    in. Raises ContextRejected, whose text never holds a part of the token.
    """
    header, payload, signature = _split(token)
    is_plain = header in _PLAIN_HEADERS
    if not is_plain:
        _check_header(_json_object(_decode(header)))
    octets = _decode(payload)
    signed = token[: -len(signature) - 1].encode()
    secret = _signing_secret(signed, _decode(signature), secrets)
    claims = _json_object(octets)
    _check_times(claims, now)
    read = _read_again(signed, octets, signature, secret) if is_plain else _read_by_pyjwt(token, secret)
    if read != claims:
        raise ContextRejected("the token reads in two ways")
    return SignedContext(_principal(claims), surface, claims["exp"])


def _split(token: str) -> list[str]:
    if not token:
        raise ContextRejected("the token is missing")
    if len(token) > TOKEN_BYTES or not _COMPACT.fullmatch(token):
        raise ContextRejected("the token is malformed")
    return token.split(".")


def _decode(part: str) -> bytes:
    try:
        octets = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except binascii.Error:
        raise ContextRejected("the token is malformed") from None
    if base64.urlsafe_b64encode(octets).rstrip(b"=") != part.encode():
        raise ContextRejected("the token is not in canonical form")
    return octets


def _json_object(octets: bytes) -> dict[str, Any]:
    try:
        value = _JSON.decode(octets.decode())
    except (ValueError, RecursionError):
        raise ContextRejected("the token is no JSON object with unique keys") from None
    if not isinstance(value, dict):
        raise ContextRejected("the token is no JSON object with unique keys")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_no_constant)


def _check_header(header: dict[str, Any]) -> None:
    if header.get("alg") != _ALGORITHM:
        raise ContextRejected("the token's algorithm is not HS256")
    if not _FORBIDDEN_HEADERS.isdisjoint(header):
        raise ContextRejected("the token's header asks for a key or a form of its own")
    kind = header.get("typ", "JWT")
    if not (isinstance(kind, str) and kind.upper() == "JWT"):
        raise ContextRejected("the token's type is not JWT")


def _signing_secret(signed: bytes, signature: bytes, secrets: Sequence[bytes]) -> bytes:
    """Every secret is tried, so that the time taken does not tell which one fits."""
    found = None
    for secret in secrets:
        if hmac.compare_digest(hmac.digest(secret, signed, hashlib.sha256), signature):
            found = secret
    if not found:
        raise ContextRejected("the token's signature is not of this surface")
    return found


def _check_times(claims: dict[str, Any], now: float) -> None:
    expires_at, issued_at = claims.get("exp"), claims.get("iat")
    if type(expires_at) is not int:
        raise ContextRejected("the token has no expiry")
    if not now - LEEWAY_SECONDS < expires_at:
        raise ContextRejected("the token has expired")
    if expires_at > now + LIFETIME_SECONDS:
        raise ContextRejected("the token lives longer than any that Pipedrive makes")
    for name in ("iat", "nbf"):
        if name in claims and (type(claims[name]) is not int or claims[name] > now + LEEWAY_SECONDS):
            raise ContextRejected("the token is from the future")
    if type(issued_at) is int and expires_at - issued_at > LIFETIME_SECONDS:
        raise ContextRejected("the token lives longer than any that Pipedrive makes")


def _read_again(signed: bytes, octets: bytes, signature: str, secret: bytes) -> Any:
    """The claims in another way: signatures compared as texts, JSON read by another parser.

    For a header that says nothing of its own, whose reading is what PyJWT would add for ten times the price.
    """
    expected = base64.urlsafe_b64encode(hmac.digest(secret, signed, "sha256")).rstrip(b"=")
    if not hmac.compare_digest(expected, signature.encode()):
        raise ContextRejected("the token is malformed")
    try:
        return msgspec.json.decode(octets)
    except (msgspec.MsgspecError, RecursionError):
        raise ContextRejected("the token is malformed") from None


def _read_by_pyjwt(token: str, secret: bytes) -> Any:
    """Times are left out: they were judged by our own clock."""
    options: dict[str, Any] = {
        "require": ["exp"],
        "verify_exp": False,
        "verify_iat": False,
        "verify_nbf": False,
    }
    options |= {"verify_aud": False, "verify_iss": False, "verify_sub": False, "verify_jti": False}
    try:
        return jwt.decode(token, secret, algorithms=[_ALGORITHM], options=options)  # type: ignore[arg-type]
    except (jwt.InvalidTokenError, jwt.InvalidKeyError):
        raise ContextRejected("the token is malformed") from None


def _principal(claims: dict[str, Any]) -> Principal:
    company_id, user_id = claims.get("companyId"), claims.get("userId")
    if not (is_id(company_id) and is_id(user_id)):
        raise ContextRejected("the token names no company and user")
    return Principal(CompanyId(claims["companyId"]), UserId(claims["userId"]))
