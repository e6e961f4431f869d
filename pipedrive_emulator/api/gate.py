"""The gateway: who is calling, and may this token do that. It stands before routing.

https://pipedrive.readme.io/docs/marketplace-oauth-and-api-proxy-status-codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from pipedrive_emulator.api.errors import (
    ApiError,
    malformed_header,
    not_allowed,
    scope_mismatch,
    unauthorized,
)
from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.oauth.grants import Grants
from pipedrive_emulator.signing import fingerprint
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.records import Records
from pipedrive_emulator.world.staff import permissions
from pipedrive_emulator.world.world import World

# Scopes that the list of scopes has and the OpenAPI files have not.
_NEWER_SCOPES = {
    "GET v1/webhooks": frozenset({"webhooks:read", "webhooks:full"}),
    "POST v1/webhooks": frozenset({"webhooks:full"}),
    "DELETE v1/webhooks/{id}": frozenset({"webhooks:full"}),
}


@dataclass(frozen=True, slots=True)
class Caller:
    """``scopes`` None: no limits, as for an API token; ``token`` is a fingerprint."""

    user: User
    client_id: str | None
    scopes: frozenset[str] | None
    token: str


def identify(headers: Mapping[str, str], grants: Grants, world: World) -> Caller:
    """The owner of the credentials; an API token goes before a bearer, as with the official clients.

    Raises:
        ApiError: 401, or 400 for an Authorization header that is not ``Bearer <token>``.
    """
    api_token, authorization = headers.get("x-api-token"), headers.get("authorization")
    if api_token is not None:
        return _owner_of_api_token(api_token, world)
    if authorization is None:
        raise unauthorized()
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token or " " in token:
        raise malformed_header()
    return _owner_of_access_token(token, grants, world)


def admit(caller: Caller, operation: Operation, records: Records) -> None:
    """Raises ApiError 403 when the scope is missing, when only admins may, or the user no API at all."""
    enough = operation.scopes | _NEWER_SCOPES.get(operation.name, frozenset())
    if caller.scopes is not None and not caller.scopes & enough:
        raise scope_mismatch()
    admit_user(caller.user, operation)
    if "can_use_api" not in permissions(records, caller.user):
        raise not_allowed()


def admit_user(user: User, operation: Operation) -> None:
    if operation.scopes == {"admin"} and operation.method != "GET" and not user.is_admin:
        raise not_allowed()


def _owner_of_api_token(token: str, world: World) -> Caller:
    for user in world.users():
        if user.active and user.api_token == token:
            return Caller(user, None, None, fingerprint(token))
    raise unauthorized()


def _owner_of_access_token(token: str, grants: Grants, world: World) -> Caller:
    known = grants.find("access", token)
    user = world.user(known.holder.user_id) if known and not grants.is_expired(known) else None
    if known is None or user is None or not user.active:
        raise unauthorized()
    return Caller(user, known.holder.client_id, frozenset(known.scope.split(",")), fingerprint(token))


def presented(headers: Mapping[str, str]) -> str | None:
    """The fingerprint of a bearer that may be nobody's any more, so that the ledger names dead tokens too."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return fingerprint(token) if scheme.lower() == "bearer" and token else None


def company_of_credentials(headers: Mapping[str, str], grants: Grants, world: World) -> int | None:
    """For whoever needs the company before the gate has decided."""
    try:
        return identify(headers, grants, world).user.company_id
    except ApiError:
        return None
