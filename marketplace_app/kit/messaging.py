"""Messaging: a service's conversations in Pipedrive's inbox, declared with its handlers.

    inbox = Messaging("whatsapp-inbox")

    @inbox.conversations
    async def conversations(context: ChannelContext, page: Page) -> Conversations: ...

It stands in EXTENSIONS beside the surfaces; an app has one. Pipedrive calls these handlers by the messaging
manifest, which names only what is declared. https://pipedrive.readme.io/docs/messaging-app-extension
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from marketplace_app.domain.channel import MANIFEST_VERSION, REQUIRED, Endpoint
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.channels import Channel, Channels, ChannelsReader
from marketplace_app.kit.context import AppSettings
from marketplace_app.kit.job_declaring import DeclaresJobs, Job
from marketplace_app.kit.jobs import Jobs
from marketplace_app.kit.messages import (
    AnswerRejected,
    Attachment,
    Conversation,
    Conversations,
    Message,
    Participant,
    Sender,
    Template,
)
from marketplace_app.pipedrive.budget import Budget
from marketplace_app.pipedrive.client import PipedriveClient

__all__ = [
    "AccountSuspended",
    "AnswerRejected",
    "Attachment",
    "Channel",
    "ChannelContext",
    "Channels",
    "ChannelsReader",
    "Conversation",
    "Conversations",
    "File",
    "Forbidden",
    "InvalidBody",
    "Message",
    "Messaging",
    "NewMessage",
    "NotFound",
    "Page",
    "Participant",
    "RateLimitExceeded",
    "Refusal",
    "Sender",
    "Template",
    "Unauthorized",
]
MOST_AT_ONCE = 30  # Pipedrive's own default for messages


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is a cursor that an earlier answer gave; None at the beginning."""

    after: str | None = None
    conversations_limit: int = MOST_AT_ONCE
    messages_limit: int = MOST_AT_ONCE


@dataclass(frozen=True, slots=True)
class ChannelContext:
    """For a handler of messaging. Everything in it is of the user who registered the channel."""

    channel: Channel
    principal: Principal
    now: datetime
    pipedrive: PipedriveClient
    channels: Channels
    settings: AppSettings
    jobs: Jobs

    @property
    def budget(self) -> Budget:
        """What is left of the company's API tokens today, as far as Pipedrive has said."""
        return self.pipedrive.budget


class File(Protocol):
    """A file that goes with a message; `filename` is the sender's word, and no path of ours."""

    @property
    def filename(self) -> str | None: ...

    @property
    def content_type(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    async def read(self, size: int = -1) -> bytes: ...


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What somebody sends from Pipedrive. Files can be read until the handler returns."""

    message: str
    sender_id: str
    conversation_id: str
    recipient_ids: tuple[str, ...]
    files: tuple[File, ...] = ()


class Refusal(Exception):
    """Raised by a handler; its text is what Pipedrive is told."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "INVALID_BODY"


class InvalidBody(Refusal):
    pass


class Unauthorized(Refusal):
    status, code = 401, "UNAUTHORIZED"


class AccountSuspended(Refusal):
    status, code = 401, "ACCOUNT_SUSPENDED"


class Forbidden(Refusal):
    status, code = 403, "FORBIDDEN"


class NotFound(Refusal):
    status, code = 404, "NOT_FOUND"


class RateLimitExceeded(Refusal):
    """`retry_by` is when to ask again, with a zone."""

    status, code = 429, "RATE_LIMIT_EXCEEDED"

    def __init__(self, message: str, retry_by: datetime) -> None:
        super().__init__(message)
        self.retry_by = retry_by


# Their further arguments differ: a page, an id in the path, or a message.
Function = TypeVar("Function", bound=Callable[..., Awaitable[Any]])
PageFunction = TypeVar("PageFunction", bound=Callable[[ChannelContext, Page], Awaitable[Conversations]])
ConversationFunction = TypeVar(
    "ConversationFunction", bound=Callable[[ChannelContext, str, Page], Awaitable[Conversation]]
)
PostFunction = TypeVar("PostFunction", bound=Callable[[ChannelContext, NewMessage], Awaitable[str]])
SenderFunction = TypeVar("SenderFunction", bound=Callable[[ChannelContext, str], Awaitable[Sender]])
DeletedFunction = TypeVar("DeletedFunction", bound=Callable[[ChannelContext], Awaitable[None]])
TemplatesFunction = TypeVar(
    "TemplatesFunction", bound=Callable[[ChannelContext], Awaitable[Sequence[Template]]]
)
MessageFunction = TypeVar("MessageFunction", bound=Callable[[ChannelContext, str, str], Awaitable[Message]])


class Messaging(DeclaresJobs):
    """`name` is for the log and for sentences of `check`."""

    _called = "messaging"

    def __init__(self, name: str) -> None:
        self.name = name
        self.handlers: dict[Endpoint, Callable[..., Awaitable[Any]]] = {}
        self.jobs: dict[str, Job] = {}

    def conversations(self, handler: PageFunction) -> PageFunction:
        """The newest conversations of a channel; asked for right after it was registered."""
        return self._register(Endpoint.CONVERSATIONS, handler)

    def conversation(self, handler: ConversationFunction) -> ConversationFunction:
        """One conversation by its id, with its messages or older ones."""
        return self._register(Endpoint.CONVERSATION, handler)

    def post(self, handler: PostFunction) -> PostFunction:
        """Send a message; the answer is its id. Pipedrive gives no key that tells a repeat from a new one."""
        return self._register(Endpoint.POST, handler)

    def sender(self, handler: SenderFunction) -> SenderFunction:
        """Of a participant with `fetch_avatar` or `avatar_expires`; once a day at most."""
        return self._register(Endpoint.SENDER, handler)

    def deleted(self, handler: DeletedFunction) -> DeletedFunction:
        """The channel was deleted in Pipedrive; when the handler returns, its record goes too."""
        return self._register(Endpoint.DELETED, handler)

    def templates(self, handler: TemplatesFunction) -> TemplatesFunction:
        """Of a channel with `template_support`."""
        return self._register(Endpoint.TEMPLATES, handler)

    def message(self, handler: MessageFunction) -> MessageFunction:
        """One message by its conversation's id and its own, for new links of its attachments."""
        return self._register(Endpoint.MESSAGE, handler)

    @property
    def endpoints(self) -> list[Endpoint]:
        """Those that are declared, in the manifest's order."""
        return [each for each in Endpoint if each in self.handlers]

    @property
    def missing(self) -> list[Endpoint]:
        """What Pipedrive requires and nothing handles."""
        return [each for each in REQUIRED if each not in self.handlers]

    def manifest(self, app_base_url: str) -> Mapping[str, Any]:
        """What Developer Hub takes, exactly."""
        addresses = {each.value: app_base_url + each.path for each in self.endpoints}
        return {"version": MANIFEST_VERSION, "endpoints": addresses}

    def _register(self, endpoint: Endpoint, handler: Function) -> Function:
        self._refuse_when_frozen()
        if endpoint in self.handlers:
            raise ConfigurationError([f"messaging {self.name} has two handlers of {endpoint}"])
        self.handlers[endpoint] = handler
        return handler
