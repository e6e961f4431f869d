"""The settings page: connects an account, tells Pipedrive of what a customer writes, and disconnects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

import msgspec

from examples.inbox.inbox import provider
from examples.inbox.provider import CUSTOMER
from marketplace_app.kit import (
    ActionContext,
    Extension,
    Fragment,
    Replies,
    SettingsContext,
    Snackbar,
    SurfaceContext,
    say,
)
from marketplace_app.kit.messaging import Channel

extension = Extension("connect", title="Inbox")


@dataclass(frozen=True, slots=True)
class View:
    channels: Sequence[Channel]


@dataclass(frozen=True, slots=True)
class Connect:
    account: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


@dataclass(frozen=True, slots=True)
class Chosen:
    channel: str


@extension.settings(template="connect.html")
async def show(context: SettingsContext) -> View:
    return await _view(context)


@extension.action("connect")
async def connect(context: ActionContext, form: Connect) -> Replies:
    """Pipedrive lets only admins, and tells the others so."""
    await context.channels.register(form.account, provider_type="other")
    return Snackbar(say("Connected")), Fragment(await _view(context))


@extension.action("customer-writes")
async def customer_writes(context: ActionContext, form: Chosen) -> Replies:
    """What the service's own webhook would set off."""
    channel = await _chosen(context, form)
    if channel is not None:
        account = provider.account(channel.id, channel.account, context.now)
        message = account.write("talk-2", CUSTOMER.id, "Are you there?", context.now)
        await context.channels.receive(channel, "talk-2", message)
    return Snackbar(say("Look at the inbox"))


@extension.action("disconnect")
async def disconnect(context: ActionContext, form: Chosen) -> Replies:
    channel = await _chosen(context, form)
    if channel is not None:
        await context.channels.close(channel)
        provider.accounts.pop(channel.id, None)
    return Snackbar(say("Disconnected")), Fragment(await _view(context))


async def _view(context: SurfaceContext) -> View:
    return View(await context.channels.all())


async def _chosen(context: ActionContext, form: Chosen) -> Channel | None:
    """Among the viewer's own: what a form says is a wish."""
    return next((each for each in await context.channels.all() if each.id == form.channel), None)
