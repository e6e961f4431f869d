"""POST of an action: verify, claim the ticket, act once as the viewer, answer the same to every repeat."""

from contextlib import suppress
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.message import say
from marketplace_app.domain.surface import Surface
from marketplace_app.domain.ticket import Purpose, check_ticket
from marketplace_app.errors import (
    FormRejected,
    NotInstalled,
    RequestRejected,
    StorageError,
    TicketRejected,
)
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext, Extension, Replies
from marketplace_app.kit.extension import Action
from marketplace_app.logs import logger
from marketplace_app.storage.once import Once
from marketplace_app.storage.vault import CompanyKey, Vault
from marketplace_app.surfaces import envelope
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.pictures import Picture, Pictures, as_kind
from marketplace_app.surfaces.sections import found

_PATIENCE_SECONDS = 10.0
_POLL_SECONDS = 0.1
_UNKNOWN = say(
    "Pipedrive gave no answer, so this may or may not be done. Look at the record before you press again."
)
_STILL_AT_IT = say("This is still being done. Give it a moment, then refresh.")


class _Press(msgspec.Struct, frozen=True):
    """What surface.js sends when a button is pressed."""

    ticket: str
    form: dict[str, Any] = {}


class Actions:
    def __init__(
        self,
        gate: Gate,
        installations: Installations,
        pictures: Pictures,
        vault: Vault,
        once: Once,
        clock: Clock,
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._vault = vault
        self._once = once
        self._clock = clock
        self._log = logger("actions")

    async def press(self, request: Request, surface: Surface, extension: Extension) -> Response:
        visit = self._gate.by_bearer(request, surface)
        action = extension.actions.get(request.path_params["action"])
        if action is None or visit.record_id is None:
            raise RequestRejected("there is no such action, or no record is selected")
        press = await _read_press(request)
        installation = await found(self._installations, visit.principal, request)
        key = await self._vault.find_key(visit.principal.company_id)
        if key is None:
            raise NotInstalled("the company has been forgotten")
        purpose = Purpose(visit.principal, surface.name, visit.record_id, action.name)
        nonce = check_ticket(press.ticket, purpose, key.derive("tickets"), self._clock.now())
        claim = await self._once.claim(visit.principal, nonce, key)
        if not claim.is_first:
            return await self._repeated(installation, nonce, key, claim.answer)
        answer = await self._act(installation, extension, action, visit.record_id, press.form, nonce)
        with suppress(StorageError):  # the ticket stays claimed, so that nothing is done twice
            await self._once.settle(visit.principal, nonce, key, answer)
        return envelope.response(answer)

    async def _act(
        self,
        installation: Installation,
        extension: Extension,
        action: Action,
        record_id: int,
        form: dict[str, Any],
        nonce: str,
    ) -> bytes:
        """Until something was written the ticket is free again; from then on it stays used."""
        principal, words = installation.principal, words_of(installation)
        context = as_kind(ActionContext, self._pictures.context(installation, extension.name, record_id))
        facts = {"action": action.name, "company_id": principal.company_id, "user_id": principal.user_id}
        try:
            replies = await action.run(context, form)
        except Exception as error:
            reason = getattr(error, "reason", "broken")
            if not context.pipedrive.has_written:
                self._log.info("action refused", reason=reason, **facts)
                await self._once.release(principal, nonce)
                raise
            self._log.warning("action unknown", reason=reason, exc_info=reason == "broken", **facts)
            return envelope.envelope([envelope.message(words.say(_UNKNOWN)), envelope.asks_again()], 202)
        self._log.info("action done", **facts)
        picture = await self._drawn(installation, extension, record_id, replies)
        return envelope.envelope(envelope.as_commands(replies, words, picture))

    async def _drawn(
        self, installation: Installation, extension: Extension, record_id: int, replies: Replies
    ) -> Picture | None:
        """The picture among the replies. What is done must not look undone because it cannot be kept."""
        view = envelope.view_of(replies)
        if view is None:
            return None
        try:
            return await self._pictures.render(installation, extension, record_id, view, is_patched=True)
        except StorageError:
            return None

    async def _repeated(
        self, installation: Installation, nonce: str, key: CompanyKey, answer: bytes | None
    ) -> Response:
        """A double click gets the first one's answer, which may take a moment."""
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
            return envelope.response(envelope.envelope([envelope.message(text)], 409))
        return envelope.response(answer)


async def _read_press(request: Request) -> _Press:
    """Only JSON is read: a plain form of another site cannot send it without asking first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise FormRejected("an action takes JSON")
    try:
        return msgspec.json.decode(await request.body(), type=_Press)
    except (msgspec.MsgspecError, RecursionError):
        raise FormRejected("an action takes a ticket and a form") from None
