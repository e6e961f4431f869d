"""The uninstall call: DELETE on the callback URL, with our own credentials and four keys in its body.

https://pipedrive.readme.io/docs/app-uninstallation
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

import msgspec
from starlette.requests import Request

from marketplace_app.domain.ids import CompanyId, UserId, is_id
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import CredentialsRejected, RequestRejected
from marketplace_app.settings import Secret


class _Uninstall(msgspec.Struct, frozen=True):
    """`timestamp` comes in a form that is not documented, and nothing is decided by it."""

    client_id: str
    company_id: int
    user_id: int


async def read_uninstall(request: Request, client_id: str, client_secrets: Sequence[Secret]) -> Principal:
    """Whose installation ended. Raises CredentialsRejected, or RequestRejected for an odd body."""
    _check_credentials(request.headers.get("authorization", ""), client_id, client_secrets)
    try:
        told = msgspec.json.decode(await request.body(), type=_Uninstall)
    except (msgspec.MsgspecError, RecursionError):
        raise RequestRejected("the uninstall's body is not as documented") from None
    if told.client_id != client_id or not (is_id(told.company_id) and is_id(told.user_id)):
        raise RequestRejected("the uninstall's body is of another app or names nobody")
    return Principal(CompanyId(told.company_id), UserId(told.user_id))


def _check_credentials(header: str, client_id: str, client_secrets: Sequence[Secret]) -> None:
    """Digests of bytes are compared, all of them: neither the length nor the first difference shows."""
    given = hashlib.sha256(_basic(header)).digest()
    is_known = False
    for secret in client_secrets:
        expected = hashlib.sha256(f"{client_id}:{secret.value}".encode()).digest()
        is_known |= hmac.compare_digest(given, expected)
    if not is_known:
        raise CredentialsRejected("the uninstall does not bear our credentials")


def _basic(header: str) -> bytes:
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return b""
    try:
        return base64.b64decode(value.strip().encode("latin-1"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return b""
