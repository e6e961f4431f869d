"""The plain form of a registration: what Developer Hub asks for, in full URLs, for an app in any language.

``{"name", "callback_url", "installation_url"?, "description"?, "client_id"?, "client_secret"?, "scopes",
"surfaces": [{"name", "kind", "url", "title"?, "description"?, "views"?, "jwt_secret"?, "entry_points"?,
"schema"?, "http_auth"?, "main_action"?, "object_actions"?, "field_actions"?}],
"messaging"?: the messaging manifest}``. It is turned into the form with a manifest, whose rules hold.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from pipedrive_emulator.apps import App, Apps
from pipedrive_emulator.registration import RegistrationRefused, read_app
from pipedrive_emulator.surfaces import QUERY

_TEXT, _LIST, _OBJECT = (str, "a text"), (list, "a list"), (dict, "an object")
_APP = {
    "name": _TEXT,
    "callback_url": _TEXT,
    "installation_url": _TEXT,
    "description": _TEXT,
    "client_id": _TEXT,
    "client_secret": _TEXT,
    "scopes": _LIST,
    "surfaces": _LIST,
    "messaging": _OBJECT,
}
_SURFACE = {
    "name": _TEXT,
    "kind": _TEXT,
    "url": _TEXT,
    "title": _TEXT,
    "description": _TEXT,
    "views": _LIST,
    "jwt_secret": _TEXT,
    "entry_points": _LIST,
    "schema": _OBJECT,
    "http_auth": _OBJECT,
    "main_action": _TEXT,
    "object_actions": _LIST,
    "field_actions": _OBJECT,
}
_KEPT = (
    "name",
    "kind",
    "description",
    "views",
    "entry_points",
    "schema",
    "http_auth",
    "main_action",
    "object_actions",
    "field_actions",
)


def read_registration(registration: Any, apps: Apps, folder: Path) -> App:
    """Either form, told apart by ``manifest``.

    Raises:
        RegistrationRefused: with a sentence that names the key.
    """
    if isinstance(registration, Mapping) and "manifest" not in registration:
        return _read_plain(registration, apps, folder)
    return read_app(registration, apps, folder)


def _read_plain(form: Mapping[str, Any], apps: Apps, folder: Path) -> App:
    _check(form, "The registration", _APP, required=("name", "callback_url"))
    surfaces = form.get("surfaces", [])
    for surface in surfaces:
        _check_surface(surface)
    app = read_app(_with_manifest(form, surfaces), apps, folder)
    urls = {surface["name"]: surface["url"] for surface in surfaces}
    return replace(
        app,
        callback_url=form["callback_url"],
        installation_url=form.get("installation_url"),
        surfaces=tuple(replace(surface, url=urls[surface.name]) for surface in app.surfaces),
    )


def _with_manifest(form: Mapping[str, Any], surfaces: list[Mapping[str, Any]]) -> dict[str, Any]:
    callback = _url("callback_url", form["callback_url"])
    if "installation_url" in form:
        _url("installation_url", form["installation_url"])
    manifest = {
        "format": "marketplace-app/1",
        "name": form["name"],
        "description": form.get("description", ""),
        "callback_path": callback.path,
        "scopes": [_scope(scope) for scope in form.get("scopes", [])],
        "surfaces": [_surface(surface) for surface in surfaces],
    } | ({"messaging": form["messaging"]} if "messaging" in form else {})
    credentials = {key: form[key] for key in ("client_id", "client_secret") if key in form}
    secrets = {one["name"]: one["jwt_secret"] for one in surfaces if "jwt_secret" in one}
    base_url = f"{callback.scheme}://{callback.netloc}"
    return {"manifest": manifest, "base_url": base_url, "surface_secrets": secrets, **credentials}


def _scope(scope: Any) -> dict[str, str]:
    """``"deals:read"``, or with the reason that consent shows: ``{"name", "reason"}``."""
    row = {"name": scope} if isinstance(scope, str) else scope
    if not isinstance(row, Mapping) or not isinstance(row.get("name"), str) or not row["name"]:
        raise RegistrationRefused('scopes is a list such as ["base", "deals:read"].')
    return {"name": row["name"], "reason": str(row.get("reason", ""))}


def _surface(surface: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key: surface[key] for key in _KEPT if key in surface}
    url = urlsplit(surface["url"])
    return kept | {"title": surface.get("title", surface["name"]), "path": url.path}


def _check_surface(surface: Any) -> None:
    if not isinstance(surface, Mapping):
        raise RegistrationRefused('surfaces is a list of objects with "name", "kind" and "url".')
    owner = f"The surface {surface.get('name', '')!r}"
    _check(surface, owner, _SURFACE, required=("name", "kind", "url"))
    if surface["kind"] not in QUERY:
        raise RegistrationRefused(f"{owner} has the kind {surface['kind']!r}. There are: {', '.join(QUERY)}.")
    _url(f"{owner}: url", surface["url"])


def _check(
    form: Mapping[str, Any],
    owner: str,
    keys: Mapping[str, tuple[type, str]],
    *,
    required: tuple[str, ...],
) -> None:
    for key in required:
        if not form.get(key):
            raise RegistrationRefused(f"{owner} lacks {key}.")
    for key, value in form.items():
        if key not in keys:
            raise RegistrationRefused(f"{owner} has the unknown key {key!r}. There are: {', '.join(keys)}.")
        kind, noun = keys[key]
        if not isinstance(value, kind):
            raise RegistrationRefused(f"{owner}: {key} is {noun}.")


def _url(key: str, url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.fragment:
        raise RegistrationRefused(f"{key} must be a URL such as http://127.0.0.1:3000/path, not {url!r}.")
    return parts
