"""What may stand in the body of POST /webhooks; every complaint is a text in ``errors``, by key."""

from collections.abc import Callable, Iterator, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pipedrive_emulator.webhooks.vocabulary import V1, V2, is_action, is_object

_LONGEST_NAME = 255
_BAD_URL = "invalid or non-reachable URL"

Errors = dict[str, list[str]]


def complaints(body: Mapping[str, Any], policy: str, own_origin: str) -> Errors:
    """``policy`` is the position of webhook_url_policy; no hook may point at this Pipedrive itself."""
    errors: Errors = {}
    for key, complaint in _all(body, policy, own_origin):
        errors.setdefault(key, []).append(complaint)
    return errors


def version_of(body: Mapping[str, Any]) -> str:
    """v2 is the default since March 2025; null counts as not sent."""
    return str(body.get("version") or V2)


def _all(body: Mapping[str, Any], policy: str, own_origin: str) -> Iterator[tuple[str, str]]:
    version = version_of(body)
    if version not in (V1, V2):
        yield "version", "must be 1.0 or 2.0"
        version = V2
    words: Mapping[str, Callable[[str, object], bool]] = {
        "event_action": is_action,
        "event_object": is_object,
    }
    for key, is_word in words.items():
        if not isinstance(body.get(key), str):
            yield key, "is required"
        elif not is_word(version, body[key]):
            yield key, f"is not supported in version {version}"
    yield from _text_complaints(body)
    if not _is_allowed(body.get("subscription_url"), policy, own_origin):
        yield "subscription_url", _BAD_URL


def _text_complaints(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    name = body.get("name")
    if not isinstance(name, str) or not name.strip():
        yield "name", "is required"
    elif len(name) > _LONGEST_NAME:
        yield "name", f"cannot be longer than {_LONGEST_NAME} characters"
    for key in ("http_auth_user", "http_auth_password"):
        if not isinstance(body.get(key, ""), str | None):
            yield key, "must be a string"
    if ":" in str(body.get("http_auth_user") or ""):
        yield "http_auth_user", "cannot contain a colon"


def _is_allowed(url: Any, policy: str, own_origin: str) -> bool:
    try:
        parts = urlsplit(url) if isinstance(url, str) else SplitResult("", "", "", "", "")
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    is_written_well = bool(host) and parts.username is None and not any(map(str.isspace, url))
    if not is_written_well or parts.scheme not in ("http", "https") or _is_pipedrive(parts, own_origin):
        return False
    if policy == "any_http":
        return True
    loopback = _is_loopback(str(host))
    return (
        (parts.scheme == "https" or loopback)
        if policy == "loopback_ok"
        else (parts.scheme == "https" and not loopback)
    )


def _is_pipedrive(parts: SplitResult, own_origin: str) -> bool:
    host, own = str(parts.hostname), urlsplit(own_origin)
    is_own = parts.port == own.port and (host == own.hostname or _is_loopback(host))
    return is_own or host == "pipedrive.com" or host.endswith(".pipedrive.com")


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
