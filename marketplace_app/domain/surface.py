"""The places in Pipedrive where an extension appears, and their limits.

https://pipedrive.readme.io/docs/custom-ui-extensions
"""

from dataclasses import dataclass
from enum import StrEnum


class SurfaceKind(StrEnum):
    CUSTOM_PANEL = "custom_panel"
    CUSTOM_MODAL = "custom_modal"
    FLOATING_WINDOW = "floating_window"
    SETTINGS_PAGE = "settings_page"
    JSON_PANEL = "json_panel"
    JSON_MODAL = "json_modal"
    LINK_ACTION = "link_action"


class View(StrEnum):
    DEAL = "deal"
    PERSON = "person"
    ORGANIZATION = "organization"


IFRAMES = frozenset(
    {
        SurfaceKind.CUSTOM_PANEL,
        SurfaceKind.CUSTOM_MODAL,
        SurfaceKind.FLOATING_WINDOW,
        SurfaceKind.SETTINGS_PAGE,
    }
)
PANELS = frozenset({SurfaceKind.CUSTOM_PANEL, SurfaceKind.JSON_PANEL})
DETAILS = tuple(f"{view}/details" for view in View)
MENUS = (*DETAILS, *(f"{view}/list" for view in View), "activity/list")
# Where each kind may stand; a modal that stands nowhere is opened through the SDK.
PLACES = {
    SurfaceKind.CUSTOM_PANEL: DETAILS,
    SurfaceKind.JSON_PANEL: DETAILS,
    SurfaceKind.CUSTOM_MODAL: MENUS,
    SurfaceKind.JSON_MODAL: MENUS,
    SurfaceKind.LINK_ACTION: MENUS,
    SurfaceKind.FLOATING_WINDOW: (),
    SurfaceKind.SETTINGS_PAGE: (),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """Heights and widths in CSS pixels; Pipedrive ignores a resize outside them.

    A `most` of 0 is the size of Pipedrive's own window. Widths of 0 are not for us to choose.
    """

    least: int
    most: int
    least_width: int = 0
    most_width: int = 0


BOUNDS = {
    SurfaceKind.CUSTOM_PANEL: Bounds(100, 750),
    SurfaceKind.CUSTOM_MODAL: Bounds(120, 0, 320, 0),
    SurfaceKind.FLOATING_WINDOW: Bounds(70, 700, 200, 800),
    SurfaceKind.SETTINGS_PAGE: Bounds(100, 4000),  # undocumented; it has the whole settings area
}


@dataclass(frozen=True, slots=True)
class Surface:
    """`views` are places such as `deal/details` or `activity/list`, in the manifest's order.

    `schema` is the text of the file that Developer Hub has of a JSON surface, empty for the others.
    """

    name: str
    kind: SurfaceKind
    title: str
    description: str
    views: tuple[str, ...]
    path: str
    jwt_secret: str
    schema: str = ""

    @property
    def view(self) -> View | None:
        """The kind of record that a panel stands beside; None for what stands in menus or alone."""
        if self.kind not in PANELS or not self.views:
            return None
        return View(self.views[0].partition("/")[0])

    @property
    def bounds(self) -> Bounds:
        return BOUNDS[self.kind]
