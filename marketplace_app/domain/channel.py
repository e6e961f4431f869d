"""Messaging: the endpoints that its manifest may name, and the names that we give to channels.

https://pipedrive.readme.io/docs/implementing-messaging-app-extension
"""

import re
import secrets
from enum import StrEnum

from marketplace_app.domain.ids import CompanyId, UserId, parse_id
from marketplace_app.domain.principal import Principal

SCOPE = "messengers-integration"
MANIFEST_VERSION = "v202101"
_ID = re.compile(r"([0-9]{1,16})-([0-9]{1,16})-[0-9a-f]{32}", re.ASCII)


class Endpoint(StrEnum):
    """Named as in the manifest."""

    CONVERSATIONS = "getConversations"
    CONVERSATION = "getConversationById"
    POST = "postMessage"
    SENDER = "getSenderById"
    DELETED = "deleteChannelById"
    TEMPLATES = "getTemplates"
    MESSAGE = "getMessageById"

    @property
    def method(self) -> str:
        return {Endpoint.POST: "POST", Endpoint.DELETED: "DELETE"}.get(self, "GET")

    @property
    def path(self) -> str:
        """Below our base URL, with Pipedrive's names of the variables."""
        return f"/pd/channels/:providerChannelId{_PATHS[self]}"


_PATHS = {
    Endpoint.CONVERSATIONS: "/conversations",
    Endpoint.CONVERSATION: "/conversations/:sourceConversationId",
    Endpoint.POST: "/messages",
    Endpoint.SENDER: "/senders/:senderId",
    Endpoint.DELETED: "",
    Endpoint.TEMPLATES: "/templates",
    Endpoint.MESSAGE: "/conversations/:sourceConversationId/messages/:sourceMessageId",
}
REQUIRED = (Endpoint.CONVERSATIONS, Endpoint.CONVERSATION, Endpoint.POST)


def new_channel_id(principal: Principal) -> str:
    """Says whose it is, so that its record is looked for there alone; nobody can guess the rest."""
    return f"{principal.company_id:d}-{principal.user_id:d}-{secrets.token_hex(16)}"


def owner_of(channel_id: str) -> tuple[CompanyId, UserId] | None:
    """Whose record to look for. None for what `new_channel_id` does not make."""
    match = _ID.fullmatch(channel_id)
    company_id, user_id = (parse_id(match[1]), parse_id(match[2])) if match else (None, None)
    return (CompanyId(company_id), UserId(user_id)) if company_id and user_id else None
