"""The places in Pipedrive where an extension appears, and their limits.

https://pipedrive.readme.io/docs/custom-ui-extensions
"""

from dataclasses import dataclass
from enum import StrEnum


class SurfaceKind(StrEnum):
    CUSTOM_PANEL = "custom_panel"


class View(StrEnum):
    DEAL = "deal"
    PERSON = "person"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Heights in CSS pixels; Pipedrive ignores a resize outside them."""

    least: int
    most: int


HEIGHT_BOUNDS = {SurfaceKind.CUSTOM_PANEL: Bounds(100, 750)}


@dataclass(frozen=True, slots=True)
class Surface:
    name: str
    kind: SurfaceKind
    title: str
    description: str
    view: View
    path: str
    jwt_secret: str

    @property
    def bounds(self) -> Bounds:
        return HEIGHT_BOUNDS[self.kind]
