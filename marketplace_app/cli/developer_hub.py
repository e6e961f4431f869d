"""The forms of Pipedrive's Developer Hub, filled in from manifest.json.

Nothing can be uploaded there: a person types it in. https://pipedrive.readme.io/docs/marketplace-registering-the-app
"""

from collections.abc import Iterator

from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import Surface, SurfaceKind

LONGEST_NAME = 30
LONGEST_DESCRIPTION = 150
FORMS = {
    SurfaceKind.CUSTOM_PANEL: "Custom panel",
    SurfaceKind.CUSTOM_MODAL: "Custom modal",
    SurfaceKind.FLOATING_WINDOW: "Custom floating window",
    SurfaceKind.SETTINGS_PAGE: "App settings page (Custom UI)",
    SurfaceKind.JSON_PANEL: "JSON panel",
    SurfaceKind.JSON_MODAL: "JSON modal",
    SurfaceKind.LINK_ACTION: "Link action",
}
_ADDRESS = {
    SurfaceKind.JSON_PANEL: "API endpoint",
    SurfaceKind.JSON_MODAL: "API endpoint URL",
    SurfaceKind.LINK_ACTION: "URL",
}
_SCHEMAS = {
    SurfaceKind.JSON_PANEL: "JSON data structure",
    SurfaceKind.JSON_MODAL: "JSON schema",
}
_RECORDS = {"deal": "Deal", "person": "People", "organization": "Organization", "activity": "Activities"}


def form(manifest: Manifest, app_base_url: str) -> Iterator[str]:
    """Lines of text, one field each, in the order in which Developer Hub asks."""
    yield "General info"
    yield _field("App name", manifest.name)
    yield _field("Callback URL", app_base_url + manifest.callback_path)
    yield _field("Installation URL", f"{app_base_url}{manifest.install_path} (may stay empty)")
    yield ""
    yield "OAuth & access scopes: tick"
    for scope in manifest.scopes:
        yield f"  [x] {scope.name:<18} {scope.reason}"
    for surface in manifest.surfaces:
        yield ""
        yield f"App extensions: {FORMS.get(surface.kind, surface.kind.value)}"
        yield from _surface_fields(surface, app_base_url)
    if manifest.messaging:
        yield ""
        yield "App extensions: Messaging"
        yield _field("Manifest", "the file that check --messaging prints")


def _surface_fields(surface: Surface, app_base_url: str) -> Iterator[str]:
    yield _field("Name", surface.title)
    yield _field("Description", surface.description)
    yield _field(_ADDRESS.get(surface.kind, "Iframe URL"), app_base_url + surface.path)
    yield _field("JWT secret", f"the one called {surface.jwt_secret} in SURFACE_JWT_SECRETS")
    if surface.kind in _SCHEMAS:
        yield _field(_SCHEMAS[surface.kind], f"{surface.name}.json, which check --schemas DIR writes")
    if surface.views:
        yield _field("Location", ", ".join(map(_location, surface.views)))


def _location(view: str) -> str:
    record, _, place = view.partition("/")
    return f"{_RECORDS[record]} {place}"


def _field(name: str, value: str) -> str:
    return f"  {name + ':':<22} {value}"


def refusals(manifest: Manifest) -> Iterator[str]:
    """What Developer Hub would not take, one sentence each."""
    for surface in manifest.surfaces:
        yield from _too_long(f"surface {surface.name}: title", surface.title, LONGEST_NAME)
        yield from _too_long(f"surface {surface.name}: description", surface.description, LONGEST_DESCRIPTION)


def _too_long(what: str, text: str, most: int) -> Iterator[str]:
    if len(text) > most:
        yield f"manifest.json: {what} has {len(text)} characters; Pipedrive takes {most} at most"
