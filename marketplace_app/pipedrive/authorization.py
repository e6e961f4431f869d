"""AuthorizationServer: Pipedrive's token endpoint, through Authlib.

https://pipedrive.readme.io/docs/marketplace-oauth-authorization
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from marketplace_app.errors import PipedriveRefused, PipedriveUnavailable, UnexpectedPayload

DEADLINE_SECONDS = 10.0
CONNECT_SECONDS = 3.0
_MOST_TOKEN_BYTES = 8192
_ORDINARY_LIFE_SECONDS = range(60, 86_401)
_RENEW_SOON_SECONDS = 60
_BAD_REQUEST = 400
_GONE = "invalid_grant"


@dataclass(frozen=True, slots=True)
class Grant:
    """A token reply that can be used. `refresh_token` is empty when the reply had none."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    lifetime_seconds: int
    api_domain: str
    scopes: tuple[str, ...]


class AuthorizationServer:
    """One per process: its TLS context is expensive, its transport is shared by all companies."""

    def __init__(self, origin: str, client_id: str, client_secret: str, redirect_uri: str) -> None:
        self._origin = origin
        self._client_id = client_id
        self._redirect_uri = redirect_uri
        self._client = AsyncOAuth2Client(
            client_id=client_id,
            client_secret=client_secret,
            token_endpoint_auth_method="client_secret_basic",  # noqa: S106 (a method's name)
            timeout=httpx2.Timeout(DEADLINE_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
        )

    def authorize_url(self, state: str) -> str:
        """Scopes stand in Developer Hub; the URL can neither widen nor narrow them."""
        query = {"client_id": self._client_id, "redirect_uri": self._redirect_uri, "state": state}
        return f"{self._origin}/oauth/authorize?{urlencode(query)}"

    async def exchange(self, code: str) -> Grant:
        """Raises PipedriveRefused for a used or old code, PipedriveError otherwise."""
        return await self._grant(grant_type="authorization_code", code=code, redirect_uri=self._redirect_uri)

    async def refresh(self, refresh_token: str) -> Grant:
        """Raises PipedriveRefused when the grant is gone, PipedriveError otherwise."""
        return await self._grant(grant_type="refresh_token", refresh_token=refresh_token)

    async def close(self) -> None:
        await self._client.aclose()

    async def _grant(self, **parameters: str) -> Grant:
        try:
            # httpx2's own limits are for each read; a reply that drips must end as a whole.
            async with asyncio.timeout(DEADLINE_SECONDS):
                reply = await self._client.fetch_token(f"{self._origin}/oauth/token", **parameters)
        except OAuthError as error:
            name = _error_name(error)
            if name == _GONE:
                raise PipedriveRefused(_BAD_REQUEST, name) from None
            # Refused as a client, or too often: nothing is known of the grant, so nothing ends with it.
            raise PipedriveUnavailable(f"the token endpoint refuses with {name}") from None
        except (httpx2.HTTPError, TimeoutError) as error:
            raise PipedriveUnavailable(
                f"the token endpoint gave no usable answer ({type(error).__name__})",
                was_sent=not isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout)),
            ) from None
        except (ValueError, TypeError, AttributeError):
            raise UnexpectedPayload("the token endpoint's answer is no JSON object") from None
        finally:
            self._client.token = None  # Authlib remembers the last one, whoever it was for
        return read_grant(reply)


def read_grant(reply: Mapping[str, Any]) -> Grant:
    """A reply whose access token is usable is never thrown away: an odd lifetime only means to renew soon."""
    access_token, refresh_token = reply.get("access_token"), reply.get("refresh_token")
    if not _is_token(access_token):
        raise UnexpectedPayload("the token endpoint's answer has no usable access token")
    lifetime, domain, scope = reply.get("expires_in"), reply.get("api_domain"), reply.get("scope")
    ordinary = type(lifetime) is int and lifetime in _ORDINARY_LIFE_SECONDS
    return Grant(
        access_token=str(access_token),
        refresh_token=str(refresh_token) if _is_token(refresh_token) else "",
        lifetime_seconds=int(lifetime) if ordinary and lifetime is not None else _RENEW_SOON_SECONDS,
        api_domain=domain.rstrip("/") if isinstance(domain, str) else "",
        scopes=tuple(scope.replace(",", " ").split()) if isinstance(scope, str) else (),
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
