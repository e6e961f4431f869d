"""Reading a control request: JSON in, a sentence when it does not fit."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from pipedrive_emulator.apps import App
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.world.company import User


class ControlRefused(Exception):
    """``status`` and the sentence of a control answer that refuses."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


async def read_json(request: Request) -> Any:
    try:
        return await request.json()
    except (ValueError, RecursionError):
        raise ControlRefused(400, "The body must be JSON.") from None


async def read_object(request: Request) -> dict[str, Any]:
    body = await read_json(request)
    if not isinstance(body, dict):
        raise ControlRefused(400, "The body must be a JSON object.")
    return body


def app_of(emulator: Emulator, body: Mapping[str, Any]) -> App:
    app = emulator.apps.by_client_id(str(body.get("client_id", "")))
    if app is None:
        raise ControlRefused(
            404, f"No app has the client_id {body.get('client_id')!r}; see GET /_emulator/apps."
        )
    return app


def user_of(emulator: Emulator, body: Mapping[str, Any]) -> User:
    """The user of ``company_id`` and ``user_id``; both must fit together."""
    user_id, company_id = body.get("user_id"), body.get("company_id")
    user = emulator.world.user(user_id) if isinstance(user_id, int) else None
    if user is None or user.company_id != company_id:
        raise ControlRefused(
            404, f"Company {company_id!r} has no user {user_id!r}; see GET /_emulator/world."
        )
    return user
