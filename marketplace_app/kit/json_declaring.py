"""How an extension declares its JSON panel or JSON modal. `Extension` has these beside its own.

@extension.json_panel("deal", Offer)
async def offers(context: PanelContext) -> list[Offer]: ...

@extension.json_modal(Document)
async def opened(context: ModalContext) -> Document: ...

@extension.submitted
async def save(context: ActionContext, form: Document) -> Snackbar: ...
"""

import typing
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from marketplace_app.domain.surface import SurfaceKind, View
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.declaring import Declares
from marketplace_app.kit.json_modal import ModalShape, Primary
from marketplace_app.kit.json_panel import PanelShape, is_list_of
from marketplace_app.kit.shown import Shown, named_view

Handler = Callable[..., Awaitable[Any]]
Function = TypeVar("Function", bound=Handler)


@dataclass(frozen=True, slots=True)
class DeclaredJsonPanel:
    view: View | None
    shape: PanelShape
    handler: Handler
    kind: SurfaceKind = SurfaceKind.JSON_PANEL


@dataclass(slots=True)
class DeclaredJsonModal:
    """`changed` is asked after a block with fetch_on_change, `submitted` when the form is sent."""

    shape: ModalShape
    opened: Handler
    submitted: Handler | None = None
    changed: Handler | None = None
    kind: SurfaceKind = SurfaceKind.JSON_MODAL
    view: View | None = None

    def problems(self) -> list[str]:
        """What can be seen once everything is declared."""
        asks = [field.key for field in self.shape.fields if getattr(field.row, "fetch_on_change", False)]
        problems = []
        if self.submitted is None and self._is_sent_here():
            problems.append("nothing is done when the form is sent; add a handler with @extension.submitted")
        if asks and self.changed is None:
            problems.append(f"{asks[0]} has fetch_on_change; add a handler with @extension.changed")
        if self.changed is not None and not asks:
            problems.append("@extension.changed is never asked, for no block has fetch_on_change")
        return problems

    def _is_sent_here(self) -> bool:
        """Not where a button opens an address, or sends the form to one of its own."""
        buttons = [field.row for field in self.shape.fields if isinstance(field.row, Primary)]
        return any(button.handler == "request" and not button.url for button in buttons)


class DeclaresJson(Declares):
    shown: Shown | None

    def json_panel(self, view: str, row: type[Any]) -> Callable[[Function], Function]:
        """A panel that Pipedrive draws, in the detail view of `view`: deal, person or organization.

        The handler's annotation says whether it lists several objects: `list[row]`, or one: `row`.
        """

        def register(handler: Function) -> Function:
            answer = typing.get_type_hints(handler).get("return")
            shape = self._named(lambda: PanelShape.of(row, is_list=is_list_of(row, answer)))
            self.show(DeclaredJsonPanel(named_view(self.name, view), shape, handler))
            return handler

        return register

    def json_modal(self, form: type[Any]) -> Callable[[Function], Function]:
        """A form that Pipedrive draws. The handler fills it in when it is opened; None leaves it as it is."""

        def register(handler: Function) -> Function:
            self.show(DeclaredJsonModal(self._named(lambda: ModalShape.of(form)), handler))
            return handler

        return register

    def submitted(self, handler: Function) -> Function:
        """What is done with the form, once for each time that it is sent."""
        modal = self._modal("submitted")
        if modal.submitted is not None:
            raise ConfigurationError([f"extension {self.name} has two handlers of submitted"])
        modal.submitted = handler
        return handler

    def changed(self, handler: Function) -> Function:
        """What becomes of the form after a block with fetch_on_change, whose key is the third argument."""
        modal = self._modal("changed")
        if modal.changed is not None:
            raise ConfigurationError([f"extension {self.name} has two handlers of changed"])
        modal.changed = handler
        return handler

    def _modal(self, decorator: str) -> DeclaredJsonModal:
        self._refuse_when_frozen()
        if not isinstance(self.shown, DeclaredJsonModal):
            raise ConfigurationError(
                [f"extension {self.name}: @extension.{decorator} comes after json_modal"]
            )
        return self.shown

    def show(self, shown: Shown) -> None:
        raise NotImplementedError

    def _named(self, made: "Callable[[], Made]") -> "Made":
        """Raises ConfigurationError that says in which extension it is."""
        try:
            return made()
        except ConfigurationError as error:
            raise ConfigurationError([f"extension {self.name}: {each}" for each in error.problems]) from None


Made = TypeVar("Made")
