"""Control of messaging: the channels that apps have registered, and questions to their apps."""

from base64 import b64decode
from typing import Any

from starlette.requests import Request

from pipedrive_emulator.control.requests import ControlRefused, read_object
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.messaging.asking import File, NoSuchEndpoint, Question
from pipedrive_emulator.world.records import Record

_KEYS = ("channel", "endpoint", "variables", "query", "form", "files")


async def list_channels(_: Request, emulator: Emulator) -> Any:
    return {"channels": [dict(each) for each in emulator.inbox.channels()]}


async def ask(request: Request, emulator: Emulator) -> Any:
    """``{"channel": id, "endpoint", "variables"?, "query"?, "form"?, "files"?}``.

    A channel is named by its own id or the provider's; files are ``{"name", "type", "base64"}``.
    """
    body = await read_object(request)
    if unknown := [key for key in body if key not in _KEYS]:
        raise ControlRefused(400, f"There is no {unknown[0]!r}. There are: {', '.join(_KEYS)}.")
    channel = _channel(emulator, body.get("channel"))
    app = emulator.apps.by_client_id(channel["marketplace_client_id"])
    if app is None:
        raise ControlRefused(404, "The app of this channel was deleted.")
    try:
        reply = await emulator.inbox.ask(app, channel, _question(body))
    except NoSuchEndpoint as refused:
        raise ControlRefused(404, str(refused)) from refused
    if body.get("endpoint") == "deleteChannelById" and reply.status == 200:  # noqa: PLR2004 - it agreed
        emulator.world.records(channel["pd_company_id"]).remove("channels", channel["id"])
    return {"status": reply.status, "body": reply.body, "complaints": list(reply.complaints)}


def _channel(emulator: Emulator, name: Any) -> Record:
    for channel in emulator.inbox.channels():
        if name in (channel["id"], channel["provider_channel_id"]):
            return channel
    raise ControlRefused(404, f"There is no channel {name!r}; see GET /_emulator/channels.")


def _question(body: dict[str, Any]) -> Question:
    texts = {key: body.get(key) or {} for key in ("variables", "query", "form")}
    for key, given in texts.items():
        if not isinstance(given, dict) or not all(isinstance(each, str) for each in given.values()):
            raise ControlRefused(400, f"{key} is an object of texts.")
    try:
        files = tuple(
            File(each["name"], each["type"], b64decode(each["base64"], validate=True))
            for each in body.get("files") or ()
        )
    except (TypeError, KeyError, ValueError) as error:
        raise ControlRefused(400, 'files is a list of {"name", "type", "base64"}.') from error
    return Question(str(body.get("endpoint")), files=files, **texts)
