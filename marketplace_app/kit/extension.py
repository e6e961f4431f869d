"""Extension: a surface with its handlers, declared together.

    extension = Extension("deal-health", title="Deal health")

    @extension.panel("deal", template="extensions/deal_health.html")
    async def show(context: PanelContext) -> DealHealth: ...

    @extension.action("add-follow-up")
    async def add_follow_up(context: ActionContext, form: FollowUp) -> Replies: ...

Handlers are registered on this value and nowhere else; `create_app` takes a tuple of extensions.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from marketplace_app.domain.surface import SurfaceKind, View
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.context import (
    ActionContext,
    FloatingContext,
    LinkContext,
    ModalContext,
    PanelContext,
    SettingsContext,
)
from marketplace_app.kit.forms import form_of, parse_form
from marketplace_app.kit.job_declaring import DeclaresJobs, Job
from marketplace_app.kit.json_declaring import DeclaresJson
from marketplace_app.kit.links import Leave
from marketplace_app.kit.replies import Replies
from marketplace_app.kit.shown import Shown, named_view

PanelFunction = TypeVar("PanelFunction", bound=Callable[[PanelContext], Awaitable[Any]])
ModalFunction = TypeVar("ModalFunction", bound=Callable[[ModalContext], Awaitable[Any]])
FloatingFunction = TypeVar("FloatingFunction", bound=Callable[[FloatingContext], Awaitable[Any]])
SettingsFunction = TypeVar("SettingsFunction", bound=Callable[[SettingsContext], Awaitable[Any]])
LinkFunction = TypeVar("LinkFunction", bound=Callable[[LinkContext], Awaitable[Leave]])
ActionFunction = TypeVar("ActionFunction", bound=Callable[..., Awaitable[Replies]])


@dataclass(frozen=True, slots=True)
class Screen:
    """A page in an iframe. `width`, CSS pixels, is what a modal or a floating window opens with."""

    kind: SurfaceKind
    template: str
    handler: Callable[[Any], Awaitable[Any]]
    context: type[Any]
    view: View | None = None
    width: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A menu entry that leads the browser somewhere."""

    handler: Callable[[LinkContext], Awaitable[Leave]]
    kind: SurfaceKind = SurfaceKind.LINK_ACTION
    view: View | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """`form` is the dataclass of the handler's second argument, None when it takes none.

    `is_confirmed`: only a viewer who said yes to a Confirm can press it.
    """

    name: str
    handler: Callable[..., Awaitable[Replies]]
    form: type[Any] | None
    is_confirmed: bool = False

    async def run(self, context: ActionContext, values: Mapping[str, Any]) -> Replies:
        """Raises FormRejected, with a sentence per field, before the handler is called."""
        if self.form is None:
            return await self.handler(context)
        return await self.handler(context, parse_form(self.form, values))


class Extension(DeclaresJson, DeclaresJobs):
    """`name` is the surface's name in manifest.json and in its URL."""

    def __init__(self, name: str, *, title: str) -> None:
        self.name = name
        self.title = title
        self.shown: Shown | None = None
        self.actions: dict[str, Action] = {}
        self.jobs: dict[str, Job] = {}

    def panel(self, view: str, *, template: str) -> Callable[[PanelFunction], PanelFunction]:
        """A panel in the detail view of `view`: deal, person or organization."""
        at = named_view(self.name, view)
        return self._screen(SurfaceKind.CUSTOM_PANEL, template, PanelContext, at)

    def modal(self, *, template: str, width: int = 0) -> Callable[[ModalFunction], ModalFunction]:
        """A custom modal: from the menus that manifest.json names, or opened with OpenModal."""
        return self._screen(SurfaceKind.CUSTOM_MODAL, template, ModalContext, width=width)

    def floating_window(
        self, *, template: str, width: int = 0
    ) -> Callable[[FloatingFunction], FloatingFunction]:
        """The app's floating window; an app has one."""
        return self._screen(SurfaceKind.FLOATING_WINDOW, template, FloatingContext, width=width)

    def settings(self, *, template: str) -> Callable[[SettingsFunction], SettingsFunction]:
        """The app's page in Pipedrive's settings; an app has one."""
        return self._screen(SurfaceKind.SETTINGS_PAGE, template, SettingsContext)

    def link_action(self) -> Callable[[LinkFunction], LinkFunction]:
        """A menu entry that leads the browser to what the handler says, for one record or many."""

        def register(handler: LinkFunction) -> LinkFunction:
            self.show(Link(handler))
            return handler

        return register

    def action(self, name: str, *, confirmed: bool = False) -> Callable[[ActionFunction], ActionFunction]:
        """What a button with `data-action=name` does. The handler may take a form, a dataclass.

        One that is `confirmed` is reached through Confirm alone.
        """

        def register(handler: ActionFunction) -> ActionFunction:
            self._refuse_when_frozen()
            if name in self.actions:
                raise ConfigurationError([f"extension {self.name} has two actions named {name}"])
            form = form_of(self.name, f"action {name}", handler)
            self.actions[name] = Action(name, handler, form, is_confirmed=confirmed)
            return handler

        return register

    def show(self, shown: Shown) -> None:
        """What the decorators above end in. Raises ConfigurationError when something is shown already."""
        self._refuse_when_frozen()
        if self.shown is not None:
            raise ConfigurationError([f"extension {self.name} shows two things; one surface shows one"])
        self.shown = shown

    def _screen(
        self, kind: SurfaceKind, template: str, context: type[Any], view: View | None = None, width: int = 0
    ) -> Callable[[Any], Any]:
        def register(handler: Callable[[Any], Awaitable[Any]]) -> Callable[[Any], Awaitable[Any]]:
            self.show(Screen(kind, template, handler, context, view, width))
            return handler

        return register
