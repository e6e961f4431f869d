"""One small request to a process of ours, without a client library: a command starts faster without."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace")

    def json(self) -> Any:
        return json.loads(self.body)


def request(
    method: str,
    url: str,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = 10.0,
) -> Reply:
    """Sends `body`, when there is one, as JSON, and octets as they are. Redirects are the caller's to follow.

    Raises OSError (http.client.HTTPException too, as ConnectionError) when there is no answer.
    """
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    sent = {"Connection": "close", **(headers or {})}
    if body is not None:
        sent.setdefault("Content-Type", "application/json")
    octets = body if body is None or isinstance(body, bytes) else json.dumps(body)
    try:
        connection.request(method, target, octets, sent)
        response = connection.getresponse()
        return Reply(response.status, response.headers, response.read())
    except http.client.HTTPException as error:
        raise ConnectionError(f"{method} {target}: {type(error).__name__}") from error
    finally:
        connection.close()


def answers(url: str, *, timeout: float = 2.0) -> bool:
    """Whether GET answers 200."""
    try:
        return request("GET", url, timeout=timeout).status == http.HTTPStatus.OK
    except OSError:
        return False
