"""AuthorizationServer: Pipedrive's token endpoint, through Authlib.

https://pipedrive.readme.io/docs/marketplace-oauth-authorization
https://pipedrive.readme.io/docs/app-uninstallation
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from marketplace_app.errors import ClientRefused, PipedriveRefused, PipedriveUnavailable, UnexpectedPayload
from marketplace_app.pipedrive.bounded import BoundedTransport
from marketplace_app.pipedrive.patience import Patience
from marketplace_app.points import NO_POINTS, Points

T = TypeVar("T")

DEADLINE_SECONDS = 10.0  # what an answer may take
LISTEN_SECONDS = 15.0  # one that comes later may hold the only pair that there is
CONNECT_SECONDS = 3.0
_MOST_TOKEN_BYTES = 8192
_ORDINARY_LIFE_SECONDS = range(60, 86_401)
_RENEW_SOON_SECONDS = 60
_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_GONE = "invalid_grant"
_CLIENT = ("invalid_client", "unauthorized_client")


@dataclass(frozen=True, slots=True)
class Grant:
    """A token reply that can be used. `refresh_token` is empty when the reply had none.

    `odd` names what else of the reply was missing or not as documented.
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    lifetime_seconds: int
    api_domain: str
    scopes: tuple[str, ...]
    odd: tuple[str, ...] = ()


class _Client(AsyncOAuth2Client):  # type: ignore[misc]  # Authlib has no types
    def parse_response_token(self, resp: httpx2.Response) -> dict[str, Any]:
        """As Authlib reads it, and makes nothing of it.

        Authlib would raise for a lifetime that is no number, with the grant in its hands, and would remember
        the token here, whoever it was for.
        """
        try:
            said = resp.json()
        except ValueError:
            said = None
        if isinstance(said, dict) and "error" in said and not resp.is_server_error:
            raise OAuthError(said["error"])
        resp.raise_for_status()
        if not isinstance(said, dict):
            raise UnexpectedPayload("the token endpoint's answer is no JSON object")
        return said


class AuthorizationServer:
    """One per process: its TLS context is expensive, its transport is shared by all companies.

    Several client secrets, newest first, are those of a change: the one that was taken last is tried first.
    """

    def __init__(
        self,
        origin: str,
        client_id: str,
        client_secrets: Sequence[str],
        redirect_uri: str,
        points: Points = NO_POINTS,
        listen_seconds: float = LISTEN_SECONDS,
    ) -> None:
        self._listen_seconds = listen_seconds
        self._origin = origin
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._points = points
        # So that processes with other secrets can tell that a refusal was not about theirs.
        self.fingerprint = hashlib.sha256("\0".join((client_id, *client_secrets)).encode()).hexdigest()[:16]
        transport = BoundedTransport()
        self._clients = [
            _Client(
                client_id=client_id,
                client_secret=secret,
                token_endpoint_auth_method="client_secret_basic",  # noqa: S106 (a method's name)
                timeout=httpx2.Timeout(None, connect=CONNECT_SECONDS),  # the whole is timed, by Patience
                follow_redirects=False,
                trust_env=False,
                transport=transport,
            )
            for secret in client_secrets
        ]

    def authorize_url(self, state: str) -> str:
        """Scopes stand in Developer Hub; the URL can neither widen nor narrow them."""
        query = {"client_id": self._client_id, "redirect_uri": self._redirect_uri, "state": state}
        return f"{self._origin}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, code: str) -> Grant:
        """Raises PipedriveRefused for a used or old code, PipedriveError otherwise."""
        return await self._grant(
            "install.replied", grant_type="authorization_code", code=code, redirect_uri=self._redirect_uri
        )

    async def refresh(self, refresh_token: str) -> Grant:
        """Raises PipedriveRefused when the grant is gone, PipedriveError otherwise."""
        return await self._grant("renewal.replied", grant_type="refresh_token", refresh_token=refresh_token)

    async def revoke(self, refresh_token: str) -> None:
        """Uninstalls the app for whoever the token is of; an unknown one is fine. Raises PipedriveError."""
        await self._revoke(refresh_token, "refresh_token")

    async def revoke_access(self, access_token: str) -> None:
        """Ends this one token and nothing else."""
        await self._revoke(access_token, "access_token")

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _revoke(self, token: str, kind: str) -> None:
        async def asked(client: AsyncOAuth2Client) -> None:
            reply = await client.revoke_token(
                f"{self._origin}/oauth/revoke", token=token, token_type_hint=kind
            )
            if reply.status_code in (_BAD_REQUEST, _UNAUTHORIZED):
                raise OAuthError("invalid_client")
            reply.raise_for_status()

        await self._with_each_secret(asked)

    async def _grant(self, point: str, **parameters: str) -> Grant:
        async def asked(client: AsyncOAuth2Client) -> Mapping[str, Any]:
            return await client.fetch_token(f"{self._origin}/oauth/token", **parameters)  # type: ignore[no-any-return]

        reply = await self._with_each_secret(asked)
        await self._points.reach(point)
        return read_grant(reply)

    async def _with_each_secret(self, asked: Callable[[AsyncOAuth2Client], Awaitable[T]]) -> T:
        """Within one patience, which the lock of a renewal outlives.

        Raises ClientRefused when Pipedrive takes none of them: no grant has anything to do with that.
        """
        patience = Patience(self._listen_seconds)
        for client in list(self._clients):
            try:
                return await _answered(asked(client), patience)
            except ClientRefused:
                if client is self._clients[0]:
                    self._clients.append(self._clients.pop(0))
        raise ClientRefused("Pipedrive refuses the app's client id or secret")


async def _answered(asked: Awaitable[T], patience: Patience) -> T:
    try:
        return await patience.over(asked)
    except OAuthError as error:
        name = _error_name(error)
        if name == _GONE:
            raise PipedriveRefused(_BAD_REQUEST, name) from None
        if name in _CLIENT:
            raise ClientRefused("Pipedrive refuses a client secret") from None
        # Too often, or something new: nothing is known of the grant, so nothing ends with it.
        raise PipedriveUnavailable(f"the token endpoint refuses with {name}") from None
    except (httpx2.HTTPError, TimeoutError) as error:
        raise PipedriveUnavailable(
            f"the token endpoint gave no usable answer ({type(error).__name__})",
            was_sent=not isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout)),
        ) from None
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise UnexpectedPayload("the token endpoint's answer is no JSON object") from None


def read_grant(reply: Mapping[str, Any]) -> Grant:
    """A reply whose access token is usable is never thrown away: an odd lifetime only means to renew soon."""
    access_token, refresh_token = reply.get("access_token"), reply.get("refresh_token")
    if not _is_token(access_token):
        raise UnexpectedPayload("the token endpoint's answer has no usable access token")
    lifetime, domain, scope = reply.get("expires_in"), reply.get("api_domain"), reply.get("scope")
    ordinary = type(lifetime) is int and lifetime in _ORDINARY_LIFE_SECONDS
    sound = {
        "expires_in": ordinary,
        "refresh_token": _is_token(refresh_token),
        "api_domain": isinstance(domain, str) and domain != "",
    }
    return Grant(
        access_token=str(access_token),
        refresh_token=str(refresh_token) if _is_token(refresh_token) else "",
        lifetime_seconds=int(lifetime) if ordinary and lifetime is not None else _RENEW_SOON_SECONDS,
        api_domain=domain.rstrip("/") if isinstance(domain, str) else "",
        scopes=tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else (),
        odd=tuple(name for name, is_fine in sound.items() if not is_fine),
    )


def _is_token(value: object) -> bool:
    return (
        isinstance(value, str)
        and 0 < len(value) <= _MOST_TOKEN_BYTES
        and value.isascii()
        and value.isprintable()
    )


def _error_name(error: OAuthError) -> str:
    """The RFC's name of an error, also where a server put its sentence there ("Invalid grant: ...")."""
    name = str(error.error or "").partition(":")[0].strip().lower().replace(" ", "_")
    return name if re.fullmatch(r"[a-z_]{1,40}", name) else "an unknown error"
