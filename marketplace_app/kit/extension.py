"""Extension: a surface with its handlers, declared together.

    extension = Extension("deal-health", title="Deal health")

    @extension.panel("deal", template="extensions/deal_health.html")
    async def show(context: PanelContext) -> DealHealth: ...

    @extension.action("add-follow-up")
    async def add_follow_up(context: ActionContext, form: FollowUp) -> Replies: ...

Handlers are registered on this value and nowhere else; `create_app` takes a tuple of extensions.
"""

import dataclasses
import inspect
import typing
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from marketplace_app.domain.surface import View
from marketplace_app.errors import ConfigurationError, FormRejected
from marketplace_app.kit.context import ActionContext, PanelContext
from marketplace_app.kit.json_declaring import DeclaresJson
from marketplace_app.kit.replies import Replies

PanelHandler = Callable[[PanelContext], Awaitable[Any]]
PanelFunction = TypeVar("PanelFunction", bound=PanelHandler)
ActionFunction = TypeVar("ActionFunction", bound=Callable[..., Awaitable[Replies]])


@dataclass(frozen=True, slots=True)
class Panel:
    view: View
    template: str
    handler: PanelHandler


@dataclass(frozen=True, slots=True)
class Action:
    """`form` is the dataclass of the handler's second argument, None when it takes none."""

    name: str
    handler: Callable[..., Awaitable[Replies]]
    form: type[Any] | None

    async def run(self, context: ActionContext, values: Mapping[str, Any]) -> Replies:
        """Raises FormRejected, with a sentence per field, before the handler is called."""
        if self.form is None:
            return await self.handler(context)
        return await self.handler(context, parse_form(self.form, values))


class Extension(DeclaresJson):
    """`name` is the surface's name in manifest.json and in its URL."""

    def __init__(self, name: str, *, title: str) -> None:
        self.name = name
        self.title = title
        self.shown: Panel | None = None
        self.actions: dict[str, Action] = {}
        self._is_frozen = False

    def panel(self, view: str, *, template: str) -> Callable[[PanelFunction], PanelFunction]:
        """A panel in the detail view of `view`: deal, person or organization."""

        def register(handler: PanelFunction) -> PanelFunction:
            self._refuse_when_frozen()
            if self.shown is not None:
                raise ConfigurationError([f"extension {self.name} has two panels; one surface shows one"])
            self.shown = Panel(_view(self.name, view), template, handler)
            return handler

        return register

    def action(self, name: str) -> Callable[[ActionFunction], ActionFunction]:
        """What a button with `data-action=name` does. The handler may take a form, a dataclass."""

        def register(handler: ActionFunction) -> ActionFunction:
            self._refuse_when_frozen()
            if name in self.actions:
                raise ConfigurationError([f"extension {self.name} has two actions named {name}"])
            self.actions[name] = Action(name, handler, _form_of(self.name, name, handler))
            return handler

        return register

    def freeze(self) -> None:
        """From now on the extension is what it is; `create_app` calls this."""
        self._is_frozen = True

    def _refuse_when_frozen(self) -> None:
        if self._is_frozen:
            raise ConfigurationError([f"extension {self.name} was changed after the app was made"])


def parse_form(form: type[Any], values: Mapping[str, Any]) -> Any:
    """Numbers and dates may come as text, as HTML sends them. Raises FormRejected naming the field."""
    try:
        return msgspec.convert(dict(values), form, strict=False)
    except msgspec.ValidationError as error:
        sentence, _, path = str(error).partition(" - at ")
        field = path.strip("`$.") or "form"
        raise FormRejected(f"{field}: {sentence}", {field: sentence}) from None


def _view(extension: str, view: str) -> View:
    try:
        return View(view)
    except ValueError:
        known = ", ".join(View)
        raise ConfigurationError([f"extension {extension}: no view {view!r}; there are {known}"]) from None


def _form_of(extension: str, action: str, handler: Callable[..., Any]) -> type[Any] | None:
    names = list(inspect.signature(handler).parameters)
    if len(names) == 1:
        return None
    form = typing.get_type_hints(handler).get(names[1])
    if not (isinstance(form, type) and dataclasses.is_dataclass(form)):
        raise ConfigurationError([f"extension {extension}: the form of action {action} is no dataclass"])
    return form
