"""POST of a JSON modal: the form is sent, once for each token (docs/adr/0017-token-that-submits-once.md)."""

import asyncio
import hashlib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation
from marketplace_app.domain.message import Message, say
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import FormRejected, StorageError
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext, Extension, Words
from marketplace_app.kit.json_declaring import DeclaredJsonModal
from marketplace_app.logs import logger
from marketplace_app.storage.once import Once
from marketplace_app.storage.vault import CompanyKey
from marketplace_app.surfaces.gate import Gate, Visit
from marketplace_app.surfaces.json_answers import LONGEST_SECONDS, answer, message, said, sentence
from marketplace_app.surfaces.json_replies import as_body
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.pictures import Pictures
from marketplace_app.surfaces.query import Query
from marketplace_app.surfaces.sections import proven
from marketplace_app.surfaces.tickets import Tickets

_POLL_SECONDS = 0.1
_MARGIN_SECONDS = 0.5  # in which an answer is made of what is known by then
_UNKNOWN = say(
    "Pipedrive gave no answer, so this may or may not be done. Look at the record before you send it again."
)
_STILL_AT_IT = say("This is still being done. Look at the record in a moment, before you send it again.")
_OTHER_FORM = say("This form has been sent already. Close it, and open it again for another one.")


class _Stored(msgspec.Struct, frozen=True):
    """What a token's one submit was answered; `sent` is the digest of what it asked."""

    sent: str
    status: int
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Submit:
    installation: Installation
    extension: Extension
    declared: DeclaredJsonModal
    visit: Visit
    values: dict[str, Any]
    key: CompanyKey
    nonce: str
    sent: str
    reference: str

    @property
    def words(self) -> Words:
        return words_of(self.installation)


class JsonSubmits:
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
        self._running: set[asyncio.Task[Response]] = set()
        self._log = logger("actions")

    async def submit(
        self, request: Request, surface: Surface, extension: Extension, declared: DeclaredJsonModal
    ) -> Response:
        """The answer of this token's first submit, whether that is this one or was another.

        What the handler does goes on when Pipedrive waits no longer, so that its end is on record.
        """
        ends_at = asyncio.get_running_loop().time() + LONGEST_SECONDS - _MARGIN_SECONDS
        visit = self._gate.by_url(request.scope, surface)
        octets = await _json_of(request)
        installation = await proven(self._installations, visit.principal, request)
        key = await self._tickets.key_of(visit.principal)
        query = Query.read(request.scope["query_string"])
        submit = _Submit(
            installation,
            extension,
            declared,
            visit,
            _values_in(octets),
            key,
            nonce=_digest(surface.name, query.get("token")),
            sent=_digest(visit.selection.subject, octets.decode()),
            reference=request.scope.get("reference", ""),
        )
        claim = await self._once.claim(visit.principal, submit.nonce, key)
        if claim.is_first:
            return await self._first(submit, ends_at)
        return await self._repeated(submit, claim.answer, ends_at)

    async def _first(self, submit: _Submit, ends_at: float) -> Response:
        task = asyncio.create_task(self._act(submit))
        self._running.add(task)
        task.add_done_callback(self._finished)
        done, _ = await asyncio.wait({task}, timeout=ends_at - asyncio.get_running_loop().time())
        return task.result() if done else self._told(submit, _STILL_AT_IT)

    def _finished(self, task: "asyncio.Task[Response]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waits has it

    async def _act(self, submit: _Submit) -> Response:
        """Until something was written the token may submit again; from then on it is used."""
        principal = submit.visit.principal
        place = (submit.extension.name, submit.visit.selection)
        context = self._pictures.context(ActionContext, submit.installation, place)
        facts = {
            "surface": submit.extension.name,
            "company_id": principal.company_id,
            "user_id": principal.user_id,
            "reference": submit.reference,
        }
        try:
            body, is_final = await self._body(submit, context)
        except Exception as error:  # noqa: BLE001 (an author's code may fail in any way)
            reason = getattr(error, "reason", "broken")
            if not context.pipedrive.has_written:
                self._log.info("submit refused", reason=reason, exc_info=reason == "broken", **facts)
                await self._once.release(principal, submit.nonce)
                return self._refused(submit, error)
            self._log.warning("submit unknown", reason=reason, exc_info=reason == "broken", **facts)
            return await self._settled(submit, message(submit.words.say(_UNKNOWN)), 400)
        if not is_final and not context.pipedrive.has_written:
            await self._once.release(principal, submit.nonce)
            return answer(body)
        self._log.info("submit done", **facts)
        return await self._settled(submit, body, 200)

    async def _body(self, submit: _Submit, context: ActionContext) -> tuple[dict[str, Any], bool]:
        """What Pipedrive is told, and whether the modal closes on it."""
        shape, words = submit.declared.shape, submit.words
        form, wrong = shape.read(submit.values)
        if wrong:
            return shape.errors({key: words.say(text) for key, text in wrong.items()}), False
        if submit.declared.submitted is None:
            raise FormRejected("nothing is done when this form is sent")
        return as_body(await submit.declared.submitted(context, form), shape, form, words)

    def _refused(self, submit: _Submit, error: Exception) -> Response:
        """Beside the blocks that the handler names, else above the form."""
        shape = submit.declared.shape
        if isinstance(error, FormRejected) and error.fields and all(map(shape.has_block, error.fields)):
            return answer(shape.errors({key: said(text, submit.words) for key, text in error.fields.items()}))
        return sentence(error, submit.words, submit.reference)

    async def _settled(self, submit: _Submit, body: dict[str, Any], status: int) -> Response:
        stored = msgspec.json.encode(_Stored(submit.sent, status, body))
        with suppress(StorageError):  # the token stays claimed, so that nothing is done twice
            await self._once.settle(submit.visit.principal, submit.nonce, submit.key, stored)
        return answer(body, status)

    async def _repeated(self, submit: _Submit, octets: bytes | None, ends_at: float) -> Response:
        """The first one's answer, which may take a moment; another form with the same token has none."""
        principal = submit.visit.principal
        while not octets and asyncio.get_running_loop().time() < ends_at:
            await self._clock.sleep(_POLL_SECONDS)
            claim = await self._once.claim(principal, submit.nonce, submit.key)
            if claim.is_first:  # the other one was refused and freed the token
                return await self._first(submit, ends_at)
            octets = claim.answer
        if not octets:
            return self._told(submit, _STILL_AT_IT)
        stored = msgspec.json.decode(octets, type=_Stored)
        if stored.sent != submit.sent:
            return self._told(submit, _OTHER_FORM)
        return answer(stored.body, stored.status)

    def _told(self, submit: _Submit, text: Message) -> Response:
        return answer(message(submit.words.say(text)), 400)


async def _json_of(request: Request) -> bytes:
    """Only JSON is read: a plain form of another site cannot send it without asking first."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise FormRejected("a JSON modal sends JSON")
    return await request.body()


def _values_in(octets: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(octets, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise FormRejected("a JSON modal sends an object of values by the keys of its blocks") from None


def _digest(*parts: str) -> str:
    return hashlib.sha256(
        b"".join(b"%d:%b" % (len(each), each) for each in (p.encode() for p in parts))
    ).hexdigest()
