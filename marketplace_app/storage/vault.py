"""Envelope encryption: each company has a data key, wrapped by the newest of ENCRYPTION_KEYS.

Everything of a company that rests in Redis is sealed with AES-256-GCM under its data key. A data key that
is still wrapped with an older encryption key is wrapped anew when it is met. What a
value is (purpose, company, user, generation, key) is bound to it as associated data, so a value that
is moved to another key of Redis does not open there. Who destroys the data key forgets the company.
"""

import base64
import os
import secrets
from collections import OrderedDict
from dataclasses import dataclass

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from marketplace_app.clock import Clock
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.errors import TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.key_ring import NONCE_BYTES, KeyRing

# KEYS[1] the wrapped key; ARGV: how it was read, the same wrapped with the newest encryption key.
_REPLACE = "if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('SET', KEYS[1], ARGV[2]) end return 1"
_ID_BYTES = 8
_VERSION = b"\x01"
# KEYS[1] the wrapped key. A write that changes nothing, so that there is one for replicas to acknowledge.
_SETTLE = "local key = redis.call('GET', KEYS[1]) if key then redis.call('SET', KEYS[1], key) end return 1"
_ALARM_SECONDS = 300
_REMEMBERED_SECONDS = 60  # how long a forgotten company's key can outlive it in another process


@dataclass(frozen=True, slots=True)
class Label:
    """What a sealed value is. It opens under the very same label only."""

    purpose: str
    company_id: CompanyId
    user_id: UserId | None = None
    generation: int = 0

    def octets(self, key_id: bytes) -> bytes:
        # Neither a number nor a purpose holds the separator, so no two labels read the same.
        text = f"{self.purpose}\x1f{self.company_id:d}\x1f{self.user_id or 0:d}\x1f{self.generation:d}\x1f"
        return text.encode() + key_id


class CompanyKey:
    """A company's data key in memory. Its cipher object is kept: making one costs more than a use."""

    __slots__ = ("_cipher", "_derived", "_id", "_octets")

    def __init__(self, key_id: bytes, octets: bytes) -> None:
        self._id = key_id
        self._octets = octets
        self._cipher = AESGCM(octets)
        self._derived: dict[str, bytes] = {}

    @property
    def key_id(self) -> str:
        """As it stands in the record of the wrapped key."""
        return self._id.hex()

    def has_sealed(self, sealed: bytes) -> bool:
        """Whether the value names this key, and not an earlier one of the same company."""
        return sealed.startswith(_VERSION + self._id)

    def seal(self, label: Label, plain: bytes) -> bytes:
        nonce = os.urandom(NONCE_BYTES)
        return _VERSION + self._id + nonce + self._cipher.encrypt(nonce, plain, label.octets(self._id))

    def open(self, label: Label, sealed: bytes) -> bytes:
        """Raises TokenUnreadable when the value was not sealed with this key under this label."""
        head = len(_VERSION) + _ID_BYTES
        if not self.has_sealed(sealed):
            raise TokenUnreadable("a record is sealed with a key that is not this company's")
        nonce, body = sealed[head : head + NONCE_BYTES], sealed[head + NONCE_BYTES :]
        try:
            return self._cipher.decrypt(nonce, body, label.octets(self._id))
        except (InvalidTag, ValueError):
            raise TokenUnreadable(f"a record of {label.purpose} does not open") from None

    def derive(self, purpose: str) -> bytes:
        """A key of its own for another use, such as tickets."""
        if purpose not in self._derived:
            expand = HKDFExpand(SHA256(), 32, f"marketplace-app {purpose}".encode())
            self._derived[purpose] = expand.derive(self._octets)
        return self._derived[purpose]


class _Wrapped(msgspec.Struct, frozen=True):
    """How a data key lies in Redis."""

    data_key_id: str
    encryption_key_id: str
    wrapped: str


class Vault:
    """Hands out company keys; wraps each with the newest key of the ring."""

    def __init__(self, connection: Connection, ring: KeyRing, clock: Clock) -> None:
        self._connection = connection
        self._ring = ring
        self._clock = clock
        self._remembered: OrderedDict[CompanyId, tuple[CompanyKey, float]] = OrderedDict()

    async def find_key(self, company_id: CompanyId, *, anew: bool = False) -> CompanyKey | None:
        """None for a company that never installed the app or was forgotten. `anew` trusts no memory."""
        known = None if anew else self._remembered.get(company_id)
        if known and self._clock.now() - known[1] < _REMEMBERED_SECONDS:
            return known[0]
        record = await self._connection.get(keys.data_key(company_id))
        if not record:
            self._remembered.pop(company_id, None)
            return None
        found = _read(record)
        octets = await self._unwrapped(company_id, found)
        if found.encryption_key_id != self._ring.newest:
            await self._wrap_anew(company_id, record, found, octets)
        return self._remember(company_id, CompanyKey(bytes.fromhex(found.data_key_id), octets))

    async def make_key(self, company_id: CompanyId) -> CompanyKey:
        """The company's key, made now if it has none. Of two that make one at once, one wins for both."""
        key_id, octets = secrets.token_bytes(_ID_BYTES), AESGCM.generate_key(256)
        await self._connection.add(keys.data_key(company_id), self._wrap(company_id, key_id, octets))
        key = await self.find_key(company_id, anew=True)
        if key is None:
            raise TokenUnreadable("the company's key vanished while it was made")
        return key

    async def wrapped_with(self, company_id: CompanyId) -> str | None:
        """Id of the encryption key that the company's data key is wrapped with; None when it has none."""
        record = await self._connection.get(keys.data_key(company_id))
        return _read(record).encryption_key_id if record else None

    async def begin_rotation(self) -> None:
        """From now on no process whose ENCRYPTION_KEYS are in an older order wraps anything back."""
        await self._connection.set(keys.KEY_ORDER, ",".join(self._ring.key_ids).encode())

    async def wrap_anew(self, company_id: CompanyId) -> None:
        """With the newest encryption key, unless it is so already, and acknowledged by the replicas.

        Raises TokenUnreadable, NotDurable.
        """
        await self.find_key(company_id, anew=True)
        if self._connection.replicas:
            await self._connection.run(_SETTLE, [keys.data_key(company_id)], [], durable=True)

    async def _wrap_anew(self, company_id: CompanyId, record: bytes, found: _Wrapped, octets: bytes) -> None:
        """Only over what was read: another process may have done it, or the company may be forgotten."""
        order = (await self._connection.get(keys.KEY_ORDER) or b"").decode().split(",")
        if self._ring.newest in order[1:]:
            return  # the last rotation knew a newer one; this process has yet to be told
        renewed = self._wrap(company_id, bytes.fromhex(found.data_key_id), octets)
        await self._connection.run(_REPLACE, [keys.data_key(company_id)], [record, renewed])

    def _remember(self, company_id: CompanyId, key: CompanyKey) -> CompanyKey:
        self._remembered[company_id] = (key, self._clock.now())
        if len(self._remembered) > 10_000:  # noqa: PLR2004 (some 10 MB)
            self._remembered.popitem(last=False)
        return key

    def _wrap(self, company_id: CompanyId, key_id: bytes, octets: bytes) -> bytes:
        wrapped = self._ring.seal(octets, Label("data-key", company_id).octets(key_id))
        record = _Wrapped(key_id.hex(), self._ring.newest, base64.b64encode(wrapped).decode())
        return msgspec.json.encode(record)

    async def _unwrapped(self, company_id: CompanyId, found: _Wrapped) -> bytes:
        """A key that this process lacks is made known, for the reasons of readiness."""
        if found.encryption_key_id not in self._ring.key_ids:
            missing = found.encryption_key_id.encode()
            await self._connection.set(keys.KEY_MISSING, missing, seconds=_ALARM_SECONDS)
        return self._unwrap(company_id, found)

    def _unwrap(self, company_id: CompanyId, found: _Wrapped) -> bytes:
        try:
            key_id, wrapped = bytes.fromhex(found.data_key_id), base64.b64decode(found.wrapped, validate=True)
        except ValueError:
            raise TokenUnreadable("a company's key does not read") from None
        if key_id.hex() != found.data_key_id:  # scripts compare it letter by letter
            raise TokenUnreadable("a company's key is not written as we write it")
        return self._ring.open(found.encryption_key_id, wrapped, Label("data-key", company_id).octets(key_id))


def _read(record: bytes) -> _Wrapped:
    try:
        return msgspec.json.decode(record, type=_Wrapped)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise TokenUnreadable("a company's key does not read") from None
