"""JSON surfaces of an extension: what its author may declare, and what is refused before anybody clicks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

import pytest

from marketplace_app.errors import ConfigurationError
from marketplace_app.kit import Extension, PanelContext, Snackbar, say
from marketplace_app.kit.json_declaring import DeclaredJsonModal, DeclaredJsonPanel
from marketplace_app.kit.json_modal import Input, JsonModal, Primary, Text
from marketplace_app.kit.json_panel import JsonPanel
from tests.unit.kit.json_examples import Contact, Everything


@dataclass(frozen=True, slots=True)
class Note:
    text: Annotated[str, Input("Note")] = ""
    add: Annotated[None, Primary("Add")] = None


@dataclass(frozen=True, slots=True)
class Asking:
    text: Annotated[str, Input("Note", fetch_on_change=True)] = ""
    add: Annotated[None, Primary("Add")] = None


async def several(_context: PanelContext) -> list[Everything]:
    return []


async def one(_context: PanelContext) -> JsonPanel[Contact]:
    return JsonPanel(None)


async def silent(_context: PanelContext):  # type: ignore[no-untyped-def] # noqa: ANN201 - the point of it
    return []


async def opened(_context: PanelContext) -> JsonModal[Note] | None:
    return None


async def save(_context: Any, _form: Any) -> Snackbar:
    return Snackbar(say("Choose a date."))


async def change(_context: Any, form: Any, _invoker: str) -> Any:
    return form


def test_a_panel_is_of_the_shape_that_its_handler_says() -> None:
    listing, single = Extension("x", title="X"), Extension("y", title="Y")
    assert listing.json_panel("deal", Everything)(several) is several
    single.json_panel("person", Contact)(one)
    assert isinstance(listing.shown, DeclaredJsonPanel)
    assert isinstance(single.shown, DeclaredJsonPanel)
    assert (listing.shown.shape.is_list, single.shown.shape.is_list) == (True, False)


def test_a_modal_and_its_handlers_stand_together() -> None:
    extension = Extension("x", title="X")
    assert extension.json_modal(Asking)(opened) is opened
    modal = extension.shown
    assert isinstance(modal, DeclaredJsonModal)
    assert [problem.split(";")[0] for problem in modal.problems()] == [
        "nothing is done when the form is sent",
        "text has fetch_on_change",
    ]
    assert extension.submitted(save) is save
    assert extension.changed(change) is change
    assert modal.problems() == []


@dataclass(frozen=True, slots=True)
class Elsewhere:
    text: Annotated[str, Input("Note")] = ""
    look: Annotated[None, Primary("Look", handler="open-url", url="https://a.test/x")] = None
    go: Annotated[None, Primary("Go", url="https://a.test/y")] = None


def test_a_form_that_is_sent_to_another_address_needs_no_handler() -> None:
    extension = Extension("x", title="X")
    extension.json_modal(Elsewhere)(opened)
    assert isinstance(extension.shown, DeclaredJsonModal)
    assert extension.shown.problems() == []


def test_a_change_that_nothing_sets_off_is_told() -> None:
    extension = Extension("x", title="X")
    extension.json_modal(Note)(opened)
    extension.submitted(save)
    extension.changed(change)
    assert isinstance(extension.shown, DeclaredJsonModal)
    assert "never asked" in extension.shown.problems()[0]


@dataclass(frozen=True, slots=True)
class Wrong:
    intro: Annotated[str, Text()] = ""


MISTAKES: dict[str, Callable[[Extension], Any]] = {
    "extension x: Wrong has 0 buttons": lambda x: x.json_modal(Wrong)(opened),
    "extension x: the handler's annotation": lambda x: x.json_panel("deal", Everything)(silent),
    "extension x: Contact has no field of type Header": lambda x: x.json_panel("deal", Contact)(of_contacts),
    "x shows two things": lambda x: [x.json_panel("deal", Contact)(one), x.json_modal(Note)(opened)],
    "submitted comes after json_modal": lambda x: x.submitted(save),
    "changed comes after json_modal": lambda x: x.changed(change),
    "two handlers of submitted": lambda x: [x.json_modal(Note)(opened), x.submitted(save), x.submitted(save)],
    "two handlers of changed": lambda x: [x.json_modal(Note)(opened), x.changed(change), x.changed(change)],
    "changed after the app was made": lambda x: frozen(x).json_panel("deal", Contact)(one),
}


def frozen(extension: Extension) -> Extension:
    extension.freeze()
    return extension


async def of_contacts(_context: PanelContext) -> list[Contact]:
    return []


@pytest.mark.parametrize("sentence", MISTAKES)
def test_a_mistake_is_a_sentence_at_once(sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        MISTAKES[sentence](Extension("x", title="X"))
    assert sentence in str(caught.value)
