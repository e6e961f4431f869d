"""From a handler's replies to the commands that surface.js carries out, in order.

Each is {"kind": ...} with `args` for Pipedrive's SDK, or markup. `press` in one names the action that
follows it, with a ticket of its own: when the viewer says yes, or when a dialog has made something.
"""

from collections.abc import Callable
from typing import Any

from marketplace_app.domain.message import Message
from marketplace_app.kit import (
    CloseModal,
    Confirm,
    FocusMode,
    Fragment,
    HideFloatingWindow,
    Notification,
    OpenModal,
    Redirect,
    Refresh,
    Replies,
    Resize,
    ShowFloatingWindow,
    Snackbar,
    Words,
)
from marketplace_app.kit.replies import Reply
from marketplace_app.surfaces.pictures import Picture
from marketplace_app.surfaces.tickets import Issue

Command = dict[str, Any]
Commands = list[Command]


def as_commands(replies: Replies, words: Words, picture: Picture | None, issue: Issue) -> Commands:
    """`picture` is the rendering of the one Fragment among the replies."""
    commands: Commands = []
    for reply in _each(replies):
        if isinstance(reply, Fragment):
            if picture is not None:
                commands.append(fragment(picture))
        elif isinstance(reply, Snackbar):
            commands.append(_snackbar(reply, words))
        elif isinstance(reply, Confirm):
            commands.append(_confirm(reply, words, issue))
        elif isinstance(reply, OpenModal):
            commands.append(_open_modal(reply, issue))
        else:
            commands.append(_PLAIN[type(reply)](reply))
    return commands


def fragment(picture: Picture) -> Command:
    return {"kind": "fragment", "html": picture.html.decode()}


def asks_again() -> Command:
    return {"kind": "refresh"}


def view_of(replies: Replies) -> Any | None:
    found = [reply for reply in _each(replies) if isinstance(reply, Fragment)]
    return found[0].view if found else None


def _each(replies: Replies) -> tuple[Reply, ...]:
    return replies if isinstance(replies, tuple) else (replies,)


def _snackbar(reply: Snackbar, words: Words) -> Command:
    command: Command = {"kind": "snackbar", "message": words.say(reply.message)}
    if reply.link_label is not None and reply.link_url.startswith("https://"):
        command["link"] = {"url": reply.link_url, "label": words.say(reply.link_label)}
    return command


def _confirm(reply: Confirm, words: Words, issue: Issue) -> Command:
    form = dict(reply.form)

    def said(message: Message | None) -> str | None:
        return None if message is None else words.say(message)

    args = {
        "title": said(reply.title),
        "description": said(reply.description),
        "okText": said(reply.ok),
        "cancelText": said(reply.cancel),
        "okColor": reply.color,
    }
    press = {"action": reply.then, "ticket": issue(reply.then, form), "form": form}
    return {"kind": "show_confirmation", "args": _without_none(args), "press": press}


def _open_modal(reply: OpenModal, issue: Issue) -> Command:
    command: Command = {"kind": "open_modal", "args": dict(reply.arguments)}
    if reply.then:
        command["press"] = {"action": reply.then, "ticket": issue(reply.then), "form": {}}
    return command


def _size(reply: Resize) -> Command:
    return {"kind": "resize", "args": _without_none({"height": reply.height, "width": reply.width})}


def _redirect(reply: Redirect) -> Command:
    args = {"view": reply.view, "id": reply.id, "context": dict(reply.context) or None}
    return {"kind": "redirect_to", "args": _without_none(args)}


def _without_none(args: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in args.items() if value is not None}


_PLAIN: dict[type, Callable[[Any], Command]] = {
    Refresh: lambda _: asks_again(),
    CloseModal: lambda _: {"kind": "close_modal"},
    Resize: _size,
    Redirect: _redirect,
    Notification: lambda reply: {"kind": "set_notification", "args": {"number": reply.number}},
    FocusMode: lambda reply: {"kind": "set_focus_mode", "args": reply.is_on},
    ShowFloatingWindow: lambda reply: {
        "kind": "show_floating_window",
        "args": {"context": dict(reply.context)},
    },
    HideFloatingWindow: lambda reply: {
        "kind": "hide_floating_window",
        "args": {"context": dict(reply.context)},
    },
}
