"""From a registration (--app FILE, POST /_emulator/apps) and its manifest to an App.

A registration is ``{"manifest": path or object, "base_url", "client_id"?, "client_secret"?,
"surface_secrets"?, "use_installation_url"?}``. The manifest is the app's own description of itself in the
format ``marketplace-app/1``; Pipedrive has no such file and takes the same facts from forms.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipedrive_emulator.apps import App, Apps, Scope, Surface, new_client_id, new_client_secret
from pipedrive_emulator.messaging import manifest as messaging
from pipedrive_emulator.registration_limits import problems

_FORMAT = "marketplace-app/1"


class RegistrationRefused(ValueError):
    """The app cannot be registered; the text says what to change."""


def read_app(registration: Any, apps: Apps, folder: Path) -> App:
    """Build the App; ids and secrets not given are kept from an earlier registration, else drawn.

    Raises:
        RegistrationRefused: with a sentence that names the key.
    """
    if not isinstance(registration, Mapping):
        raise RegistrationRefused("An app registration is a JSON object with manifest and base_url.")
    manifest = with_schemas(_manifest(registration, folder), _home(registration, folder))
    try:
        app = _app(registration, manifest, apps)
    except (KeyError, TypeError, AttributeError) as error:
        raise RegistrationRefused(f"The manifest or registration lacks or misspells {error}.") from error
    except ValueError as error:  # of messaging
        raise RegistrationRefused(str(error)) from error
    check_limits(app)
    return app


def check_limits(app: App) -> None:
    """Raises RegistrationRefused with the first thing that Developer Hub would not save."""
    problem = next(problems(app), None)
    if problem:
        raise RegistrationRefused(problem)


def _app(registration: Mapping[str, Any], manifest: Mapping[str, Any], apps: Apps) -> App:
    base_url = _base_url(registration)
    name = str(manifest["name"])
    client_id, client_secrets = _credentials(registration, apps.by_name(name))
    installation_url = (
        base_url + manifest["install_path"] if registration.get("use_installation_url") else None
    )
    return App(
        name=name,
        description=str(manifest.get("description", "")),
        client_id=client_id,
        client_secrets=client_secrets,
        base_url=base_url,
        callback_url=base_url + manifest["callback_path"],
        installation_url=installation_url,
        scopes=tuple(Scope(scope["name"], scope["reason"]) for scope in manifest["scopes"]),
        surfaces=tuple(
            _surface(surface, base_url, _surface_secret(surface, registration, client_secrets[0]))
            for surface in manifest.get("surfaces", [])
        ),
        messaging=messaging.read(manifest["messaging"], base_url) if manifest.get("messaging") else None,
    )


def _surface(surface: Mapping[str, Any], base_url: str, secret: str) -> Surface:
    return Surface(
        name=surface["name"],
        kind=surface["kind"],
        title=surface["title"],
        description=surface.get("description", ""),
        views=_views(surface),
        url=base_url + surface["path"],
        secret=secret,
        entry_points=tuple(surface.get("entry_points", ["top_bar"])),
        schema=surface.get("schema"),
        basic=_basic(surface),
        main_action=surface.get("main_action"),
        object_actions=tuple(surface.get("object_actions", ())),
        field_actions=surface.get("field_actions"),
    )


def with_schemas(manifest: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """A surface may name its schema file instead of holding it; the path counts from the manifest."""
    surfaces = [
        {**surface, "schema": read_json(folder / surface["schema"])}
        if isinstance(surface, Mapping) and isinstance(surface.get("schema"), str)
        else surface
        for surface in manifest.get("surfaces") or ()
    ]
    return {**manifest, "surfaces": surfaces}


def _home(registration: Mapping[str, Any], folder: Path) -> Path:
    manifest = registration.get("manifest")
    return (folder / manifest).parent if isinstance(manifest, str) else folder


def _views(surface: Mapping[str, Any]) -> tuple[str, ...]:
    """``"view": "deal"`` is short for the detail view of deals."""
    if "views" in surface:
        return tuple(surface["views"])
    return (f"{surface['view']}/details",) if surface.get("view") else ()


def _basic(surface: Mapping[str, Any]) -> tuple[str, str] | None:
    auth = surface.get("http_auth")
    return (str(auth["user"]), str(auth["password"])) if auth else None


def _surface_secret(surface: Mapping[str, Any], registration: Mapping[str, Any], client_secret: str) -> str:
    """The extension's own JWT secret if one was given, else the client secret, as in Developer Hub."""
    given = registration.get("surface_secrets") or {}
    for key in (surface.get("jwt_secret"), surface["name"]):
        if key in given:
            return str(given[key])
    return client_secret


def _credentials(registration: Mapping[str, Any], earlier: App | None) -> tuple[str, tuple[str, ...]]:
    client_id = registration.get("client_id") or (earlier.client_id if earlier else new_client_id())
    given = registration.get("client_secret")
    if given:
        return client_id, tuple(secret.strip() for secret in given.split(",") if secret.strip())
    return client_id, earlier.client_secrets if earlier else (new_client_secret(),)


def _base_url(registration: Mapping[str, Any]) -> str:
    url = str(registration.get("base_url", "")).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path:
        raise RegistrationRefused(f"base_url must be an origin such as http://127.0.0.1:8000, not {url!r}.")
    return url


def _manifest(registration: Mapping[str, Any], folder: Path) -> Mapping[str, Any]:
    manifest = registration.get("manifest")
    if isinstance(manifest, str):
        manifest = read_json(folder / manifest)
    if not isinstance(manifest, Mapping) or manifest.get("format") != _FORMAT:
        raise RegistrationRefused(
            f'The manifest must be an object with "format": "{_FORMAT}", or a path to one.'
        )
    return manifest


def read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RegistrationRefused(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise RegistrationRefused(f"{path} is no JSON: {error}.") from error
