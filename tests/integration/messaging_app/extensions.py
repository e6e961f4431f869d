"""An app whose handlers leave a trace of whose they were, and do what the id of a conversation says."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from marketplace_app.kit import (
    ActionContext,
    Extension,
    Fragment,
    JobContext,
    Replies,
    SettingsContext,
    SurfaceContext,
)
from marketplace_app.kit import messaging as kit
from marketplace_app.kit.messaging import (
    Attachment,
    Channel,
    ChannelContext,
    Conversation,
    Conversations,
    Message,
    Messaging,
    NewMessage,
    Page,
    Participant,
    Sender,
    Template,
)

page = Extension("connect", title="Connect")
inbox = Messaging("inbox")
LONG_SECONDS = 60


@dataclass(frozen=True, slots=True)
class View:
    channels: Sequence[Channel]


@dataclass(frozen=True, slots=True)
class Account:
    account: str


@dataclass(frozen=True, slots=True)
class Chosen:
    channel: str


@page.settings(template="connect.html")
async def show(context: SettingsContext) -> View:
    return await _view(context)


@page.action("connect")
async def connect(context: ActionContext, form: Account) -> Replies:
    await context.channels.register(f"Chat {form.account}", account=form.account, template_support=True)
    return Fragment(await _view(context))


@page.job("connect")
async def connect_by_job(context: JobContext, form: Account) -> None:
    await context.channels.register(f"Chat {form.account}", account=form.account)


@page.action("connect-later")
async def connect_later(context: ActionContext, form: Account) -> Replies:
    await context.jobs.add("connect", form)
    return Fragment(await _view(context))


@page.action("close")
async def close(context: ActionContext, form: Chosen) -> Replies:
    """The form is believed on purpose: the kit has to see to it."""
    await context.channels.close(Channel(id=form.channel, name="", account=""))
    return Fragment(await _view(context))


@page.action("receive")
async def receive(context: ActionContext, form: Chosen) -> Replies:
    """As `close`."""
    message = Message(id="m7", message="Psst", sender_id="anna", created_at=context.now, status="sent")
    await context.channels.receive(Channel(id=form.channel, name="", account=""), "talk-7", message)
    return Fragment(await _view(context))


@inbox.conversations
async def conversations(context: ChannelContext, page: Page) -> Conversations:
    return Conversations(
        [await _talk(context, f"talk-{page.conversations_limit}-{page.after}")], after="next"
    )


@inbox.conversation
async def conversation(context: ChannelContext, conversation_id: str, page: Page) -> Any:
    talk = await _talk(context, conversation_id)
    what = await _done(conversation_id, context)
    if what is not None:
        return what(talk)
    return replace(talk, next_messages_cursor=f"{page.messages_limit}-{page.after}")


@inbox.post
async def post(context: ChannelContext, message: NewMessage) -> Any:
    await _trace(context)
    await _done(message.conversation_id, context)
    sizes = [f"{each.filename}={len(await each.read())}" for each in message.files]
    return ",".join([f"sent-{message.sender_id}", *message.recipient_ids, *sizes])


@inbox.sender
async def sender(context: ChannelContext, sender_id: str) -> Sender:
    return Sender(id=sender_id, name=await _trace(context))


@inbox.deleted
async def deleted(context: ChannelContext) -> None:
    await _trace(context)


@inbox.templates
async def templates(context: ChannelContext) -> list[Template]:
    return [Template(id="t1", name=await _trace(context), content="Hi {{1}}", language="en")]


@inbox.message
async def message(context: ChannelContext, conversation_id: str, message_id: str) -> Message:
    talk = await _talk(context, conversation_id)
    file = Attachment(id="f1", type="image/png", url="https://files.example.test/1", link_expires=True)
    return replace(talk.messages[0], id=message_id, attachments=[file])


async def _trace(context: ChannelContext) -> str:
    """Pipedrive's ledger then shows in whose name a handler was asked; its answer shows it too."""
    await context.pipedrive.get("/api/v2/deals", list[Any], limit=1)
    own = [each.account for each in await context.channels.all()]
    company_id, user_id = context.principal.company_id, context.principal.user_id
    return f"CANARY-{company_id}-{user_id} {context.channel.account} of {','.join(sorted(own))}"


async def _talk(context: ChannelContext, name: str) -> Conversation:
    text = await _trace(context)
    hello = Message(id="m1", message=text, sender_id="anna", created_at=context.now, status="delivered")
    us = Participant(id="us", name="Us", role="source_user")
    anna = Participant(id="anna", name="Anna", role="end_user")
    return Conversation(id=name, participants=[us, anna], messages=[hello])


ODD = {
    "odd-none": lambda _: None,
    "odd-participants": lambda talk: replace(talk, participants=talk.participants[:1]),
    "odd-time": lambda talk: replace(
        talk,
        messages=[replace(talk.messages[0], created_at=talk.messages[0].created_at.replace(tzinfo=None))],
    ),
    "odd-status": lambda talk: replace(talk, status="HUSH"),
    "odd-object": lambda _: object(),
}
REFUSALS = ("InvalidBody", "Unauthorized", "AccountSuspended", "Forbidden", "NotFound")


async def _done(wish: str, context: ChannelContext) -> Any:
    if wish in REFUSALS:
        raise getattr(kit, wish)(f"Because of {wish}.")
    if wish == "RateLimitExceeded":
        raise kit.RateLimitExceeded("Later.", context.now + timedelta(minutes=5))
    if wish == "limited-without-zone":
        raise kit.RateLimitExceeded("Later.", context.now.replace(tzinfo=None))
    await _asked_for_too_much(wish, context)
    if wish == "breaks":
        raise ZeroDivisionError("HUSH")
    if wish == "slow":
        await asyncio.sleep(LONG_SECONDS)
    if wish == "stubborn":
        for _ in range(LONG_SECONDS):
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(1)
    return ODD.get(wish)


async def _asked_for_too_much(wish: str, context: ChannelContext) -> None:
    if wish == "no-scope":
        await context.pipedrive.get("/api/v2/persons", list[Any], limit=1)
    if wish == "no-deal":
        await context.pipedrive.get("/api/v2/deals/99999999", Any)
    if wish == "for-admins":
        await context.settings.set_of_company(Account("of all"))


async def _view(context: SurfaceContext) -> View:
    return View(await context.channels.all())


EXTENSIONS = (page, inbox)
