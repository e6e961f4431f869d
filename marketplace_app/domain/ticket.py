"""A ticket lets one button be pressed once: bound to who, where, what, and until when.

It is a message authentication code over all of these with a key of the company, so nothing is stored
until the button is pressed; then its `nonce` is claimed once (storage/once.py).
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from dataclasses import dataclass

from marketplace_app.domain.principal import Principal
from marketplace_app.errors import TicketRejected

LIFETIME_SECONDS = 3600
_TEXT = re.compile(r"[A-Za-z0-9_-]{64}", re.ASCII)
_NONCE_BYTES = 8
_EXPIRY = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a ticket is good for. `subject` is what the surface was opened for (domain/selection.py).

    `confirmed` is the form that the viewer was asked about, None for a button that asks nothing first.
    """

    principal: Principal
    surface: str
    subject: str
    action: str
    confirmed: bytes | None = None

    @property
    def octets(self) -> bytes:
        who = self.principal
        parts = (
            str(who.company_id),
            str(who.user_id),
            self.surface,
            self.subject,
            self.action,
        )
        named = b"".join(struct.pack(">I", len(part.encode())) + part.encode() for part in parts)
        return named if self.confirmed is None else named + hashlib.sha256(self.confirmed).digest()


def issue_ticket(purpose: Purpose, key: bytes, now: float) -> str:
    head = _EXPIRY.pack(int(now) + LIFETIME_SECONDS) + secrets.token_bytes(_NONCE_BYTES)
    return base64.urlsafe_b64encode(head + _code(head, purpose, key)).decode()


def check_ticket(ticket: str, purpose: Purpose, key: bytes, now: float) -> str:
    """The ticket's nonce, to be claimed once. Raises TicketRejected."""
    if not _TEXT.fullmatch(ticket):
        raise TicketRejected("the ticket is malformed")
    try:
        octets = base64.b64decode(ticket, altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise TicketRejected("the ticket is malformed") from error
    head, code = octets[: _EXPIRY.size + _NONCE_BYTES], octets[_EXPIRY.size + _NONCE_BYTES :]
    if not hmac.compare_digest(_code(head, purpose, key), code):
        raise TicketRejected("the ticket is for something else")
    if now >= _EXPIRY.unpack(head[: _EXPIRY.size])[0]:
        raise TicketRejected("the ticket has expired")
    return head[_EXPIRY.size :].hex()


def _code(head: bytes, purpose: Purpose, key: bytes) -> bytes:
    return hmac.digest(key, head + purpose.octets, hashlib.sha256)
