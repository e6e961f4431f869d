"""What Pipedrive's page tells an app extension: a signed token, and a query that is not signed.

Pages: https://pipedrive.readme.io/docs/custom-ui-extensions and the README of the app extensions SDK.
"""

from urllib.parse import urlencode, urlsplit, urlunsplit

from pipedrive_emulator.apps import Surface
from pipedrive_emulator.signing import sign
from pipedrive_emulator.world.company import User

TOKEN_SECONDS = 300


def surface_token(surface: Surface, user: User, now: float) -> str:
    """HS256 with the extension's secret; claims are numbers, life is five minutes."""
    issued_at = int(now)
    claims = {"userId": user.id, "companyId": user.company_id}
    return sign(claims | {"iat": issued_at, "exp": issued_at + TOKEN_SECONDS}, surface.secret)


def surface_url(
    surface: Surface, user: User, token: str, *, record_id: int | None, theme: str, runtime_id: str
) -> str:
    """The iframe's address; parameters of the registered URL itself are kept."""
    record = {"resource": surface.resource, "view": "details", "selectedIds": record_id}
    query = record if record_id is not None else {}
    query |= {"userId": user.id, "companyId": user.company_id}
    query |= {"id": runtime_id, "theme": theme, "token": token}
    parts = urlsplit(surface.url)
    return urlunsplit(parts._replace(query="&".join(filter(None, [parts.query, urlencode(query)]))))
