"""What the app shows and does: plain, so that a test says with one word what it presses."""

from dataclasses import dataclass, field
from datetime import date
from typing import Annotated

from msgspec import Meta

from marketplace_app.kit import (
    ActionContext,
    CloseModal,
    Confirm,
    Extension,
    FloatingContext,
    FocusMode,
    Fragment,
    HideFloatingWindow,
    Leave,
    LinkContext,
    ModalContext,
    Notification,
    OpenModal,
    PanelContext,
    Redirect,
    Refresh,
    Replies,
    Resize,
    SettingsContext,
    ShowFloatingWindow,
    Snackbar,
    SurfaceContext,
    say,
)
from marketplace_app.pipedrive.resources import deals


@dataclass(frozen=True, slots=True)
class View:
    """`lines` say what the handler was given; `buttons` are labels of actions by their names."""

    title: str
    lines: tuple[str, ...] = ()
    buttons: dict[str, str] = field(default_factory=dict)
    has_form: bool = False
    values: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True)
class Quote:
    amount: Annotated[int, Meta(ge=1, le=1000)]
    day: date
    remark: Annotated[str, Meta(max_length=20)] = ""
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Renaming:
    title: str


@dataclass(frozen=True, slots=True)
class Made:
    id: int


@dataclass(frozen=True, slots=True)
class Taste:
    word: str = ""


@dataclass(frozen=True, slots=True)
class House:
    word: str = ""


panel = Extension("every-panel", title="Every panel")

REPLIES: dict[str, Replies] = {
    "snackbar": Snackbar(say("Said so"), say("More"), "https://example.com/more"),
    "refresh": Refresh(),
    "resize": Resize(height=333),
    "resize-beyond": Resize(height=5000, width=5000),
    "redirect-list": Redirect("deals"),
    "redirect-record": Redirect("contacts", 1),
    "redirect-settings": Redirect("settings", context={"step": "two"}),
    "new-person": OpenModal.person(name="Ada", then="made"),
    "new-deal": OpenModal.deal(title="Renewal"),
    "new-organization": OpenModal.organization(name="Acme two"),
    "new-activity": OpenModal.activity(subject="Call", due_date=date(2026, 12, 1)),
    "own-modal": OpenModal.custom("Every modal", {"step": "sign"}),
    "show-window": ShowFloatingWindow({"phone": "+84 24 1234"}),
    "hide-window": HideFloatingWindow({"why": "done"}),
    "ask": Confirm(
        say("Rename it?"),
        then="rename",
        form={"title": "Renamed after a question"},
        description=say("Everybody sees the new name."),
        ok=say("Rename"),
        cancel=say("Keep"),
    ),
    "several": (Snackbar(say("First")), Fragment(View("Drawn by a reply")), Resize(height=222)),
}


@panel.panel("deal", template="every.html")
async def show_panel(context: PanelContext) -> View:
    deal = await deals.get(context.pipedrive, context.record_id)
    names = {name: name for name in REPLIES} | {"made": "made", "unknown": "unknown"}
    return View(
        deal.title, _lines(context), {name: label for name, label in names.items() if name in panel.actions}
    )


def _answering(name: str) -> None:
    @panel.action(name)
    async def answer(_context: ActionContext) -> Replies:
        return REPLIES[name]


for _name in REPLIES:
    _answering(_name)


@panel.action("rename", confirmed=True)
async def rename(context: ActionContext, form: Renaming) -> Replies:
    deal = await deals.update(context.pipedrive, context.record_id, title=form.title)
    return Snackbar(say("Renamed: {title}", title=deal.title)), Refresh()


@panel.action("made")
async def made(_context: ActionContext, form: Made) -> Replies:
    return Fragment(View(f"Made number {form.id}"))


modal = Extension("every-modal", title="Every modal")


@modal.modal(template="every.html", width=640)
async def show_modal(context: ModalContext) -> View:
    return View("What is selected", _lines(context), {"close": "close"}, has_form=True)


@modal.action("quote")
async def quote(_context: ActionContext, form: Quote) -> Replies:
    said = f"{form.amount} on {form.day.isoformat()} {form.remark} {form.is_final}"
    return Snackbar(say("Quoted: {said}", said=said)), CloseModal()


@modal.action("close")
async def close(_context: ActionContext) -> Replies:
    return CloseModal()


window = Extension("every-window", title="Every window")


@window.floating_window(template="every.html", width=360)
async def show_window(context: FloatingContext) -> View:
    return View("Window", _lines(context), {name: name for name in WINDOW_REPLIES})


WINDOW_REPLIES: dict[str, Replies] = {
    "badge": Notification(12),
    "no-badge": Notification(0),
    "focus": FocusMode(is_on=True),
    "no-focus": FocusMode(is_on=False),
    "drawn": Fragment(View("Drawn by a press")),
    "hide": HideFloatingWindow(),
}


def _answering_in_window(name: str) -> None:
    @window.action(name)
    async def answer(_context: ActionContext) -> Replies:
        return WINDOW_REPLIES[name]


for _name in WINDOW_REPLIES:
    _answering_in_window(_name)


settings = Extension("every-settings", title="Every setting")


async def _settings(context: SurfaceContext) -> View:
    taste = await context.settings.of_user(Taste) or Taste()
    house = await context.settings.of_company(House) or House()
    return View("Settings", _lines(context), values=(taste.word, house.word))


@settings.settings(template="every_settings.html")
async def show_settings(context: SettingsContext) -> View:
    return await _settings(context)


@settings.action("save-taste")
async def save_taste(context: ActionContext, form: Taste) -> Replies:
    await context.settings.set_of_user(form)
    return Snackbar(say("Saved")), Fragment(await _settings(context))


@settings.action("save-house")
async def save_house(context: ActionContext, form: House) -> Replies:
    await context.settings.set_of_company(form)
    return Snackbar(say("Saved")), Fragment(await _settings(context))


link = Extension("every-link", title="Every link")


@link.link_action()
async def lead(context: LinkContext) -> Leave:
    ids = ",".join(map(str, context.selection.ids))
    return Leave(f"https://example.com/{context.selection.view}/{ids or 'all'}")


def _lines(context: SurfaceContext) -> tuple[str, ...]:
    selection = context.selection
    return (
        f"viewer: {context.viewer.name}",
        f"language: {context.words.language}",
        f"selected: {selection.resource} {selection.view} {','.join(map(str, selection.ids))}",
        f"all: {selection.is_all} but {','.join(map(str, selection.excluded_ids))}",
        f"filter: {selection.filter}",
        f"data: {dict(sorted(selection.data.items()))}",
    )


EXTENSIONS = (panel, modal, window, settings, link)
