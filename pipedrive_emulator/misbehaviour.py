"""Carries ordered faults out: a pure ASGI layer around everything but the control routes."""

import asyncio
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipedrive_emulator.api.gate import company_of_credentials
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.faults import Fault
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.server import TRANSPORT

_DRIP_SECONDS = 0.25
_ASK_AGAIN = {429: "Request over limit", 503: "Service unavailable"}


class Misbehaviour:
    """Finds the fault that a request meets; requests that meet none pass untouched."""

    def __init__(self, app: ASGIApp, emulator: Emulator) -> None:
        self._app = app
        self._emulator = emulator

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._emulator.faults.any_open() or _is_control(scope):
            await self._app(scope, receive, send)
            return
        receive, company_id = await self._company(scope, receive)
        fault = self._emulator.faults.take(scope["method"], scope["path"], company_id)
        if fault is None:
            await self._app(scope, receive, send)
            return
        facts = {"route": fault.route, "method": scope["method"], "path": scope["path"]}
        self._emulator.ledger.append("fault", company_id=company_id, fault=fault.kind, **facts)
        await self._commit(fault, scope, receive, send)

    async def _commit(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        match fault.kind:
            case "status":
                await _status(int(fault.argument))(scope, receive, send)
            case "delay":
                await asyncio.sleep(fault.argument)
                await self._app(scope, receive, send)
            case "reset":
                _cut(scope)
            case "garbage":
                await PlainTextResponse("<html><pre>\x00 upstream says hello", media_type="application/json")(
                    scope, receive, send
                )
            case "lost" | "half" | "drip":
                await self._app(scope, receive, _Spoiler(fault.kind, scope, send))

    async def _company(self, scope: Scope, receive: Receive) -> tuple[Receive, int | None]:
        """By the credentials; for the OAuth routes by the code or token in the form."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not scope["path"].startswith("/oauth/"):
            return receive, company_of_credentials(headers, self._emulator.grants, self._emulator.world)
        message = await receive()
        while message.get("more_body"):
            more = await receive()
            message = {**more, "body": message["body"] + more.get("body", b"")}
        return _Replay(message, receive), _company_in_form(message.get("body", b""))


class _Replay:
    """Gives a body that was read ahead to whoever reads it next."""

    def __init__(self, message: Message, receive: Receive) -> None:
        self._messages = [message]
        self._receive = receive

    async def __call__(self) -> Message:
        return self._messages.pop() if self._messages else await self._receive()


class _Spoiler:
    """The work is done, only its answer is lost, halved or dripped."""

    def __init__(self, kind: str, scope: Scope, send: Send) -> None:
        self._kind = kind
        self._scope = scope
        self._send = send

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if self._kind == "lost":
            _cut(self._scope)
        elif message["type"] != "http.response.body":
            await self._send(message)
        elif self._kind == "half":
            body = message["body"]
            await self._send({**message, "body": body[: len(body) // 2], "more_body": True})
            await asyncio.sleep(_DRIP_SECONDS)
            _cut(self._scope)
        else:
            await self._drip(message["body"])

    async def _drip(self, body: bytes) -> None:
        for place in range(len(body)):
            if _transport(self._scope).is_closing():
                return
            await self._send(
                {"type": "http.response.body", "body": body[place : place + 1], "more_body": True}
            )
            await asyncio.sleep(_DRIP_SECONDS)
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})


def _company_in_form(body: bytes) -> int | None:
    form = dict(parse_qsl(body.decode("utf-8", "replace")))
    text = form.get("refresh_token") or form.get("code") or form.get("token") or ""
    return whole_number(text.replace(".", ":").partition(":")[0])


def _status(code: int) -> JSONResponse:
    headers = {"Retry-After": "2"} if code in _ASK_AGAIN else {}
    error = _ASK_AGAIN.get(code, f"ordered fault {code}")
    return JSONResponse({"success": False, "error": error, "errorCode": code}, code, headers)


def _is_control(scope: Scope) -> bool:
    return bool(scope["path"].startswith("/_emulator"))


def _transport(scope: Scope) -> asyncio.Transport:
    transport: asyncio.Transport = scope["extensions"][TRANSPORT]["transport"]
    return transport


def _cut(scope: Scope) -> None:
    """Reset the connection under the caller."""
    _transport(scope).abort()
