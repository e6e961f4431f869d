"""Channels: what a user has connected to Pipedrive's inbox for messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from marketplace_app.kit.messages import Message

ProviderType = Literal["facebook", "whatsapp", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """`id` is what Pipedrive calls provider_channel_id; `account` is your own word for what is behind it.

    `is_confirmed` is False while nobody knows whether Pipedrive has it: registering its account again
    settles that.
    """

    id: str
    name: str
    account: str
    provider_type: str = "other"
    template_support: bool = False
    is_confirmed: bool = True


class ChannelsReader(Protocol):
    """Those of the user on whose behalf the handler acts, and nobody else's."""

    async def all(self) -> Sequence[Channel]: ...


class Channels(ChannelsReader, Protocol):
    async def register(
        self,
        name: str,
        *,
        account: str = "",
        provider_type: ProviderType = "other",
        avatar_url: str | None = None,
        template_support: bool = False,
    ) -> Channel:
        """A channel for the account (its name, when there is no other word), once: again is the same one.

        Pipedrive asks for conversations at once, maybe before this is done. Pipedrive lets only admins.
        """
        ...

    async def receive(
        self, channel: Channel, conversation_id: str, message: Message, *, conversation_link: str = ""
    ) -> None:
        """Tell Pipedrive of a message, or of a new state of one. Raises AnswerRejected."""
        ...

    async def close(self, channel: Channel) -> None:
        """At Pipedrive, with its conversations, and then here."""
        ...
