"""An emulator in a process of its own, and what a test or script asks of it. Standard library only."""

import json
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

READY = "Pipedrive emulator ready on "
_SECONDS = 60


class PipedriveRefused(Exception):
    """The emulator did not start (``status`` 0), or answered with a refusal; the text says why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@contextmanager
def running_pipedrive(*arguments: str) -> Iterator["Pipedrive"]:
    """Start ``python -m pipedrive_emulator serve`` on a free port, and end it with the block."""
    command = [sys.executable, "-m", "pipedrive_emulator", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - this package itself
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith(READY):
                complaint = process.communicate()[1].strip()
                raise PipedriveRefused(0, complaint or "The emulator ended before it was ready.")
            yield Pipedrive(line.removeprefix(READY).strip())
        finally:
            process.terminate()


@dataclass(frozen=True, slots=True)
class Pipedrive:
    """``url`` serves API, OAuth and control; the ledger is read from after entry ``since``."""

    url: str
    since: int = 0

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """One control route, GET without a body and POST with one; raises PipedriveRefused."""
        return self._ask(method or ("GET" if body is None else "POST"), f"/_emulator/{path}", {}, body)

    def call(self, user_id: int, method: str, path: str, body: Any = None) -> Any:
        """The REST API as that user, by their own API token; raises PipedriveRefused."""
        return self._ask(method, path, {"x-api-token": self.user(user_id)["api_token"]}, body)

    def world(self) -> dict[str, Any]:
        """``companies``, ``users``, ``apps``, and ``records`` by table."""
        found: dict[str, Any] = self.control("world")
        return found

    def user(self, who: int | str, company: str = "acme") -> dict[str, Any]:
        """By id, or by name in the company with that domain; raises LookupError."""
        world = self.control("world?tables=")
        ids = {one["id"] for one in world["companies"] if one["domain"] == company}
        for user in world["users"]:
            if who == user["id"] or (who == user["name"] and user["company_id"] in ids):
                found: dict[str, Any] = user
                return found
        raise LookupError(f"There is no user {who!r} in {company}.")

    def register(self, registration: Mapping[str, Any]) -> dict[str, Any]:
        """An app in either form of the README; answers ``client_id``, ``client_secret`` and more."""
        found: dict[str, Any] = self.control("apps", registration)
        return found

    def install(self, client_id: str, user_id: int, door: str = "marketplace") -> dict[str, Any]:
        """Walk every redirect up to the app's callback: ``status``, ``callback_status``, ``callback_url``."""
        answer: dict[str, Any] = self.control("install", self._whose(client_id, user_id) | {"door": door})
        return answer

    def uninstall(self, client_id: str, user_id: int) -> None:
        self.control("uninstall", self._whose(client_id, user_id))

    def surface(self, client_id: str, surface: str, user_id: int, record_id: int | None = None) -> str:
        """The address that the surface is loaded from, with a fresh token."""
        order = {"surface": surface, "record_id": record_id}
        url: str = self.control("surface", self._whose(client_id, user_id) | order)["url"]
        return url

    def advance(self, seconds: float) -> float:
        """Move the clock on; answers the new time once all that fell due on the way has run."""
        now: float = self.control("clock", {"advance_seconds": seconds})["now"]
        return now

    def turn(self, **switches: str) -> None:
        self.control("switches", switches)

    def fault(self, route: str, kind: str, **more: Any) -> None:
        """Order one fault: ``method``, ``company_id``, ``count`` and ``share`` narrow it."""
        self.control("faults", [{"route": route, "kind": kind, **more}])

    def ledger(self, *kinds: str) -> list[dict[str, Any]]:
        """What has happened, of these kinds or all."""
        entries = self.control(f"ledger?since={self.since}")["entries"]
        return [entry for entry in entries if not kinds or entry["kind"] in kinds]

    def api_calls(self, since: int = 0) -> list[dict[str, Any]]:
        """What apps and users asked of the REST API, after the ledger's entry with that number."""
        return [entry for entry in self.ledger("api_call") if entry["n"] > since]

    def records(self, table: str, company: str = "acme") -> dict[int | str, dict[str, Any]]:
        """As they are now, by id: ``deals``, ``persons``, ``organizations``, ``activities`` and the rest."""
        world = self.world()
        owner = next(one["id"] for one in world["companies"] if one["domain"] == company)
        return {one["id"]: one for one in world["records"][table] if one["company_id"] == owner}

    def snapshot(self, name: str) -> None:
        self.control("snapshot", {"name": name})

    def restore(self, name: str) -> None:
        self.control("restore", {"name": name})

    def fresh(self, keep: Sequence[str] = ()) -> "Pipedrive":
        """The world planted anew, with no apps but these client ids; the ledger begins here."""
        for app in self.control("apps")["apps"]:
            if app["client_id"] not in keep:
                self.control(f"apps/{app['client_id']}", method="DELETE")
        self.control("reset", {})
        last = self.control("ledger")["entries"][-1]["n"]
        return Pipedrive(self.url, last)

    def company_url(self, domain: str = "acme") -> str:
        """The origin of a company's pages: browsers find it, other programs may not."""
        return f"http://{domain}.localhost:{urlsplit(self.url).port}"

    def _whose(self, client_id: str, user_id: int) -> dict[str, Any]:
        company_id = self.user(user_id)["company_id"]
        return {"client_id": client_id, "company_id": company_id, "user_id": user_id}

    def _ask(self, method: str, path: str, headers: Mapping[str, str], body: Any) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310 - the address that the emulator itself named
            self.url + path, data, {"Content-Type": "application/json", **headers}, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                text = refused.read().decode("utf-8", "replace")
            raise PipedriveRefused(refused.code, f"{method} {path}: {refused.code} {text}") from None
