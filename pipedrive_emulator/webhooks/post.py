"""One HTTP request to a receiver of webhooks."""

from typing import Any

import aiohttp

from pipedrive_emulator.world.records import Record

_LAST_SUCCESS = 299
_SHORTEST = 0.001  # seconds; the library takes 0 for no limit at all


async def post(row: Record, body: dict[str, Any], seconds: float) -> int | None:
    """The status; None when nobody answered in time. A redirect is an answer like any other."""
    limit = aiohttp.ClientTimeout(total=max(seconds, _SHORTEST))
    user, password = row["http_auth_user"], row["http_auth_password"]
    has_login = user is not None or password is not None
    auth = aiohttp.BasicAuth(user or "", password or "", encoding="utf-8") if has_login else None
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as http,
            http.post(row["subscription_url"], json=body, auth=auth, allow_redirects=False) as response,
        ):
            return response.status
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None


def is_success(status: int | None) -> bool:
    return status is not None and 200 <= status <= _LAST_SUCCESS  # noqa: PLR2004 - the first success code
