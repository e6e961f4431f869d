"""Coming back from Pipedrive, as browsers do it: with whatever state, cookie and code."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx2
from redis import Redis

from tests.integration.person import Person
from tests.integration.town import Town

COOKIE = re.compile(r"install=([\w-]{40,}); HttpOnly; Max-Age=600; Path=/oauth; SameSite=lax", re.IGNORECASE)
CONNECT = 'id="connect"'


@dataclass(frozen=True, slots=True)
class Begun:
    """An install that began at our own door, in one browser."""

    state: str
    cookie: str


def begins(town: Town) -> Begun:
    reply = town.http.get(f"{town.stack.app_url}/oauth/install")
    assert reply.status_code == 302
    cookie = COOKIE.fullmatch(reply.headers["set-cookie"])
    assert cookie is not None, reply.headers["set-cookie"]
    return Begun(parse_qs(urlsplit(reply.headers["location"]).query)["state"][0], cookie[1])


def code_of(person: Person) -> str:
    """A fresh authorization code: this person has just allowed the app."""
    return parse_qs(urlsplit(person.decides()).query)["code"][0]


def comes_back(town: Town, query: list[tuple[str, str]], cookie: str | None = None) -> httpx2.Response:
    pairs: list[tuple[str, str | int | float | bool | None]] = [*query]
    headers = {"Cookie": f"install={cookie}"} if cookie else {}
    return town.http.get(f"{town.stack.app_url}/oauth/callback", params=pairs, headers=headers)


def is_connected(person: Person) -> bool:
    """As the person sees it in the panel."""
    page = person.opens(1)
    assert page.status_code == 200, page.text
    return CONNECT not in page.text


def names_in(raw: Redis) -> set[bytes]:
    """Every key that the store holds."""
    return {name for name in raw.keys("*") if isinstance(name, bytes)}


@contextmanager
def store_of(town: Town) -> Iterator[Redis]:
    with Redis.from_url(town.stack.local.redis_url) as raw:
        yield raw
