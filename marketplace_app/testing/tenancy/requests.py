"""A request to a route, as it is sent by its own user, to be spoilt by an attack."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

Pairs = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Request:
    """`body` is JSON, or octets as they are; `token` goes where the route takes it."""

    method: str
    path: str
    query: Pairs
    token: str = field(repr=False)
    is_bearer: bool
    body: object = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def target(self) -> str:
        pairs = self.query if self.is_bearer or not self.token else (*self.query, ("token", self.token))
        return f"{self.path}?{urlencode(pairs)}"

    @property
    def sent_headers(self) -> dict[str, str]:
        bearer = {"Authorization": f"Bearer {self.token}"} if self.is_bearer and self.token else {}
        return {**bearer, **self.headers}

    def with_token(self, token: str) -> "Request":
        return replace(self, token=token)

    def with_query(self, **changes: str | None) -> "Request":
        """These parameters instead; None takes one away."""
        kept = {**dict(self.query), **changes}
        return replace(self, query=tuple((name, value) for name, value in kept.items() if value is not None))

    def also(self, pairs: Iterable[tuple[str, str]]) -> "Request":
        """These parameters too, at the end, however often they stand there already."""
        return replace(self, query=(*self.query, *pairs))

    def first(self, pairs: Iterable[tuple[str, str]]) -> "Request":
        return replace(self, query=(*pairs, *self.query))

    def with_headers(self, **headers: str) -> "Request":
        """Names with underscores for dashes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return replace(self, headers={**self.headers, **named})

    def at(self, path: str) -> "Request":
        return replace(self, path=path)

    def with_body(self, body: object, **more: Any) -> "Request":
        """With `more`, an object gets these keys besides."""
        return replace(self, body={**body, **more} if isinstance(body, Mapping) else body)

    def __str__(self) -> str:
        """As a person may read it: without the token."""
        sent = "" if self.body is None else f" with {_short(self.body)}"
        query = urlencode([(name, "..." if name == "token" else value) for name, value in self.query])
        return f"{self.method} {self.path}{'?' if query else ''}{query}{sent}"


def _short(body: object) -> str:
    text = body.decode(errors="replace") if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False)
    return text if len(text) <= 200 else f"{text[:200]}..."  # noqa: PLR2004 - as much as one reads
