"""POST /_emulator/install: the installation as a browser would walk it, over HTTP, redirect by redirect."""

import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from pipedrive_emulator.apps import App
from pipedrive_emulator.control.requests import ControlRefused
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.oauth.authorize import CONSENT
from pipedrive_emulator.oauth.doors import Door, entry_url
from pipedrive_emulator.world.company import User

_MOST_STEPS = 12
_TIMEOUT = aiohttp.ClientTimeout(total=30)


class BrowserResolver(AbstractResolver):
    """Names under localhost lead to this machine, as they do in every browser."""

    def __init__(self) -> None:
        self._inner = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        own = "127.0.0.1" if host.endswith(".localhost") else host
        return await self._inner.resolve(own, port, family)

    async def close(self) -> None:
        await self._inner.close()


@dataclass(frozen=True, slots=True)
class Page:
    url: str
    status: int
    location: str | None


async def install(emulator: Emulator, app: App, user: User, door: Door = "marketplace") -> dict[str, Any]:
    """Walk in through that door until the app's callback has answered.

    Raises:
        ControlRefused: 502 when the app does not answer or the walk leads nowhere.
    """
    async with _browser() as browser:
        try:
            start = entry_url(app, door, emulator.switches, emulator.addresses.api)
            page = await _to_callback(browser, emulator, app, user, start)
        except (aiohttp.ClientError, TimeoutError) as error:
            reason = str(error) or type(error).__name__
            raise ControlRefused(502, f"{app.name} does not answer ({reason}): is it running?") from error
    is_installed = emulator.grants.is_installed(app.client_id, user.company_id, user.id)
    return {
        "status": "installed" if is_installed else "not_installed",
        "callback_status": page.status,
        "callback_url": page.url.partition("?")[0],
    }


async def _to_callback(
    browser: aiohttp.ClientSession, emulator: Emulator, app: App, user: User, start: str
) -> Page:
    company = emulator.world.company(user.company_id)
    host = emulator.addresses.company(company) if company else ""
    url = start
    for _ in range(_MOST_STEPS):
        page = await _open(browser, url)
        if _is_callback(page, app):
            return page
        path = urlsplit(page.url).path
        if page.location is not None:
            url = page.location
        elif path == "/oauth/authorize":
            query = urlsplit(page.url).query
            url = f"{host}{CONSENT}?{query}&login_as={user.id}"
        elif path == CONSENT:
            url = await _allow(browser, page)
        else:
            break
    raise ControlRefused(502, f"The installation ended at {page.url.partition('?')[0]} with {page.status}.")


def _is_callback(page: Page, app: App) -> bool:
    return page.url.partition("?")[0] == app.callback_url


async def _open(browser: aiohttp.ClientSession, url: str) -> Page:
    async with browser.get(url, allow_redirects=False) as response:
        await response.read()
        location = response.headers.get("location")
        return Page(url, response.status, urljoin(url, location) if location else None)


async def _allow(browser: aiohttp.ClientSession, page: Page) -> str:
    """Press the button; the address that the browser is sent to."""
    fields = dict(parse_qsl(urlsplit(page.url).query)) | {"decision": "allow"}
    async with browser.post(page.url.partition("?")[0], data=fields, allow_redirects=False) as response:
        return response.headers.get("location", page.url)


def _browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(resolver=BrowserResolver()),
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        timeout=_TIMEOUT,
    )
