"""Client authentication at the token endpoints: a Basic header, or client_id and client_secret fields."""

import base64
import hmac
from collections.abc import Mapping

from pipedrive_emulator.apps import App, Apps
from pipedrive_emulator.oauth.errors import TokenRefused

Pair = tuple[str, str]


class ClientRefused(TokenRefused):
    """``was_basic``: the credentials came in the header, so that 401 may be the answer."""

    def __init__(self, message: str, *, was_basic: bool) -> None:
        super().__init__("invalid_client", message)
        self.was_basic = was_basic


def authenticate(apps: Apps, authorization: str | None, form: Mapping[str, str]) -> App:
    """The app whose credentials these are; during a rotation each of its secrets counts.

    Raises:
        ClientRefused: absent or wrong.
    """
    basic = _from_header(authorization)
    client_id, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    if not client_id or not secret:
        raise ClientRefused("Invalid client: cannot retrieve client credentials", was_basic=False)
    app = apps.by_client_id(client_id)
    if app is None or not any(_same(secret, known) for known in app.client_secrets):
        raise ClientRefused("Invalid client: client is invalid", was_basic=basic is not None)
    return app


def _from_header(authorization: str | None) -> Pair | None:
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except ValueError:
        return None
    return client_id, secret


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())
