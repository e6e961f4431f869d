"""What a handler answers to a form that was sent, as Pipedrive wants it.

https://pipedrive.readme.io/docs/json-modals-user-interaction-handling
"""

from typing import Any

from marketplace_app.kit import Refresh, Snackbar, Words
from marketplace_app.kit.json_modal import JsonModal, ModalShape
from marketplace_app.kit.json_panel import UnfitAnswer


def as_body(replies: Any, shape: ModalShape, sent: Any, words: Words) -> tuple[dict[str, Any], bool]:
    """And whether the modal closes on it: it does on a Snackbar, and stays for a form to go on with.

    A Refresh beside the Snackbar lets the JSON panel below be asked again.
    """
    parts = replies if isinstance(replies, tuple) else (replies,)
    if len(parts) == 1 and isinstance(parts[0], (JsonModal, shape.form)):
        return shape.changed(parts[0], sent), False
    snackbars = [part for part in parts if isinstance(part, Snackbar)]
    if len(snackbars) != 1 or not all(isinstance(part, (Snackbar, Refresh)) for part in parts):
        raise UnfitAnswer(
            "a form that was sent is answered by one Snackbar, with a Refresh or not, or a form"
        )
    success: dict[str, Any] = {"message": words.say(snackbars[0].message), "type": "snackbar"}
    link = snackbars[0]
    if link.link_label is not None and link.link_url.startswith("https://"):
        success["link"] = {"label": words.say(link.link_label), "value": link.link_url}
    if len(parts) > len(snackbars):
        success["refreshPanelData"] = True
    return {"success": success}, True
