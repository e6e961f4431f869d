"""What an action answers. surface.js turns each into a command of Pipedrive's SDK or a swap of markup.

https://pipedrive.readme.io/docs/custom-ui-extensions
"""

from dataclasses import dataclass
from typing import Any

from marketplace_app.domain.message import Message


@dataclass(frozen=True, slots=True)
class Snackbar:
    """A short sentence at the edge of Pipedrive's window, with an https link if there is more to see."""

    message: Message
    link_label: Message | None = None
    link_url: str = ""


@dataclass(frozen=True, slots=True)
class Fragment:
    """The panel, rendered anew from this view, takes the place of what is shown."""

    view: Any


@dataclass(frozen=True, slots=True)
class Refresh:
    """The surface asks for its picture again."""


Reply = Snackbar | Fragment | Refresh
Replies = Reply | tuple[Reply, ...]
