"""Which extensions of which apps stand on this user's pages: those of the apps that this user installed."""

from typing import NamedTuple

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.surfaces import surface_id
from pipedrive_emulator.world import User

_IN_MENUS = ("custom_modal", "json_modal", "link_action")
_PANELS = ("custom_panel", "json_panel")


class Extension(NamedTuple):
    app: App
    surface: Surface

    @property
    def id(self) -> str:
        return surface_id(self.app, self.surface)

    @property
    def key(self) -> str:
        """For ids of elements."""
        return f"{self.app.client_id}-{self.surface.name}"


def extensions(emulator: Emulator, user: User, *kinds: str) -> list[Extension]:
    """Of these kinds, in the order of registration; link actions also of apps that are shared."""
    return [
        Extension(app, surface)
        for app in emulator.apps.all()
        for surface in app.surfaces
        if surface.kind in kinds
        if is_installed(emulator, user, app)
        or (surface.kind == "link_action" and is_only_shared(emulator, user, app))
    ]


def is_installed(emulator: Emulator, user: User, app: App) -> bool:
    return emulator.grants.is_installed(app.client_id, user.company_id, user.id)


def is_only_shared(emulator: Emulator, user: User, app: App) -> bool:
    """Shown by an admin to this user, who has not installed it.

    https://pipedrive.readme.io/docs/visibility-and-development-of-app-extensions
    """
    shares = emulator.installations.shares
    reached = shares.reaches(app.client_id, user.company_id, user.id)
    return reached and not is_installed(emulator, user, app)


def actions_for(emulator: Emulator, user: User, view: str) -> list[Extension]:
    """The entries of the three-dot menu of a view such as ``deal/details`` or ``activity/list``."""
    return [one for one in extensions(emulator, user, *_IN_MENUS) if view in one.surface.views]


def floating_windows(emulator: Emulator, user: User) -> list[Extension]:
    return extensions(emulator, user, "floating_window")


def settings_page(app: App) -> Surface | None:
    return next((surface for surface in app.surfaces if surface.kind == "settings_page"), None)


def names_of(app: App, surface: Surface) -> tuple[str, str, str]:
    """What OPEN_MODAL may call an extension: its id, its key in the manifest, its name in the menu."""
    return surface_id(app, surface), surface.name, surface.title


def may_load(emulator: Emulator, user: User, app: App, surface: Surface) -> bool:
    """Installed, or a panel while the switch shows panels to everyone."""
    shown = surface.kind in _PANELS and emulator.switches.get("panel_without_install") == "shown"
    return shown or is_installed(emulator, user, app)
