"""What the API says when it refuses: the several shapes of error envelope, in one place.

Shapes: https://pipedrive.readme.io/docs/core-api-concepts-responses and ...-http-status-codes.
"""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

_SEE_DOCS = "Please check developers.pipedrive.com"


class ApiError(Exception):
    """``body`` is the JSON envelope that goes with ``status``."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(body.get("error", ""))
        self.status = status
        self.body = {"success": False} | body
        self.headers = headers or {}


def unauthorized() -> ApiError:
    """The gateway's answer to bad credentials, on known and unknown paths alike."""
    return _gateway(401, "unauthorized access", {"x-401-by-gw": "true", "x-correlation-id": str(uuid4())})


def malformed_header() -> ApiError:
    return _gateway(400, "Invalid request: malformed authorization header")


def company_closed() -> ApiError:
    return _gateway(402, "Company account is not open")


def scope_mismatch() -> ApiError:
    return _gateway(403, "Scope and URL mismatch")


def over_burst() -> ApiError:
    """``x-ratelimit-reset`` says how long to wait."""
    return _gateway(429, "Request over limit")


def over_daily_budget(seconds: int) -> ApiError:
    """``seconds`` until the next day's budget."""
    return _gateway(429, "daily request budget exceeded", {"retry-after": str(seconds)})


def url_too_long() -> ApiError:
    return _gateway(414, "URI too long")


def body_too_large() -> ApiError:
    return _gateway(413, "Request entity too large")


def not_json() -> ApiError:
    return invalid([("body", "The request body must be JSON")])


def not_allowed() -> ApiError:
    return refused(403, "You do not have permissions to do this.")


def not_found(noun: str) -> ApiError:
    return refused(404, f"{noun} not found", code="ERR_NOT_FOUND")


def unknown_path() -> ApiError:
    return refused(404, "Unknown method .")


def gone() -> ApiError:
    return refused(410, "This endpoint has been removed. Use API v2.")


def wrong_method() -> ApiError:
    return refused(405, "Method not allowed")


def not_served(method: str, path: str) -> ApiError:
    return refused(501, f"The emulator knows {method} {path} but does not serve it yet.")


def invalid(messages: Sequence[tuple[str, str]]) -> ApiError:
    """API v2's refusal of a query or body: each key with its complaint, joined."""
    text = "; ".join(f"{key}: {complaint}" for key, complaint in messages)
    return refused(400, f"Validation failed: {text}", code="ERR_SCHEMA_VALIDATION_FAILED")


def refused(status: int, error: str, code: str | None = None) -> ApiError:
    body: dict[str, Any] = {"error": error, "error_info": _SEE_DOCS, "data": None, "additional_data": None}
    return ApiError(status, body | ({"code": code} if code else {}))


def _gateway(status: int, error: str, headers: dict[str, str] | None = None) -> ApiError:
    return ApiError(status, {"error": error, "errorCode": status, "error_info": _SEE_DOCS}, headers)
