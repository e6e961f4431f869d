"""POST of an action: verify, claim the ticket, act once as the viewer, answer the same to every repeat."""

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.message import say
from marketplace_app.domain.selection import Selection
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import FormRejected, RequestRejected, StorageError
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext, Extension, Replies, Words
from marketplace_app.kit.extension import Action
from marketplace_app.logs import logger
from marketplace_app.surfaces import envelope
from marketplace_app.surfaces.commands import Commands, as_commands, asks_again, view_of
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.pictures import Picture, Pictures
from marketplace_app.surfaces.presses import Done, Press, Presses, json_of
from marketplace_app.surfaces.sections import proven
from marketplace_app.surfaces.tickets import Tickets, snippet

LONGEST_SECONDS = 30.0  # a call to the API takes 20 at most; what takes longer goes on, and the surface looks
_UNKNOWN = say(
    "Pipedrive gave no answer, so this may or may not be done. Look at the record before you press again."
)
_STILL_AT_IT = say("This is still being done. Give it a moment, then look whether it is.")


class _Press(msgspec.Struct, frozen=True):
    """What surface.js sends when a button is pressed."""

    ticket: str
    form: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class _Pressed:
    """One press that is admitted: who, on which surface, for what."""

    installation: Installation
    extension: Extension
    selection: Selection
    action: Action
    form: dict[str, Any]

    @property
    def words(self) -> Words:
        return words_of(self.installation)


class Actions:
    def __init__(
        self,
        gate: Gate,
        installations: Installations,
        pictures: Pictures,
        tickets: Tickets,
        presses: Presses,
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._tickets = tickets
        self._presses = presses
        self._log = logger("actions")

    async def press(self, request: Request, surface: Surface, extension: Extension) -> Response:
        visit = self._gate.by_bearer(request, surface)
        action = self._action_of(extension, request.path_params["action"])
        if not visit.is_addressed:
            raise RequestRejected("no record is selected")
        sent = await _read_press(request)
        installation = await proven(self._installations, visit.principal, request)
        key = await self._tickets.key_of(visit.principal)
        place = (surface.name, visit.selection)
        nonce = self._tickets.check(sent.ticket, visit.principal, place, (action, sent.form), key)
        pressed = _Pressed(installation, extension, visit.selection, action, sent.form)
        context = self._pictures.context(ActionContext, installation, place)
        unknown = envelope.envelope([envelope.message(pressed.words.say(_UNKNOWN)), asks_again()], 202)
        facts = {
            "action": action.name,
            "company_id": visit.principal.company_id,
            "user_id": visit.principal.user_id,
        }
        press = Press("action", context, nonce, key, unknown, facts)
        answer = await self._presses.answer(press, lambda: self._act(pressed, context), LONGEST_SECONDS)
        if answer is None:
            text = pressed.words.say(_STILL_AT_IT)
            answer = envelope.envelope([envelope.message(text), asks_again()], 409)
        return envelope.response(answer)

    def _action_of(self, extension: Extension, name: str) -> Action:
        """The log holds what would handle one that is missing; the caller's own words only as a name."""
        action = extension.actions.get(name)
        if action is None:
            self._log.warning("no such action", surface=extension.name, write=snippet(extension, name[:60]))
            raise RequestRejected("there is no such action")
        return action

    async def _act(self, pressed: _Pressed, context: ActionContext) -> Done:
        replies = await pressed.action.run(context, pressed.form)
        return Done(envelope.envelope(await self._commands(pressed, replies)))

    async def _commands(self, pressed: _Pressed, replies: Replies) -> Commands:
        issue = await self._tickets.issuer(pressed.installation, pressed.extension, pressed.selection)
        picture = await self._drawn(pressed, replies)
        return as_commands(replies, pressed.words, picture, issue)

    async def _drawn(self, pressed: _Pressed, replies: Replies) -> Picture | None:
        """The picture among the replies. What is done must not look undone because it cannot be kept."""
        view = view_of(replies)
        if view is None:
            return None
        try:
            return await self._pictures.render(
                pressed.installation, pressed.extension, pressed.selection, view, is_patched=True
            )
        except StorageError:
            return None


async def _read_press(request: Request) -> _Press:
    octets = await json_of(request, "an action takes JSON")
    try:
        return msgspec.json.decode(octets, type=_Press)
    except (msgspec.MsgspecError, RecursionError):
        raise FormRejected("an action takes a ticket and a form") from None
