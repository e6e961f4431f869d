"""The looks of codes and tokens, https://developers.pipedrive.com/docs/api/v1/Oauth.

Only their looks: apps must treat each as an opaque text.
"""

import base64
import secrets

_ENVELOPE_HEADER = bytes((1, 2, 1, 0, 0x78))


def access_token() -> str:
    """``v1u:`` and two base64 parts, 517 characters, always with ``+``, ``/`` and ``=`` among them."""
    while True:
        parts = (_ENVELOPE_HEADER + secrets.token_bytes(179), secrets.token_bytes(196))
        token = "v1u:" + ":".join(base64.b64encode(part).decode("ascii") for part in parts)
        if "+" in token and "/" in token:
            return token


def refresh_token(company_id: int, user_id: int) -> str:
    return f"{company_id}:{user_id}:{secrets.token_hex(20)}"


def authorization_code(company_id: int, user_id: int) -> str:
    return f"{company_id}.{user_id}.{secrets.token_hex(21)}"
