"""Front door of messaging: the endpoints of its manifest, each asked of the handler that is declared for it.

https://pipedrive.readme.io/docs/implementing-messaging-app-extension
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from marketplace_app.clock import Clock
from marketplace_app.domain.channel import Endpoint
from marketplace_app.kit.means import MeansOf
from marketplace_app.kit.messages import (
    AnswerRejected,
    Conversation,
    Conversations,
    Message,
    Name,
    Sender,
    Template,
    told,
)
from marketplace_app.kit.messaging import ChannelContext, Messaging
from marketplace_app.messaging.answers import bare, in_time, refused, success, unsettled
from marketplace_app.messaging.channels import channel_of
from marketplace_app.messaging.gate import Admitted, ChannelGate
from marketplace_app.messaging.reading import message_of, page_of
from marketplace_app.storage.channels import ChannelStore

_VARIABLE = re.compile(r":(\w+)")


@dataclass(frozen=True, slots=True)
class MessagingParts:
    gate: ChannelGate
    store: ChannelStore
    clock: Clock
    means_of: MeansOf


class MessagingDoor:
    def __init__(self, messaging: Messaging, parts: MessagingParts) -> None:
        self._messaging = messaging
        self._parts = parts

    def routes(self) -> list[Route]:
        return [self._route(endpoint) for endpoint in self._messaging.endpoints]

    def _route(self, endpoint: Endpoint) -> Route:
        path = _VARIABLE.sub(r"{\1}", endpoint.path)
        route = Route(path, self._endpoint(endpoint), methods=[endpoint.method])
        route.methods = {endpoint.method}  # no HEAD, which Starlette adds
        return route

    def _endpoint(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        asks = _ASKS.get(endpoint)

        async def answer(request: Request) -> Response:
            # The address may hold a telephone number, which is nothing for the log.
            request.scope["logged_path"] = endpoint.path
            reference: str = request.scope.get("reference", "")
            facts: dict[str, Any] = {"endpoint": endpoint.value}
            try:
                admitted = await self._parts.gate.admit(request)
                principal = admitted.installation.principal
                facts |= {"company_id": principal.company_id, "user_id": principal.user_id}
                if asks is None:
                    return await self._post(request, admitted, reference, facts)
                return await asks(self, request, self._context(admitted), admitted)
            except Exception as error:  # noqa: BLE001 (whatever happens, Pipedrive gets one answer)
                return refused(error, self._parts.clock.now(), reference, **facts)

        return answer

    async def _post(
        self, request: Request, admitted: Admitted, reference: str, facts: dict[str, Any]
    ) -> Response:
        async with message_of(request) as message:
            try:
                given = await self._ask(Endpoint.POST, self._context(admitted), message)
                return success(data={"id": told(given, Name)})
            except Exception as error:  # noqa: BLE001 (as above)
                return unsettled(error, self._parts.clock.now(), reference, **facts)

    async def conversations(self, request: Request, context: ChannelContext, _: Admitted) -> Response:
        given = await self._ask(Endpoint.CONVERSATIONS, context, page_of(request))
        found = told(_of(given, Conversations), Conversations)
        return success(data=found["items"], additional_data={"after": found.get("after")})

    async def conversation(self, request: Request, context: ChannelContext, _: Admitted) -> Response:
        wanted, page = request.path_params["sourceConversationId"], page_of(request)
        given = await self._ask(Endpoint.CONVERSATION, context, wanted, page)
        found = told(_of(given, Conversation), Conversation)
        return success(data=found, additional_data={"after": found.get("next_messages_cursor")})

    async def sender(self, request: Request, context: ChannelContext, _: Admitted) -> Response:
        given = await self._ask(Endpoint.SENDER, context, request.path_params["senderId"])
        return success(data=told(_of(given, Sender), Sender))

    async def templates(self, _: Request, context: ChannelContext, __: Admitted) -> Response:
        given = await self._ask(Endpoint.TEMPLATES, context)
        return success(data={"templates": told(given, Sequence[Template])})

    async def message(self, request: Request, context: ChannelContext, _: Admitted) -> Response:
        """Bare, as the one endpoint without an envelope."""
        ids = [request.path_params[f"source{each}Id"] for each in ("Conversation", "Message")]
        given = await self._ask(Endpoint.MESSAGE, context, *ids)
        return bare(told(_of(given, Message), Message))

    async def deleted(self, _: Request, context: ChannelContext, admitted: Admitted) -> Response:
        await self._ask(Endpoint.DELETED, context)
        await self._parts.store.remove(admitted.installation.principal, admitted.kept)
        return success()

    async def _ask(self, endpoint: Endpoint, *arguments: Any) -> Any:
        return await in_time(_begun(self._messaging.handlers[endpoint], *arguments))

    def _context(self, admitted: Admitted) -> ChannelContext:
        means = self._parts.means_of(self._messaging.name, admitted.installation)
        return ChannelContext(
            channel=channel_of(admitted.kept.record),
            principal=means.principal,
            now=means.now,
            pipedrive=means.pipedrive,
            channels=means.channels,
            settings=means.settings,
            jobs=means.jobs,
        )


async def _begun(handler: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
    return await handler(*arguments)


def _of(given: object, kind: type[Any]) -> object:
    if not isinstance(given, kind):
        raise AnswerRejected(f"Expected {kind.__name__}, got {type(given).__name__}")
    return given


_ASKS = {
    Endpoint.CONVERSATIONS: MessagingDoor.conversations,
    Endpoint.CONVERSATION: MessagingDoor.conversation,
    Endpoint.SENDER: MessagingDoor.sender,
    Endpoint.DELETED: MessagingDoor.deleted,
    Endpoint.TEMPLATES: MessagingDoor.templates,
    Endpoint.MESSAGE: MessagingDoor.message,
}
