"""What Pipedrive's inbox asks for: conversations, one of them, and to send a message."""

from examples.inbox.provider import CUSTOMER, Account, Provider
from marketplace_app.kit.messaging import (
    ChannelContext,
    Conversation,
    Conversations,
    Messaging,
    NewMessage,
    NotFound,
    Page,
)

inbox = Messaging("inbox")
provider = Provider()


@inbox.conversations
async def conversations(context: ChannelContext, page: Page) -> Conversations:
    account = _account(context)
    names = list(account.talks)
    first = int(page.after or 0)
    last = first + page.conversations_limit
    talks = [_talk(account, name, Page(messages_limit=page.messages_limit)) for name in names[first:last]]
    return Conversations(talks, after=str(last) if last < len(names) else None)


@inbox.conversation
async def conversation(context: ChannelContext, conversation_id: str, page: Page) -> Conversation:
    return _talk(_account(context), conversation_id, page)


@inbox.post
async def post(context: ChannelContext, message: NewMessage) -> str:
    account = _account(context)
    if message.conversation_id not in account.talks:
        raise NotFound("There is no such conversation.")
    files = [f"{each.filename} ({len(await each.read())} bytes)" for each in message.files]
    text = "\n".join(filter(None, [message.message, *files]))
    return account.write(message.conversation_id, account.owner.id, text, context.now).id


@inbox.deleted
async def deleted(context: ChannelContext) -> None:
    provider.accounts.pop(context.channel.id, None)


def _account(context: ChannelContext) -> Account:
    return provider.account(context.channel.id, context.channel.account, context.now)


def _talk(account: Account, name: str, page: Page) -> Conversation:
    """The newest messages, or those before the one with the number that `page.after` says."""
    if name not in account.talks:
        raise NotFound("There is no such conversation.")
    messages = account.talks[name]
    end = int(page.after) if page.after else len(messages)
    first = max(end - page.messages_limit, 0)
    return Conversation(
        id=name,
        participants=[account.owner, CUSTOMER],
        messages=messages[first:end],
        next_messages_cursor=str(first) if first else None,
    )
