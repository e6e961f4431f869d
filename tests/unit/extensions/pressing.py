"""Presses the panel's buttons, as surface.js would, and answers what the viewer gets."""

from typing import Any

from marketplace_app.extensions import EXTENSIONS
from marketplace_app.extensions.view import DealView
from marketplace_app.kit import Fragment, Snackbar
from marketplace_app.kit.extension import Screen
from tests.unit.extensions.examples import DAY, NOW
from tests.unit.extensions.fake_pipedrive import World

(PANEL,) = EXTENSIONS
SEEN_ACTIVITY = (NOW - DAY).isoformat()
SEEN_DEAL = (NOW - 3 * DAY).isoformat()
STALE = (NOW - 30 * DAY).isoformat()


async def show(world: World) -> DealView:
    assert isinstance(PANEL.shown, Screen)
    view = await PANEL.shown.handler(world.panel())
    assert isinstance(view, DealView)
    world.pipedrive.calls.clear()
    return view


async def press(world: World, action: str, **form: Any) -> tuple[str, DealView]:
    """The sentence of the snackbar, and the panel afterwards."""
    context = world.action()
    replies = await PANEL.actions[action].run(context, form)
    assert isinstance(replies, tuple)
    snackbar, fragment = replies
    assert isinstance(snackbar, Snackbar)
    assert isinstance(fragment, Fragment)
    assert isinstance(fragment.view, DealView)
    return context.words.say(snackbar.message), fragment.view


def activity_form(**values: Any) -> dict[str, Any]:
    return {"activity_id": 77, "seen": SEEN_ACTIVITY} | values
