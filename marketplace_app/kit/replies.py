"""What an action answers. surface.js turns each into a command of Pipedrive's SDK or a change of markup.

https://pipedrive.readme.io/docs/custom-ui-extensions and the README of the app extensions SDK
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Literal

from marketplace_app.domain.message import Message

Place = Literal["deals", "leads", "organizations", "contacts", "campaigns", "projects", "settings"]


@dataclass(frozen=True, slots=True)
class Snackbar:
    """A short sentence at the edge of Pipedrive's window, with an https link if there is more to see."""

    message: Message
    link_label: Message | None = None
    link_url: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The surface, rendered anew from this view, takes the place of what is shown."""

    view: Any


@dataclass(frozen=True, slots=True)
class Refresh:
    """The surface asks for its picture again."""


@dataclass(frozen=True, slots=True)
class Confirm:
    """Pipedrive asks the viewer; who says yes presses the action `then`, once, with exactly this `form`.

    `then` must be registered with `confirmed=True`, so that no button can press it without the question.
    """

    title: Message
    then: str
    form: Mapping[str, Any] = field(default_factory=dict)
    description: Message | None = None
    ok: Message | None = None
    cancel: Message | None = None
    color: Literal["primary", "secondary", "negative"] = "negative"


@dataclass(frozen=True, slots=True)
class OpenModal:
    """A dialog of Pipedrive's own or of this app: `OpenModal.deal(title="Renewal")`.

    `then` names the action that gets the id of what was made in it, as `{"id": ...}`; the surface asks for
    its picture again when there is none.
    """

    arguments: Mapping[str, Any]
    then: str = ""

    @classmethod
    def deal(cls, *, then: str = "", **prefill: str) -> "OpenModal":
        """Prefill: `title`, and `organization` and `person` by their names."""
        return cls(_with_prefill("deal", prefill, ("title", "organization", "person")), then)

    @classmethod
    def person(cls, *, then: str = "", **prefill: str) -> "OpenModal":
        """Prefill: `name`, and `organization` by its name."""
        return cls(_with_prefill("person", prefill, ("name", "organization")), then)

    @classmethod
    def organization(cls, *, then: str = "", **prefill: str) -> "OpenModal":
        """Prefill: `name`."""
        return cls(_with_prefill("organization", prefill, ("name",)), then)

    @classmethod
    def activity(cls, *, then: str = "", **prefill: str | int | date | time) -> "OpenModal":
        """Prefill: `subject`, `due_date`, `due_time` (UTC), `duration`, `note`, `description`.

        And the ids of a `deal` and an `organization`.
        """
        known = ("subject", "due_date", "due_time", "duration", "note", "description", "deal", "organization")
        return cls(_with_prefill("activity", prefill, known), then)

    @classmethod
    def custom(cls, action_id: str, data: Mapping[str, Any] | None = None, *, then: str = "") -> "OpenModal":
        """A custom modal by its id or its title; `data` is unsigned, in its URL: keep it short."""
        given = {"data": dict(data)} if data else {}
        return cls({"type": "custom_modal", "action_id": action_id, **given}, then)

    @classmethod
    def json(cls, action_id: str) -> "OpenModal":
        """A JSON modal by its id or its title."""
        return cls({"type": "json_modal", "action_id": action_id})


@dataclass(frozen=True, slots=True)
class CloseModal:
    """The custom modal in which the action was pressed goes away."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Pipedrive goes to a record, or to a list when there is no `id`; `context` only goes to settings."""

    view: Place
    id: int | str | None = None
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Resize:
    """CSS pixels, moved into the surface's bounds; it no longer follows its content afterwards."""

    height: int | None = None
    width: int | None = None


@dataclass(frozen=True, slots=True)
class Notification:
    """The badge on the floating window's icon; 0 takes it away."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class FocusMode:
    """Whether the floating window hides its close button, such as during a call.

    While it is on, only the window's own answers draw it anew: what it is shown with meanwhile waits.
    """

    is_on: bool


@dataclass(frozen=True, slots=True)
class ShowFloatingWindow:
    """`context` reaches the floating window's handler as `context.data`."""

    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HideFloatingWindow:
    context: Mapping[str, Any] = field(default_factory=dict)


Reply = (
    Snackbar
    | Fragment
    | Refresh
    | Confirm
    | OpenModal
    | CloseModal
    | Redirect
    | Resize
    | Notification
    | FocusMode
    | ShowFloatingWindow
    | HideFloatingWindow
)
Replies = Reply | tuple[Reply, ...]

_SDK_NAMES = {"due_date": "dueDate", "due_time": "dueTime"}


def _with_prefill(kind: str, prefill: Mapping[str, Any], known: tuple[str, ...]) -> dict[str, Any]:
    """Raises TypeError for a word that Pipedrive's dialog does not know, as Python's own calls do."""
    for name in prefill:
        if name not in known:
            raise TypeError(f"a dialog for a {kind} takes {', '.join(known)}, not {name}")
    filled = {_SDK_NAMES.get(name, name): _plain(value) for name, value in prefill.items()}
    return {"type": kind, **({"prefill": filled} if filled else {})}


def _plain(value: Any) -> Any:
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return value.isoformat() if isinstance(value, date) else value
