"""From what happens in the world to what receivers are told.

Deliveries of one webhook go out one after the other, in the order of what happened; a retry comes when it is
due, between later ones. Everything that waits is in the store, so that a restart loses nothing.
"""

import asyncio
from collections import defaultdict
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from pipedrive_emulator.base import Base
from pipedrive_emulator.oauth.grants import Holder
from pipedrive_emulator.timers import Callback
from pipedrive_emulator.webhooks import health, subjects, subscriptions
from pipedrive_emulator.webhooks.deliveries import Deliveries, Delivery
from pipedrive_emulator.webhooks.messages import News, numbered
from pipedrive_emulator.webhooks.post import is_success, post
from pipedrive_emulator.webhooks.subscriptions import DEACTIVATED, FAILED, TABLE, UNINSTALLED
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.events import Event
from pipedrive_emulator.world.records import Record

_CONVERTED = ("deals", "leads")
_MOMENT = 0.001  # seconds, to put one event of a call before the others


class Webhooks:
    def __init__(self, base: Base, deliveries: Deliveries) -> None:
        self._base = base
        self.deliveries = deliveries
        self._turns: defaultdict[tuple[int, int], asyncio.Lock] = defaultdict(asyncio.Lock)
        base.timers.armed_by(self._arm)

    def hear(self, event: Event) -> None:
        """Put the event on its way to every webhook that asked for it and may hear of it."""
        records = self._base.world.records(event.author.company_id)
        author = self._base.world.user(event.author.user_id)
        rows = subscriptions.active(records)
        if not rows or author is None:
            return
        news = News(self._base, event, subjects.who(self._base, author))
        rows = [row for row in rows if news.concerns(row)]
        if rows and news.is_told():
            for row in rows:
                self._send(news, row)

    def uninstalled(self, holder: Holder) -> None:
        """An app loses what it made for a user who leaves it."""
        records = self._base.world.records(holder.company_id)
        for row in subscriptions.held_by(records, holder.user_id, holder.client_id):
            self._end(row, UNINSTALLED)

    def user_changed(self, before: User, user: User) -> None:
        """A deactivated user's webhooks end, with whatever app they were made."""
        if before.active and not user.active:
            for row in subscriptions.owned_by(self._base.world.records(user.company_id), user.id):
                self._end(row, DEACTIVATED)

    def rows(self) -> list[Record]:
        """Every webhook of every company, ended ones too."""
        companies = self._base.world.companies()
        return [row for one in companies for row in self._base.world.records(one.id).all(TABLE)]

    def release(self) -> int:
        """Send what is held back."""
        return self.deliveries.release(self._carry, self._base.clock.now())

    def _arm(self) -> None:
        self.deliveries.arm(self._carry)
        for row in self.rows():
            self._await_end(row)

    def _send(self, news: News, row: Record) -> None:
        user = self._base.world.user(row["user_id"])
        if user is None or not subjects.can_hear(replace(news.call, user=user), news.event):
            return
        event = f"{news.action(row['version'])}.{news.noun(row['version'])}"
        if health.is_banned(row, self._base.clock.now()):
            self._note_lost(row, event, news.event.key)
            return
        self._base.ledger.append("webhook_event", **_about(row), event=event, entity_id=str(news.event.key))
        self.deliveries.add(
            self._carry,
            company_id=row["company_id"],
            webhook_id=row["id"],
            event=event,
            entity_id=str(news.event.key),
            body=news.body(row),
            due=self._due(news.event),
        )

    def _due(self, event: Event) -> float:
        """Now. A conversion creates before it deletes; the switch puts the deletion a moment earlier."""
        is_deletion = event.table in _CONVERTED and subjects.action_of(event) == "delete"
        is_first = self._base.switches.get("conversion_events") == "deleted_first"
        return event.author.at - _MOMENT if is_deletion and is_first else event.author.at

    def _carry(self, delivery: Delivery) -> Callback:
        return partial(self._deliver, delivery)

    async def _deliver(self, delivery: Delivery, due: float) -> None:
        async with self._turns[delivery.company_id, delivery.webhook_id]:
            row = self._find(delivery)
            if row is None or self._is_lost(row, delivery):
                self.deliveries.done(delivery)
                return
            status = await self._post(row, delivery)
        row = self._find(delivery)
        if row is not None:
            self._note_outcome(row, delivery, status)
        if row is None or is_success(status) or delivery.attempt > len(health.RETRIES):
            self.deliveries.done(delivery)
            return
        wait = health.RETRIES[delivery.attempt - 1]
        self.deliveries.plan(self._carry, replace(delivery, due=due + wait, attempt=delivery.attempt + 1))

    async def _post(self, row: Record, delivery: Delivery) -> int | None:
        """The status of what was sent; twice when somebody ordered that."""
        seconds = self._base.switches.number("webhook_timeout_ms") / 1000
        body = numbered(delivery.body, delivery.attempt)
        if self.deliveries.orders.duplicate:
            self.deliveries.order(duplicate=self.deliveries.orders.duplicate - 1)
            await post(row, body, seconds)
        return await post(row, body, seconds)

    def _find(self, delivery: Delivery) -> Record | None:
        records = self._base.world.records(delivery.company_id)
        return subscriptions.find_active(records, delivery.webhook_id)

    def _is_lost(self, row: Record, delivery: Delivery) -> bool:
        """What was waiting for its first attempt when the ban began; retries go on."""
        is_lost = delivery.attempt == 1 and health.is_banned(row, self._base.clock.now())
        if is_lost:
            self._note_lost(row, delivery.event, delivery.entity_id)
        return is_lost

    def _note_outcome(self, row: Record, delivery: Delivery, status: int | None) -> None:
        now = self._base.clock.now()
        facts: dict[str, Any] = {
            "event": delivery.event,
            "entity_id": delivery.entity_id,
            "attempt": delivery.attempt,
        }
        kind = "webhook_delivered" if is_success(status) else "webhook_failed"
        self._base.ledger.append(kind, **_about(row), **facts, status=status)
        after = health.after_attempt(row, status, delivery.attempt, now, self._base.switches)
        self._base.world.records(row["company_id"]).put(TABLE, row["id"], after)
        if after["banned_until"] != row["banned_until"]:
            self._base.ledger.append("webhook_banned", **_about(row), until=after["banned_until"])
        if after["failing_since"] != row["failing_since"]:
            self._await_end(after)

    def _await_end(self, row: Record) -> None:
        """Three days after the first failure without a success it is deleted."""
        key = f"webhook-end-{row['company_id']}-{row['id']}"
        if row["failing_since"] is None or not row["is_active"]:
            self._base.timers.cancel(key)
            return

        def give_up(_due: float) -> None:
            self._end(row, FAILED)

        self._base.timers.at(row["failing_since"] + health.PATIENCE_SECONDS, give_up, key=key)

    def _end(self, row: Record, reason: str) -> None:
        records = self._base.world.records(row["company_id"])
        present = subscriptions.find_active(records, row["id"])
        if present is not None:
            ended = subscriptions.end(records, present, reason, self._base.clock.now())
            self._await_end(ended)
            self._base.ledger.append("webhook_removed", **_about(row), reason=reason)

    def _note_lost(self, row: Record, event: str, key: Any) -> None:
        self._base.ledger.append("webhook_lost", **_about(row), event=event, entity_id=str(key))


def _about(row: Record) -> dict[str, Any]:
    """Which webhook; no word of its credentials, nor of what stands in the query of its address."""
    parts = urlsplit(row["subscription_url"])
    return {
        "company_id": row["company_id"],
        "user_id": row["owner_id"],
        "client_id": row["client_id"],
        "webhook_id": row["id"],
        "url": f"{parts.scheme}://{parts.netloc}{parts.path}",
    }
