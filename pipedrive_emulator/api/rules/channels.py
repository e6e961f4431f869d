"""Messaging channels of apps, with their conversations: https://developers.pipedrive.com/docs/api/v1/Channels.

A channel belongs to the app that made it; it is named by its own id or by the provider's.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from pipedrive_emulator.api.body import read_leniently
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError
from pipedrive_emulator.clock import rfc3339
from pipedrive_emulator.world.records import Record

CHANNELS, CONVERSATIONS = "channels", "conversations"
_TIMES = ("created_at", "reply_by")


def create(call: Call) -> Answer:
    if not call.user.is_admin:
        raise _refused(403, "Only admins can register channels.", "ERR_FORBIDDEN")
    values = read_leniently(call)
    if any(row["provider_channel_id"] == values["provider_channel_id"] for row in _own(call)):
        raise _refused(400, "This provider_channel_id has a channel already.", "ERR_CHANNEL_EXISTS")
    record = {
        "id": str(uuid4()),
        "name": values["name"],
        "avatar_url": values.get("avatar_url") or "",
        "provider_channel_id": values["provider_channel_id"],
        "marketplace_client_id": call.client_id or "",
        "pd_company_id": call.company.id,
        "pd_user_id": call.user.id,
        "created_at": call.v1_time,
        "provider_type": values.get("provider_type") or "other",
        "template_support": bool(values.get("template_support")),
    }
    return Answer(call.records.put(CHANNELS, record["id"], record))


def delete(call: Call) -> Answer:
    """With its conversations and their messages."""
    record = _channel(call, call.variables["id"], 400)
    for row in list(call.records.where(CONVERSATIONS, "channel_id", record["id"])):
        call.records.remove(CONVERSATIONS, _key(record, row["conversation_id"]))
    call.records.remove(CHANNELS, record["id"])
    return Answer(None)


def receive(call: Call) -> Answer:
    """Add a message to a conversation, which begins with its first; a known id is that message, changed."""
    values = read_leniently(call)
    channel = _channel(call, values["channel_id"], 400)
    message = {"attachments": [], **values}
    message |= {key: _moment(key, values[key]) for key in _TIMES if values.get(key)}
    key = _key(channel, values["conversation_id"])
    begun = {"channel_id": channel["id"], "conversation_id": values["conversation_id"], "messages": []}
    conversation = call.records.find(CONVERSATIONS, key) or begun
    others = [row for row in conversation["messages"] if row["id"] != message["id"]]
    call.records.put(CONVERSATIONS, key, {**conversation, "messages": [*others, message]})
    return Answer(message)


def delete_conversation(call: Call) -> Answer:
    channel = _channel(call, call.variables["channel-id"], 404)
    key = _key(channel, call.variables["conversation-id"])
    if call.records.remove(CONVERSATIONS, key) is None:
        raise _refused(404, "The conversation was not found.", "ERR_NOT_FOUND")
    return Answer(None)


def _channel(call: Call, name: str, status: int) -> Record:
    """Raises ApiError: ``status`` for a channel that is nowhere, 403 for another app's."""
    names = ("id", "provider_channel_id")
    found = [row for row in call.records.all(CHANNELS) if name in [row[key] for key in names]]
    if not found:
        raise _refused(status, "The channel was not found.", "ERR_CHANNEL_NOT_FOUND")
    own = next((row for row in found if row["marketplace_client_id"] == (call.client_id or "")), None)
    if own is None:
        raise _refused(403, "The channel belongs to another app.", "ERR_FORBIDDEN")
    return own


def _own(call: Call) -> list[Record]:
    return call.records.where(CHANNELS, "marketplace_client_id", call.client_id or "")


def _key(channel: Record, conversation_id: str) -> str:
    return f"{channel['id']}/{conversation_id}"


def _moment(key: str, text: str) -> str:
    """Written as ``YYYY-MM-DD HH:MM`` in UTC, answered with milliseconds."""
    try:
        parsed = datetime.fromisoformat(text)
        moment = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        return rfc3339(moment.timestamp()).replace("Z", ".000Z")
    except (ValueError, OverflowError):
        raise _refused(400, f"{key} is not a valid time.", "ERR_INVALID_INPUT") from None


def _refused(status: int, error: str, code: str) -> ApiError:
    """This service's own envelope: the code lies in additional_data."""
    info = "Please check developers.pipedrive.com"
    body: dict[str, Any] = {"error": error, "error_info": info, "additional_data": {"code": code}}
    return ApiError(status, body)


OPERATIONS = {
    "POST v1/channels": create,
    "DELETE v1/channels/{id}": delete,
    "POST v1/channels/messages/receive": receive,
    "DELETE v1/channels/{channel-id}/conversations/{conversation-id}": delete_conversation,
}
