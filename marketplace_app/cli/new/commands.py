from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from marketplace_app.cli.local.app_folder import AppFolder, NoApp
from marketplace_app.cli.local.progress import complain, say
from marketplace_app.cli.new.actions import write_action
from marketplace_app.cli.new.apps import write_app
from marketplace_app.cli.new.refused import Refused
from marketplace_app.cli.new.surfaces import write_surface
from marketplace_app.domain.surface import PANELS, SurfaceKind

Name = Annotated[str, typer.Argument(help="Lower case with dashes, such as deal-health.")]
Views = Annotated[list[str] | None, typer.Option("--view", help="Where it stands; may be given again.")]
Title = Annotated[str, typer.Option(help="What Pipedrive shows; the name as a sentence by default.")]
App = Annotated[Path, typer.Option("--app", help="The folder of the app.")]
HERE = Path()


@dataclass(frozen=True, slots=True)
class NewSurface:
    kind: SurfaceKind
    help: str

    @property
    def command(self) -> str:
        return self.kind.value.removeprefix("custom_").removesuffix("_page").replace("_", "-")


SURFACES = (
    NewSurface(SurfaceKind.CUSTOM_PANEL, "A panel beside a deal, a person or an organization."),
    NewSurface(
        SurfaceKind.CUSTOM_MODAL, "A modal of the app's own, from menus or opened by another surface."
    ),
    NewSurface(SurfaceKind.FLOATING_WINDOW, "The floating window; an app has one."),
    NewSurface(SurfaceKind.SETTINGS_PAGE, "The page of settings; an app has one."),
    NewSurface(SurfaceKind.JSON_PANEL, "A panel that Pipedrive draws."),
    NewSurface(SurfaceKind.JSON_MODAL, "A form that Pipedrive draws."),
    NewSurface(SurfaceKind.LINK_ACTION, "A menu entry that leads the browser elsewhere."),
)


def command_of(surface: NewSurface) -> Callable[..., None]:
    """Panels stand beside deals unless told otherwise; other entries stand in the menus that are named."""

    def placed(name: Name, view: Views = None, title: Title = "", app: App = HERE) -> None:
        default = ["deal"] if surface.kind in PANELS or surface.kind is SurfaceKind.LINK_ACTION else []
        _told(lambda: write_surface(AppFolder.at(app), surface.kind, name, view or default, title))

    def alone(name: Name, title: Title = "", app: App = HERE) -> None:
        _told(lambda: write_surface(AppFolder.at(app), surface.kind, name, [], title))

    stands_alone = surface.kind in (SurfaceKind.FLOATING_WINDOW, SurfaceKind.SETTINGS_PAGE)
    return alone if stands_alone else placed


def action(
    name: Name,
    surface: Annotated[str, typer.Option("--in", help="The surface whose button it is.")],
    app: App = HERE,
) -> None:
    """A button of a surface, and what it does."""
    _told(lambda: write_action(AppFolder.at(app), name, surface))


def app(
    folder: Annotated[Path, typer.Argument(help="Where it is made; its name becomes the app's.")],
    empty: Annotated[bool, typer.Option("--empty", help="Without a first panel.")] = False,
) -> None:
    """An app of your own, which `make demo ARGS="--app FOLDER"` runs."""
    _told(lambda: write_app(folder, is_empty=empty))


def _told(write: Callable[[], list[str]]) -> None:
    try:
        lines = write()
    except (Refused, NoApp) as problem:
        complain(problem)
        raise typer.Exit(1) from None
    for line in lines:
        say(line)
