"""The messaging inbox: conversations of the user's own channels, asked of their app each time, and a reply.

https://pipedrive.readme.io/docs/messaging-app-extension shows Pipedrive's.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from pipedrive_emulator.apps import App
from pipedrive_emulator.forms import read_form
from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.list_pages import Choice
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.messaging.asking import NoSuchEndpoint, Question, Reply
from pipedrive_emulator.world.records import Record

MESSAGES = "/leads/messages"
_LIMITS = {"conversations_limit": "30", "messages_limit": "30"}


@dataclass(frozen=True, slots=True)
class Said:
    who: str
    at: str
    text: str
    status: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Talk:
    id: str
    href: str
    names: str
    last: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """``problem`` is a sentence when the app's answer cannot be shown."""

    talks: tuple[Talk, ...] = ()
    problem: str = ""


async def messages(visit: Visit) -> Response:
    """``?channel=ID&conversation=ID``; without them the first channel, and no conversation."""
    query = visit.request.query_params
    channels = _channels(visit)
    channel = _chosen(channels, query.get("channel"))
    list_of = chosen = Found()
    if channel is not None:
        list_of = await _talks(visit, channel, Question("getConversations", query=_LIMITS))
        if wanted := query.get("conversation"):
            question = Question("getConversationById", {"sourceConversationId": wanted}, _LIMITS)
            chosen = await _talks(visit, channel, question)
    return visit.page(
        "messages.html",
        section="leads",
        choices=[Choice(each["name"], _href(each), each is channel) for each in channels],
        channel=channel,
        found=list_of,
        chosen=chosen,
        talk=next(iter(chosen.talks), None),
    )


async def send(visit: Visit) -> Response:
    """A reply, in the name of the channel's own user; back to the conversation when the app took it."""
    form = await read_form(visit.request)
    channel = _chosen(_channels(visit), form.get("channel", ""))
    if channel is None:
        raise Refused(404, "You have no such channel.")
    question = Question(
        "getConversationById", {"sourceConversationId": form.get("conversation", "")}, _LIMITS
    )
    talk = _data(await _asked(visit, channel, question))
    people = talk["participants"]
    fields = {
        "message": form.get("message", ""),
        "senderId": next(each["id"] for each in people if each["role"] == "source_user"),
        "conversationId": talk["id"],
        "recipientIds[]": ",".join(each["id"] for each in people if each["role"] == "end_user"),
    }
    _data(await _asked(visit, channel, Question("postMessage", form=fields)))
    return RedirectResponse(_href(channel, conversation=talk["id"]), status_code=303)


def _channels(visit: Visit) -> list[Record]:
    return [each for each in visit.emulator.inbox.channels() if each["pd_user_id"] == visit.user.id]


def _chosen(channels: list[Record], channel_id: str | None) -> Record | None:
    """The first when none is named."""
    return next((each for each in channels if channel_id in (None, each["id"])), None)


async def _talks(visit: Visit, channel: Record, question: Question) -> Found:
    try:
        data = _data(await _asked(visit, channel, question))
    except Refused as refused:
        return Found(problem=str(refused))
    rows = data if isinstance(data, list) else [data]
    return Found(tuple(_talk(visit, channel, row) for row in rows))


async def _asked(visit: Visit, channel: Record, question: Question) -> Reply:
    try:
        return await visit.emulator.inbox.ask(_app(visit, channel), channel, question)
    except NoSuchEndpoint as missing:
        raise Refused(404, str(missing)) from missing


def _app(visit: Visit, channel: Record) -> App:
    app = visit.emulator.apps.by_client_id(channel["marketplace_client_id"])
    if app is None:
        raise Refused(404, "The app of this channel was deleted.")
    return app


def _data(reply: Reply) -> Any:
    """Raises Refused for what cannot be shown, with the reason."""
    if reply.complaints:
        raise Refused(502, f"The app's answer is not as documented: {reply.complaints[0]}")
    if not reply.body.get("success"):
        told = reply.body["data"]
        raise Refused(502, f"The app refused: {told['message']} ({told['code']})")
    return reply.body["data"]


def _talk(visit: Visit, channel: Record, row: Record) -> Talk:
    names = {each["id"]: each["name"] for each in row["participants"]}
    others = [each["name"] for each in row["participants"] if each["role"] == "end_user"]
    said = tuple(
        Said(
            names.get(each["sender_id"], each["sender_id"]),
            visit.wording.moment(each["created_at"]),
            each["message"],
            each["status"],
            tuple(file.get("name") or file["id"] for file in each.get("attachments", ())),
        )
        for each in row["messages"]
    )
    href = _href(channel, conversation=row["id"])
    return Talk(row["id"], href, ", ".join(others), said[-1].text if said else "", said)


def _href(channel: Record, **more: str) -> str:
    return f"{MESSAGES}?{urlencode({'channel': channel['id'], **more})}"
