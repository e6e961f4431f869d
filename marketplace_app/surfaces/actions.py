"""POST of an action: verify, claim the ticket, act once as the viewer, answer the same to every repeat."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.message import say
from marketplace_app.domain.selection import Selection
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import FormRejected, RequestRejected, StorageError, TicketRejected
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext, Extension, Replies
from marketplace_app.kit.extension import Action
from marketplace_app.logs import logger
from marketplace_app.storage.once import Once
from marketplace_app.storage.vault import CompanyKey
from marketplace_app.surfaces import envelope
from marketplace_app.surfaces.commands import Commands, as_commands, asks_again, view_of
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.pictures import Picture, Pictures
from marketplace_app.surfaces.sections import proven
from marketplace_app.surfaces.tickets import Tickets, snippet

_PATIENCE_SECONDS = 10.0
_POLL_SECONDS = 0.1
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
    """One press that is admitted: who, on which surface, for what, and with which ticket."""

    installation: Installation
    extension: Extension
    selection: Selection
    action: Action
    form: dict[str, Any]
    nonce: str


class Actions:
    def __init__(
        self,
        gate: Gate,
        installations: Installations,
        pictures: Pictures,
        tickets: Tickets,
        once: Once,
        clock: Clock,
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._tickets = tickets
        self._once = once
        self._clock = clock
        self._log = logger("actions")

    async def press(self, request: Request, surface: Surface, extension: Extension) -> Response:
        visit = self._gate.by_bearer(request, surface)
        action = self._action_of(extension, request.path_params["action"])
        if not visit.is_addressed:
            raise RequestRejected("no record is selected")
        press = await _read_press(request)
        installation = await proven(self._installations, visit.principal, request)
        key = await self._tickets.key_of(visit.principal)
        place = (surface.name, visit.selection)
        nonce = self._tickets.check(press.ticket, visit.principal, place, (action, press.form), key)
        claim = await self._once.claim(visit.principal, nonce, key)
        if not claim.is_first:
            return await self._repeated(installation, nonce, key, claim.answer)
        answer = await self._act(
            _Pressed(installation, extension, visit.selection, action, press.form, nonce)
        )
        with suppress(StorageError):  # the ticket stays claimed, so that nothing is done twice
            await self._once.settle(visit.principal, nonce, key, answer)
        return envelope.response(answer)

    def _action_of(self, extension: Extension, name: str) -> Action:
        """The log holds what would handle one that is missing; the caller's own words only as a name."""
        action = extension.actions.get(name)
        if action is None:
            self._log.warning("no such action", surface=extension.name, write=snippet(extension, name[:60]))
            raise RequestRejected("there is no such action")
        return action

    async def _act(self, pressed: _Pressed) -> bytes:
        """Until something was written the ticket is free again; from then on it stays used."""
        principal, words = pressed.installation.principal, words_of(pressed.installation)
        place = (pressed.extension.name, pressed.selection)
        context = self._pictures.context(ActionContext, pressed.installation, place)
        facts = {
            "action": pressed.action.name,
            "company_id": principal.company_id,
            "user_id": principal.user_id,
        }
        try:
            replies = await pressed.action.run(context, pressed.form)
            commands = await self._commands(pressed, replies)
        except Exception as error:
            reason = getattr(error, "reason", "broken")
            if not context.pipedrive.has_written:
                self._log.info("action refused", reason=reason, **facts)
                await self._once.release(principal, pressed.nonce)
                raise
            self._log.warning("action unknown", reason=reason, exc_info=reason == "broken", **facts)
            return envelope.envelope([envelope.message(words.say(_UNKNOWN)), asks_again()], 202)
        self._log.info("action done", **facts)
        return envelope.envelope(commands)

    async def _commands(self, pressed: _Pressed, replies: Replies) -> Commands:
        issue = await self._tickets.issuer(pressed.installation, pressed.extension, pressed.selection)
        picture = await self._drawn(pressed, replies)
        return as_commands(replies, words_of(pressed.installation), picture, issue)

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

    async def _repeated(
        self, installation: Installation, nonce: str, key: CompanyKey, answer: bytes | None
    ) -> Response:
        """A double click gets the first one's answer, which may take a moment.

        When none comes, whoever began may have died in the middle of it: the surface looks what is so.
        """
        waited = 0.0
        while answer is None and waited < _PATIENCE_SECONDS:
            await self._clock.sleep(_POLL_SECONDS)
            waited += _POLL_SECONDS
            claim = await self._once.claim(installation.principal, nonce, key)
            if claim.is_first:
                # The first one was refused and freed the ticket, so this press counts for nothing.
                await self._once.release(installation.principal, nonce)
                raise TicketRejected("the first press was refused")
            answer = claim.answer
        if answer is None:
            text = words_of(installation).say(_STILL_AT_IT)
            return envelope.response(envelope.envelope([envelope.message(text), asks_again()], 409))
        return envelope.response(answer)


async def _read_press(request: Request) -> _Press:
    """Only JSON is read: a plain form of another site cannot send it without asking first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise FormRejected("an action takes JSON")
    try:
        return msgspec.json.decode(await request.body(), type=_Press)
    except (msgspec.MsgspecError, RecursionError):
        raise FormRejected("an action takes a ticket and a form") from None
