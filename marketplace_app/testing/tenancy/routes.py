"""Every route of an app, from its manifest and its extensions."""

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import IFRAMES, Surface, SurfaceKind
from marketplace_app.kit import Extension


class Door(StrEnum):
    """What kind of route it is, and so how it refuses."""

    PAGE = "page"
    SECTION = "section"
    ACTION = "action"
    JSON_PANEL = "JSON panel"
    JSON_MODAL = "JSON modal"
    JSON_CHANGE = "JSON modal, changed"
    JSON_SUBMIT = "JSON modal, sent"
    LINK = "link"


_BEARER = frozenset({Door.SECTION, Door.ACTION})
WRITING = frozenset({Door.ACTION, Door.JSON_SUBMIT})
_JSON_MODAL = frozenset({Door.JSON_MODAL, Door.JSON_CHANGE, Door.JSON_SUBMIT})
_OK, _UNAUTHORIZED, _FORBIDDEN = 200, 401, 403


@dataclass(frozen=True, slots=True)
class Route:
    """`action` is its name in the path, or of a changed JSON modal the block's; `form` what it reads."""

    surface: Surface
    door: Door
    action: str = ""
    form: type[Any] | None = None

    @property
    def method(self) -> str:
        return "POST" if self.door in WRITING else "GET"

    @property
    def path(self) -> str:
        if self.door is Door.SECTION:
            return f"{self.surface.path}/sections/{self.action}"
        return f"{self.surface.path}/actions/{self.action}" if self.door is Door.ACTION else self.surface.path

    @property
    def takes_bearer(self) -> bool:
        """Else its token stands in the query."""
        return self.door in _BEARER

    @property
    def status_without_installation(self) -> int:
        """A page says how to connect; Pipedrive itself says it instead of a JSON modal that answers 401."""
        if self.door is Door.PAGE:
            return _OK
        return _UNAUTHORIZED if self.door in _JSON_MODAL else _FORBIDDEN

    def __str__(self) -> str:
        changed = f" ({self.action} changed)" if self.door is Door.JSON_CHANGE else ""
        return f"{self.method} {self.path}{changed}"


def load_extensions(name: str) -> Sequence[Extension]:
    """`module:NAME`. Raises LookupError."""
    module, _, attribute = name.partition(":")
    try:
        return tuple(getattr(importlib.import_module(module), attribute))
    except (ImportError, AttributeError, ValueError, TypeError) as error:
        raise LookupError(f"{name} cannot be loaded ({error}); write module:NAME") from error


def routes_of(manifest: Manifest, extensions: Sequence[Extension]) -> list[Route]:
    by_name = {extension.name: extension for extension in extensions}
    return [
        route
        for surface in manifest.surfaces
        if surface.name in by_name
        for route in _routes(surface, by_name[surface.name])
    ]


def _routes(surface: Surface, extension: Extension) -> Iterator[Route]:
    if surface.kind in IFRAMES:
        yield Route(surface, Door.PAGE)
        yield from (Route(surface, Door.SECTION, section) for section in ("all", "consent"))
        yield from (Route(surface, Door.ACTION, each.name, each.form) for each in extension.actions.values())
    elif surface.kind is SurfaceKind.LINK_ACTION:
        yield Route(surface, Door.LINK)
    elif surface.kind is SurfaceKind.JSON_PANEL:
        yield Route(surface, Door.JSON_PANEL)
    else:
        shape = getattr(extension.shown, "shape", None)
        form = getattr(shape, "form", None)
        asking = [
            each.key for each in getattr(shape, "fields", ()) if getattr(each.row, "fetch_on_change", False)
        ]
        yield Route(surface, Door.JSON_MODAL)
        yield from (Route(surface, Door.JSON_CHANGE, key, form) for key in asking)
        yield Route(surface, Door.JSON_SUBMIT, form=form)
