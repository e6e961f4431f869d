"""When Pipedrive asks a messaging app by itself: for a new channel, and for a conversation that begins.

https://pipedrive.readme.io/docs/implementing-messaging-app-extension has both flows.
"""

from collections.abc import Iterator
from functools import partial

from pipedrive_emulator.api.rules.channels import CHANNELS, CONVERSATIONS
from pipedrive_emulator.apps import App
from pipedrive_emulator.base import Base
from pipedrive_emulator.messaging.asking import Question, Reply, ask
from pipedrive_emulator.world.events import Event
from pipedrive_emulator.world.records import Record

_LIMITS = {"conversations_limit": "30", "messages_limit": "30"}


class Inbox:
    def __init__(self, base: Base) -> None:
        self._base = base

    def hear(self, event: Event) -> None:
        if event.action != "create" or event.after is None:
            return
        if event.table == CHANNELS:
            self._later(event.after, Question("getConversations", query=_LIMITS))
            if event.after["template_support"]:
                self._later(event.after, Question("getTemplates"))
        elif event.table == CONVERSATIONS:
            records = self._base.world.records(event.author.company_id)
            channel = records.find(CHANNELS, event.after["channel_id"])
            wanted = {"sourceConversationId": event.after["conversation_id"]}
            if channel is not None:
                self._later(channel, Question("getConversationById", wanted, _LIMITS))

    def channels(self) -> Iterator[Record]:
        """Of every company, oldest first."""
        for company in self._base.world.companies():
            yield from self._base.world.records(company.id).all(CHANNELS)

    async def ask(self, app: App, channel: Record, question: Question) -> Reply:
        """Raises NoSuchEndpoint."""
        return await ask(self._base.ledger, app, channel, question)

    def _later(self, channel: Record, question: Question) -> None:
        app = self._base.apps.by_client_id(channel["marketplace_client_id"])
        if app is None or question.endpoint not in (app.messaging or {}):
            return
        asking = partial(self._ask, app, channel, question)
        self._base.timers.at(self._base.clock.now(), asking)

    async def _ask(self, app: App, channel: Record, question: Question, _: float) -> None:
        await self.ask(app, channel, question)
