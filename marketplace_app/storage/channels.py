"""Messaging channels that a user has registered, sealed. They have no time to live: they go with the user.

A user has one hash, a channel one field of it. The field is a keyed digest of the account that the channel
stands for, so that an account has one channel at most. The field `era` counts the ends of installations that
were followed by another one (installation_scripts.SAVE).
"""

import hashlib
import hmac
from dataclasses import dataclass

import msgspec

from marketplace_app.domain.principal import Principal
from marketplace_app.errors import NotInstalled, TokenUnreadable
from marketplace_app.storage import keys
from marketplace_app.storage.connection import Connection
from marketplace_app.storage.vault import CompanyKey, Label, Vault

_ALL = "return redis.call('HGETALL', KEYS[1])"
# KEYS: the channels, the user's installation. ARGV: field, record.
_CLAIM = """
if redis.call('EXISTS', KEYS[2]) == 0 then return -1 end
return redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
"""
# KEYS: the channels. ARGV: field, the record as it was read, and what it becomes; nothing is no record.
_CHANGE = """
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1])
else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
"""
_GONE = -1
_ERA = b"era"


class ChannelRecord(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is what Pipedrive knows as provider_channel_id. `begun_at` is epoch seconds.

    `era` is the one in which it was registered. `is_confirmed` once Pipedrive
    has answered; until then nobody knows whether Pipedrive has it.
    """

    id: str
    name: str
    account: str
    provider_type: str
    template_support: bool
    era: int
    begun_at: float
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class KeptChannel:
    record: ChannelRecord
    field: bytes
    sealed: bytes


@dataclass(frozen=True, slots=True)
class KeptChannels:
    """Of one user; `era` is the one that it is."""

    channels: tuple[KeptChannel, ...] = ()
    era: int = 0


class ChannelStore:
    def __init__(self, connection: Connection, vault: Vault) -> None:
        self._connection = connection
        self._vault = vault

    async def all(self, principal: Principal) -> KeptChannels:
        """Without those that no key opens any more."""
        key = await self._vault.find_key(principal.company_id)
        if key is None:
            return KeptChannels()
        flat = await self._connection.run(_ALL, [keys.channels(principal)], [])
        fields = dict(zip(flat[::2], flat[1::2], strict=True))
        era = int(fields.pop(_ERA, 0))
        found = (_open(key, principal, field, sealed) for field, sealed in fields.items())
        return KeptChannels(tuple(kept for kept in found if kept is not None), era)

    async def find(self, principal: Principal, channel_id: str) -> KeptChannel | None:
        known = await self.all(principal)
        return next((kept for kept in known.channels if kept.record.id == channel_id), None)

    async def claim(self, principal: Principal, record: ChannelRecord) -> KeptChannel | None:
        """Write it down. None when the account has a channel already. Raises NotInstalled."""
        key = await self._vault.find_key(principal.company_id)
        if key is None:
            raise NotInstalled("the company has been forgotten")
        field = _field(key, record.account)
        sealed = _seal(key, principal, field, record)
        names = [keys.channels(principal), keys.installation(principal)]
        done = await self._connection.run(_CLAIM, names, [field, sealed], durable=True)
        if done == _GONE:
            raise NotInstalled("the installation is gone")
        return KeptChannel(record, field, sealed) if done else None

    async def confirm(self, principal: Principal, kept: KeptChannel) -> bool:
        """False when it was changed or removed meanwhile."""
        key = await self._vault.find_key(principal.company_id)
        if key is None:
            return False
        confirmed = msgspec.structs.replace(kept.record, is_confirmed=True)
        return await self._change(principal, kept, _seal(key, principal, kept.field, confirmed))

    async def remove(self, principal: Principal, kept: KeptChannel) -> bool:
        """False when it was changed or removed meanwhile."""
        return await self._change(principal, kept, b"")

    async def _change(self, principal: Principal, kept: KeptChannel, becomes: bytes) -> bool:
        names = [keys.channels(principal)]
        arguments: list[bytes | str | int] = [kept.field, kept.sealed, becomes]
        return bool(await self._connection.run(_CHANGE, names, arguments, durable=True))


def _field(key: CompanyKey, account: str) -> bytes:
    digest = hmac.new(key.derive("channels"), account.encode(), hashlib.sha256)
    return digest.hexdigest()[:32].encode()


def _label(principal: Principal, field: bytes) -> Label:
    return Label(f"channel {field.decode('latin-1')}", principal.company_id, principal.user_id)


def _seal(key: CompanyKey, principal: Principal, field: bytes, record: ChannelRecord) -> bytes:
    return key.seal(_label(principal, field), msgspec.json.encode(record))


def _open(key: CompanyKey, principal: Principal, field: bytes, sealed: bytes) -> KeptChannel | None:
    try:
        octets = key.open(_label(principal, field), sealed)
        return KeptChannel(msgspec.json.decode(octets, type=ChannelRecord), field, sealed)
    except (TokenUnreadable, msgspec.MsgspecError):
        return None
