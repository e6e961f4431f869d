"""The messaging manifest, version v202101, as Pipedrive's page and Developer Hub's schema have it.

https://pipedrive.readme.io/docs/implementing-messaging-app-extension
"""

import pytest

from marketplace_app.domain.channel import Endpoint
from marketplace_app.kit.messaging import Messaging

VARIABLES = {
    "getConversations": (),
    "getConversationById": (":sourceConversationId",),
    "postMessage": (),
    "getSenderById": (":senderId",),
    "deleteChannelById": (),
    "getTemplates": (),
    "getMessageById": (":sourceConversationId", ":sourceMessageId"),
}
# The template of the page, below an address of ours.
_CONVERSATION = "/pd/channels/:providerChannelId/conversations/:sourceConversationId"
TEMPLATE = {
    "getConversations": "/pd/channels/:providerChannelId/conversations",
    "getConversationById": _CONVERSATION,
    "postMessage": "/pd/channels/:providerChannelId/messages",
    "getSenderById": "/pd/channels/:providerChannelId/senders/:senderId",
    "deleteChannelById": "/pd/channels/:providerChannelId",
    "getTemplates": "/pd/channels/:providerChannelId/templates",
    "getMessageById": f"{_CONVERSATION}/messages/:sourceMessageId",
}


def declared(*endpoints: Endpoint) -> Messaging:
    messaging = Messaging("inbox")

    async def handler(*_: object) -> None:
        """Never asked here."""

    messaging.handlers |= dict.fromkeys(endpoints, handler)
    return messaging


def test_the_whole_manifest_is_the_template() -> None:
    manifest = declared(*Endpoint).manifest("https://app.example.test")
    addresses = {name: f"https://app.example.test{path}" for name, path in TEMPLATE.items()}
    assert manifest == {"version": "v202101", "endpoints": addresses}
    assert list(manifest["endpoints"]) == list(TEMPLATE)


@pytest.mark.parametrize("endpoint", Endpoint)
def test_each_address_holds_its_variables_once(endpoint: Endpoint) -> None:
    parts = endpoint.path.split("/")
    assert [part for part in parts if part.startswith(":")] == [":providerChannelId", *VARIABLES[endpoint]]


def test_only_what_is_declared_is_named() -> None:
    three = declared(Endpoint.POST, Endpoint.CONVERSATIONS, Endpoint.CONVERSATION)
    assert list(three.manifest("http://localhost:8000")["endpoints"]) == [
        "getConversations",
        "getConversationById",
        "postMessage",
    ]
    assert three.missing == []
    assert declared(Endpoint.POST).missing == [Endpoint.CONVERSATIONS, Endpoint.CONVERSATION]
