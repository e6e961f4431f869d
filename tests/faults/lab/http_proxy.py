"""An HTTP line before the emulator: token replies can be altered after it has committed, or held.

Also rewrites `api_domain`, so that API calls take this line too and are counted.
"""

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import parse_qsl

from tests.faults.lab.loop_thread import LOOPBACK, LoopThread
from tests.faults.lab.token_replies import FORMS, Form, Reply

Stage = Literal["before_send", "after_commit", "after_first_byte", "after_body"]
TOKEN_PATHS = ("/oauth/token", "/oauth/token/")
_DRIP, _SPACES = 1, b" " * 65_536


@dataclass(slots=True)
class Gate:
    """Where requests wait: `reached` is set by the first that comes, `release` lets all go on."""

    stage: Stage
    where: Callable[[Mapping[str, str]], bool]
    arrived: int = 0  # requests that came
    reached: threading.Event = field(default_factory=threading.Event)
    released: threading.Event = field(default_factory=threading.Event)

    def wait(self, seconds: float = 20.0) -> None:
        if not self.reached.wait(seconds):
            raise TimeoutError(f"no token request came to {self.stage} within {seconds} s")

    def release(self) -> None:
        self.released.set()


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode("latin-1")))

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name), "")


@dataclass(slots=True)
class _Order:
    name: str
    form: Form
    grant_type: str
    where: Callable[[Mapping[str, str]], bool]
    left: int | None
    is_instead: bool


class HttpProxy:
    """`counts`: requests, `token <grant_type>`, and each form by name as often as it was sent.

    `url` is what replies name as `api_domain`; a run that puts another line before this one changes it.
    """

    def __init__(self, upstream_port: int) -> None:
        self.counts: Counter[str] = Counter()
        self._upstream_port = upstream_port
        self._orders: list[_Order] = []
        self._gates: list[Gate] = []
        self._line = LoopThread(self._serve)
        self.url = f"http://{LOOPBACK}:{self.port}"

    @property
    def port(self) -> int:
        return self._line.port

    def order(
        self,
        form: str,
        count: int | None = 1,
        *,
        grant_type: str = "refresh_token",
        where: Callable[[Mapping[str, str]], bool] = lambda _: True,
        as_form: Form | None = None,
        is_instead: bool = False,
    ) -> None:
        """The next `count` token replies (None: all) become that form; `where` sees the fields sent.

        `is_instead`: the endpoint never hears of these requests, so that nothing is committed. `as_form` is a
        form of the run's own, `form` being its name.
        """
        order = _Order(form, as_form or FORMS[form], grant_type, where, count, is_instead)
        self._line.call(lambda: self._orders.append(order))

    def clear(self) -> None:
        """No more orders and gates; whoever waits at one goes on."""
        self._line.call(self._clear)

    def hold(self, stage: Stage, where: Callable[[Mapping[str, str]], bool] = lambda _: True) -> Gate:
        """Token requests of such fields wait there until the gate is released or cleared."""
        gate = Gate(stage, where)
        self._line.call(lambda: self._gates.append(gate))
        return gate

    def close(self) -> None:
        self._line.call(self._clear)
        self._line.close()

    def _clear(self) -> None:
        self._orders.clear()
        for gate in self._gates:
            gate.release()
        self._gates.clear()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (request := await _read_request(reader)) is not None:
            self.counts["requests"] += 1
            if request.path in TOKEN_PATHS:
                await self._token(request, writer)
            else:
                writer.write(await self._forward(request))
            await writer.drain()

    async def _token(self, request: _Request, writer: asyncio.StreamWriter) -> None:
        form = request.form()
        self.counts[f"token {form.get('grant_type')}"] += 1
        await self._pass("before_send", form)
        instead = self._order_for(form, is_instead=True)
        raw = b"" if instead else await self._forward(request)
        await self._pass("after_commit", form)
        order = instead or self._order_for(form, is_instead=False)
        if order is None:
            await self._send(raw, form, writer)
            return
        self.counts[order.name] += 1
        await _send_reply(order.form(_object_in(raw)), writer)

    async def _send(self, raw: bytes, form: Mapping[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(raw[:1])
        await writer.drain()
        await self._pass("after_first_byte", form)
        writer.write(raw[1:])
        await writer.drain()
        await self._pass("after_body", form)

    async def _pass(self, stage: Stage, form: Mapping[str, str]) -> None:
        for gate in [gate for gate in self._gates if gate.stage == stage and gate.where(form)]:
            gate.arrived += 1
            gate.reached.set()
            while not gate.released.is_set():  # noqa: ASYNC110 (set by another thread)
                await asyncio.sleep(0.005)

    def _order_for(self, form: Mapping[str, str], *, is_instead: bool) -> _Order | None:
        for order in self._orders:
            fits = order.is_instead == is_instead and order.grant_type == form.get("grant_type")
            if order.left != 0 and fits and order.where(form):
                order.left = None if order.left is None else order.left - 1
                return order
        return None

    async def _forward(self, request: _Request) -> bytes:
        """The whole answer, with the emulator's own address in it replaced by ours."""
        reader, writer = await asyncio.open_connection(LOOPBACK, self._upstream_port)
        try:
            kept = [pair for pair in request.headers if pair[0].lower() not in ("connection", "expect")]
            lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{a}: {b}" for a, b in kept)]
            writer.write("\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + request.body)
            answer = await reader.read(-1)
        finally:
            writer.transport.abort()
        return self._readdressed(answer) if request.path in TOKEN_PATHS else _kept_alive(answer)

    def _readdressed(self, answer: bytes) -> bytes:
        head, _, body = answer.partition(b"\r\n\r\n")
        here = body.replace(f"http://{LOOPBACK}:{self._upstream_port}".encode(), self.url.encode())
        lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-length")]
        lines.append(b"Content-Length: %d" % len(here))
        return _kept_alive(b"\r\n".join(lines) + b"\r\n\r\n" + here)


async def _read_request(reader: asyncio.StreamReader) -> _Request | None:
    """None at the end of the connection. Bodies have a Content-Length, as our clients send it."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.IncompleteReadError:
        return None
    first, *lines = head.rstrip("\r\n").split("\r\n")
    method, path, _ = first.split(" ", 2)
    headers = tuple((name, value.strip()) for name, _, value in (line.partition(":") for line in lines))
    request = _Request(method, path, headers, b"")
    size = int(request.header("content-length") or 0)
    return _Request(method, path, headers, await reader.readexactly(size))


def _kept_alive(answer: bytes) -> bytes:
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(b"connection:")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _object_in(raw: bytes) -> dict[str, object]:
    """The grant that the endpoint answered; nothing when it refused."""
    try:
        found = json.loads(raw.partition(b"\r\n\r\n")[2])
    except ValueError:
        return {}
    return found if isinstance(found, dict) and "access_token" in found else {}


async def _send_reply(reply: Reply, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(reply.stall_seconds)
    size = {"Transfer-Encoding": "chunked"} if reply.is_endless else {"Content-Length": str(len(reply.body))}
    head = [f"HTTP/1.1 {reply.status} Said", *(f"{a}: {b}" for a, b in {**reply.headers, **size}.items())]
    writer.write("\r\n".join([*head, "", ""]).encode("latin-1"))
    while reply.is_endless:
        writer.write(b"%x\r\n%b\r\n" % (len(_SPACES), _SPACES))
        await writer.drain()
    body = reply.body[: reply.cut_at]
    step = _DRIP if reply.drip_seconds else max(1, len(body))
    for start in range(0, len(body), step):
        writer.write(body[start : start + step])
        await writer.drain()
        await asyncio.sleep(reply.drip_seconds)
    if reply.cut_at is not None:
        writer.close()
