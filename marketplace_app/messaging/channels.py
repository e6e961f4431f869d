"""A user's channels: registered at Pipedrive in the user's name, and written down here first.

What is written before the call and confirmed after it cannot be lost between the two: a channel that
Pipedrive has is always one that we know, and one that nobody is sure of is settled when its account is
registered again.
"""

from dataclasses import dataclass
from typing import Any

from marketplace_app.clock import Clock
from marketplace_app.domain.channel import new_channel_id
from marketplace_app.domain.installation import Installation
from marketplace_app.errors import (
    MarketplaceAppError,
    PipedriveRefused,
    PipedriveUnavailable,
    RequestRejected,
    UnexpectedPayload,
)
from marketplace_app.kit.channels import Channel, ProviderType
from marketplace_app.kit.messages import AnswerRejected, Message, minute, told
from marketplace_app.pipedrive.client import PipedriveClient
from marketplace_app.pipedrive.resources import channels as api
from marketplace_app.storage.channels import ChannelRecord, ChannelStore, KeptChannel, KeptChannels

MOST_CHANNELS = 50  # of one user: all are opened to find one
_IS_NOT_THERE = (400, 404)  # Pipedrive's answers for a channel that is nowhere
_UNDER_WAY_SECONDS = 60.0  # a registration that is younger may still be waiting for Pipedrive's answer


@dataclass(frozen=True, slots=True)
class UsersChannels:
    """As kit.channels.Channels says. `client` acts as the installation's user."""

    store: ChannelStore
    clock: Clock
    installation: Installation
    client: PipedriveClient

    async def all(self) -> list[Channel]:
        return [channel_of(kept.record) for kept in (await self._kept()).channels]

    async def register(
        self,
        name: str,
        *,
        account: str = "",
        provider_type: ProviderType = "other",
        avatar_url: str | None = None,
        template_support: bool = False,
    ) -> Channel:
        principal, known = self.installation.principal, await self._kept()
        record = ChannelRecord(
            id=new_channel_id(principal),
            name=name,
            account=account or name,
            provider_type=provider_type,
            template_support=template_support,
            era=known.era,
            begun_at=self.clock.now(),
        )
        earlier = next((kept for kept in known.channels if kept.record.account == record.account), None)
        if earlier is not None and earlier.record.is_confirmed and earlier.record.era == known.era:
            return channel_of(earlier.record)
        if earlier is not None:
            await self._settle(earlier)
        elif len(known.channels) >= MOST_CHANNELS:
            raise RequestRejected(f"a user has {MOST_CHANNELS} channels at most")
        claimed = await self.store.claim(principal, record)
        if claimed is None:
            raise _under_way()
        await self._add(claimed, avatar_url)
        return channel_of(record, is_confirmed=True)

    async def receive(
        self, channel: Channel, conversation_id: str, message: Message, *, conversation_link: str = ""
    ) -> None:
        body = told(message, Message)
        body |= {"created_at": minute(message.created_at)}
        body |= {"reply_by": minute(message.reply_by)} if message.reply_by else {}
        body |= {"conversation_link": conversation_link} if conversation_link else {}
        if not conversation_id or "/" in conversation_id:
            raise AnswerRejected("a conversation's id is a text without a slash - at `conversation_id`")
        own = await self._own(channel)
        await api.receive(
            self.client, body | {"channel_id": own.record.id, "conversation_id": conversation_id}
        )

    async def close(self, channel: Channel) -> None:
        own = await self._own(channel)
        await self._take_away(own)

    async def _kept(self) -> KeptChannels:
        return await self.store.all(self.installation.principal)

    async def _own(self, channel: Channel) -> KeptChannel:
        found = await self.store.find(self.installation.principal, channel.id)
        if found is None:
            raise RequestRejected("this user has no such channel")
        return found

    async def _settle(self, earlier: KeptChannel) -> None:
        """Pipedrive may have it or not, so it is taken away before its account gets another one."""
        age = self.clock.now() - earlier.record.begun_at
        if not earlier.record.is_confirmed and 0 <= age < _UNDER_WAY_SECONDS:
            raise _under_way()
        await self._take_away(earlier)

    async def _take_away(self, kept: KeptChannel) -> None:
        """At Pipedrive first: not found there means that there is none. Raises PipedriveError."""
        try:
            await api.delete(self.client, kept.record.id)
        except PipedriveRefused as refusal:
            if refusal.status not in _IS_NOT_THERE:
                raise
        await self.store.remove(self.installation.principal, kept)

    async def _add(self, claimed: KeptChannel, avatar_url: str | None) -> None:
        record, principal = claimed.record, self.installation.principal
        body: dict[str, Any] = {
            "name": record.name,
            "provider_channel_id": record.id,
            "provider_type": record.provider_type,
            "template_support": record.template_support,
        }
        try:
            await api.add(self.client, body | ({"avatar_url": avatar_url} if avatar_url else {}))
        except MarketplaceAppError as error:
            if not _may_be_done(error):
                await self.store.remove(principal, claimed)
            raise
        if not await self.store.confirm(principal, claimed):
            await api.delete(self.client, record.id)  # closed, or the user left, while Pipedrive answered
            raise RequestRejected("the channel was closed while it was registered")


def _under_way() -> PipedriveUnavailable:
    """It passes by itself: whoever asks again in a minute finds it settled."""
    return PipedriveUnavailable("this account is being registered just now", was_sent=False)


def _may_be_done(error: MarketplaceAppError) -> bool:
    if isinstance(error, PipedriveUnavailable):
        return error.was_sent
    return isinstance(error, UnexpectedPayload)


def channel_of(record: ChannelRecord, *, is_confirmed: bool | None = None) -> Channel:
    return Channel(
        id=record.id,
        name=record.name,
        account=record.account,
        provider_type=record.provider_type,
        template_support=record.template_support,
        is_confirmed=record.is_confirmed if is_confirmed is None else is_confirmed,
    )
