"""Basic credentials of a call: Pipedrive shows that it is Pipedrive with our own."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from starlette.datastructures import Headers

from marketplace_app.errors import CredentialsRejected
from marketplace_app.settings import Secret


def has_credentials(headers: Headers) -> bool:
    """Whether the call tries to show who it is, rightly or not."""
    return "authorization" in headers


def check_credentials(headers: Headers, client_id: str, client_secrets: Sequence[Secret]) -> None:
    """Raises CredentialsRejected unless there is one Authorization header, Basic client_id:client_secret.

    Digests of bytes are compared, with every secret: neither the length nor the first difference shows.
    """
    values = headers.getlist("authorization")
    if len(values) != 1:
        raise CredentialsRejected(f"the call has {len(values)} Authorization headers instead of one")
    given = hashlib.sha256(_basic(values[0])).digest()
    is_known = False
    for secret in client_secrets:
        expected = hashlib.sha256(f"{client_id}:{secret.value}".encode()).digest()
        is_known |= hmac.compare_digest(given, expected)
    if not is_known:
        raise CredentialsRejected("the call does not bear our credentials")


def _basic(header: str) -> bytes:
    """What stands encoded in the header; nothing for one that does not read as Basic."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value.strip().encode("latin-1"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""
