"""POST of a JSON modal: the form is sent, once for each token (docs/adr/0017-token-that-submits-once.md)."""

import asyncio
import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.message import Message, say
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import FormRejected
from marketplace_app.installations import Installations
from marketplace_app.kit import ActionContext, Extension, Words
from marketplace_app.kit.json_declaring import DeclaredJsonModal
from marketplace_app.surfaces.gate import Gate, Visit
from marketplace_app.surfaces.json_answers import LONGEST_SECONDS, answer, message, said
from marketplace_app.surfaces.json_replies import as_body
from marketplace_app.surfaces.language import words_of
from marketplace_app.surfaces.pictures import Pictures
from marketplace_app.surfaces.presses import Done, Press, Presses, json_of
from marketplace_app.surfaces.query import Query
from marketplace_app.surfaces.sections import proven
from marketplace_app.surfaces.tickets import Tickets

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
    declared: DeclaredJsonModal
    values: dict[str, Any]
    sent: str

    @property
    def words(self) -> Words:
        return words_of(self.installation)

    def stored(self, body: dict[str, Any], status: int = 200) -> bytes:
        return msgspec.json.encode(_Stored(self.sent, status, body))


class JsonSubmits:
    def __init__(
        self, gate: Gate, installations: Installations, pictures: Pictures, tickets: Tickets, presses: Presses
    ) -> None:
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._tickets = tickets
        self._presses = presses

    async def submit(
        self, request: Request, surface: Surface, extension: Extension, declared: DeclaredJsonModal
    ) -> Response:
        """The answer of this token's first submit, whether that is this one or was another."""
        ends_at = asyncio.get_running_loop().time() + LONGEST_SECONDS - _MARGIN_SECONDS
        visit = self._gate.by_url(request.scope, surface)
        octets = await json_of(request, "a JSON modal sends JSON")
        installation = await proven(self._installations, visit.principal, request)
        token = Query.read(request.scope["query_string"]).get("token")
        values = _values_in(octets)
        sent = _digest(visit.selection.subject, octets.decode())
        submit = _Submit(installation, declared, values, sent)
        context = self._pictures.context(ActionContext, installation, (extension.name, visit.selection))
        press = Press(
            "submit",
            context,
            nonce=_digest(surface.name, token),
            key=await self._tickets.key_of(visit.principal),
            unknown=submit.stored(message(submit.words.say(_UNKNOWN)), 400),
            facts=_facts(request, extension, visit),
        )
        seconds = ends_at - asyncio.get_running_loop().time()
        try:
            found = await self._presses.answer(press, lambda: self._act(submit, context), seconds)
        except FormRejected as error:
            return _beside_blocks(submit, error)
        if not found:
            return _told(submit, _STILL_AT_IT)
        stored = msgspec.json.decode(found, type=_Stored)
        if stored.sent != sent:
            return _told(submit, _OTHER_FORM)
        return answer(stored.body, stored.status)

    async def _act(self, submit: _Submit, context: ActionContext) -> Done:
        body, is_final = await self._body(submit, context)
        return Done(submit.stored(body), is_final)

    async def _body(self, submit: _Submit, context: ActionContext) -> tuple[dict[str, Any], bool]:
        """What Pipedrive is told, and whether the modal closes on it."""
        shape, words = submit.declared.shape, submit.words
        form, wrong = shape.read(submit.values)
        if wrong:
            return shape.errors({key: words.say(text) for key, text in wrong.items()}), False
        if submit.declared.submitted is None:
            raise FormRejected("nothing is done when this form is sent")
        return as_body(await submit.declared.submitted(context, form), shape, form, words)


def _facts(request: Request, extension: Extension, visit: Visit) -> dict[str, Any]:
    return {
        "surface": extension.name,
        "company_id": visit.principal.company_id,
        "user_id": visit.principal.user_id,
        "reference": request.scope.get("reference", ""),
    }


def _beside_blocks(submit: _Submit, error: FormRejected) -> Response:
    """Raises the error itself when it names no block: then it is a sentence above the form."""
    shape = submit.declared.shape
    if not error.fields or not all(map(shape.has_block, error.fields)):
        raise error
    return answer(shape.errors({key: said(text, submit.words) for key, text in error.fields.items()}))


def _told(submit: _Submit, text: Message) -> Response:
    return answer(message(submit.words.say(text)), 400)


def _values_in(octets: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(octets, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise FormRejected("a JSON modal sends an object of values by the keys of its blocks") from None


def _digest(*parts: str) -> str:
    return hashlib.sha256(
        b"".join(b"%d:%b" % (len(each), each) for each in (p.encode() for p in parts))
    ).hexdigest()
