"""What Pipedrive tells at the callback URL, read strictly: each key once, each of its own type.

Keys that no page documents are passed over, so that one more of them breaks nothing.
"""

import json
from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from marketplace_app.domain.ids import is_id
from marketplace_app.errors import BodyTooLarge, RequestRejected

Told = TypeVar("Told", bound="_Told")


class _Told(msgspec.Struct, frozen=True, rename="camel"):
    company_id: int = msgspec.field(name="company_id")
    user_id: int = msgspec.field(name="user_id")


class Uninstall(_Told, frozen=True, kw_only=True):
    """`timestamp` comes in a form that is not documented, and nothing is decided by it.

    https://pipedrive.readme.io/docs/app-uninstallation
    """

    client_id: str = msgspec.field(name="client_id")


class Sharing(_Told, frozen=True, kw_only=True):
    """https://pipedrive.readme.io/docs/app-sharing-adding-apps-to-multiple-users."""

    is_shared: bool


async def read(request: Request, kind: type[Told]) -> Told:
    """Raises BodyTooLarge, or RequestRejected for a body that is not as documented."""
    octets = await _octets(request)
    try:
        told = msgspec.convert(json.loads(octets.decode(), object_pairs_hook=_each_once), kind)
    except (ValueError, RecursionError):  # msgspec's own errors are ValueErrors
        raise RequestRejected("the body is not as documented") from None
    if not (is_id(told.company_id) and is_id(told.user_id)):
        raise RequestRejected("the body names no company or no user")
    return told


async def _octets(request: Request) -> bytes:
    try:
        return await request.body()
    except HTTPException:  # the only one while a body is read
        raise BodyTooLarge("the body is larger than any that is documented") from None
    except ClientDisconnect:
        raise RequestRejected("the body ended early") from None


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is given twice")
    return found
