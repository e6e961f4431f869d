"""manifest.json: our own description of the app. Pipedrive reads no such file (docs/adr/0007).

The app mounts its routes from it, the emulator registers the app from it, `marketplace-app check`
prints the Developer Hub form from it, and tests compare it with the extensions.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace_app.domain.channel import Endpoint
from marketplace_app.domain.surface import PLACES, Surface, SurfaceKind
from marketplace_app.errors import ConfigurationError

FORMAT = "marketplace-app/1"


@dataclass(frozen=True, slots=True)
class ScopeReason:
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Manifest:
    name: str
    version: str
    description: str
    install_path: str
    callback_path: str
    scopes: tuple[ScopeReason, ...]
    surfaces: tuple[Surface, ...]
    messaging: tuple[Endpoint, ...] = ()

    @classmethod
    def load(cls, path: Path) -> "Manifest":
        """Raises ConfigurationError, with the file's name, when it cannot be read as a manifest."""
        try:
            return _manifest(json.loads(path.read_text()), path.parent)
        except OSError as error:
            raise ConfigurationError([f"{path.name}: cannot be read ({error.strerror})"]) from error
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError([f"{path.name}: {_explain(error)}"]) from error

    def surface(self, name: str) -> Surface | None:
        return next((surface for surface in self.surfaces if surface.name == name), None)


def _explain(error: Exception) -> str:
    return (
        f"the key {error} is missing"
        if isinstance(error, KeyError)
        else f"is not as docs/manifest.md says: {error}"
    )


def _manifest(found: dict[str, Any], folder: Path) -> Manifest:
    if found["format"] != FORMAT:
        raise ValueError(f"format must be {FORMAT}")
    surfaces = tuple(_surface(entry, folder) for entry in found["surfaces"])
    _refuse_repeats([surface.name for surface in surfaces], "surface")
    return Manifest(
        name=found["name"],
        version=found["version"],
        description=found["description"],
        install_path=found["install_path"],
        callback_path=found["callback_path"],
        scopes=tuple(ScopeReason(entry["name"], entry["reason"]) for entry in found["scopes"]),
        surfaces=surfaces,
        messaging=tuple(Endpoint(each) for each in found.get("messaging", ())),
    )


def _surface(entry: dict[str, Any], folder: Path) -> Surface:
    kind = SurfaceKind(entry["kind"])
    views = _views(entry)
    for view in views:
        if view not in PLACES[kind]:
            may = ", ".join(PLACES[kind]) or "no view"
            raise ValueError(f"surface {entry['name']}: a {kind} stands in {may}, not in {view}")
    return Surface(
        name=entry["name"],
        kind=kind,
        title=entry["title"],
        description=entry["description"],
        views=views,
        path=entry["path"],
        jwt_secret=entry["jwt_secret"],
        schema=_schema(entry, folder),
    )


def _schema(entry: dict[str, Any], folder: Path) -> str:
    """It stands in the entry, or in a file that the entry names; the path counts from the manifest."""
    given = entry.get("schema")
    if not isinstance(given, str):
        return "" if given is None else json.dumps(given)
    try:
        return (folder / given).read_text()
    except OSError as error:
        advice = "`marketplace-app check --schemas DIR` writes it"
        raise ValueError(
            f"surface {entry['name']}: the schema {given} cannot be read ({error.strerror}); {advice}"
        ) from error


def _views(entry: dict[str, Any]) -> tuple[str, ...]:
    """`"view": "deal"` is short for the detail view of deals."""
    if "view" in entry:
        return (f"{entry['view']}/details",)
    return tuple(entry.get("views", ()))


def _refuse_repeats(names: Sequence[str], noun: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{noun} {name} is listed twice")
