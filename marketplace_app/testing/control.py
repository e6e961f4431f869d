"""The emulator as a test steers and asks it, through its control routes alone (docs/architecture.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

from marketplace_app.cli.local.fetch import request
from marketplace_app.domain.surface import Surface

_SECONDS = 60.0
_GLANCE_SECONDS = 0.05
_REFUSED = 300  # a redirect would be a surprise too


class ControlRefused(Exception):
    """The emulator did not do as it was asked; the text has its answer."""


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the emulator's world, with the company's domain."""

    id: int
    company_id: int
    name: str
    domain: str
    is_admin: bool
    api_token: str = field(repr=False)

    @property
    def ids(self) -> tuple[int, int]:
        return self.company_id, self.id


@dataclass(frozen=True, slots=True)
class Control:
    url: str

    def ask(self, method: str, what: str, body: object = None) -> Any:
        return self._answer(method, f"/_emulator/{what}", body, {})

    def call(self, person: Person, method: str, path: str, **body: Any) -> Any:
        """The API as that person, beside the app: to prepare records and to look at them."""
        headers = {"x-api-token": person.api_token}
        return self._answer(method, path, body or None, headers)["data"]

    def people(self) -> list[Person]:
        """Everybody who can sign in, company by company."""
        world = self.ask("GET", "world?tables=")
        domains = {company["id"]: company["domain"] for company in world["companies"]}
        return [
            Person(
                user["id"],
                user["company_id"],
                user["name"],
                domains[user["company_id"]],
                user["is_admin"],
                user["api_token"],
            )
            for user in world["users"]
        ]

    def records(self, kind: str, company_id: int) -> dict[int | str, dict[str, Any]]:
        """As they are now: `deals`, `persons`, `organizations`, `activities`, `leads` or `products`."""
        found = self.ask("GET", "world")["records"][kind]
        return {each["id"]: each for each in found if each["company_id"] == company_id}

    def now(self) -> float:
        """The emulator's time, epoch seconds."""
        return float(self.ask("GET", "clock")["now"])

    def ledger(self, since: int = 0) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.ask("GET", f"ledger?since={since}")["entries"]
        return entries

    def last_entry(self, since: int = 0) -> int:
        """The number of the ledger's newest entry; `since` is one that is known."""
        entries = self.ledger(since)
        return int(entries[-1]["n"]) if entries else since

    def install(self, client_id: str, person: Person) -> None:
        """Walks the OAuth flow of a Marketplace install to its last page. Raises ControlRefused."""
        answer = self.ask("POST", "install", _whose(client_id, person))
        if answer["status"] != "installed":
            raise ControlRefused(f"{person.name} could not install the app: {answer}")

    def uninstall(self, client_id: str, person: Person) -> None:
        """And waits until the app was told. Raises ControlRefused."""
        since = self.last_entry()
        self.ask("POST", "uninstall", _whose(client_id, person))
        ends_at = monotonic() + _SECONDS
        while not any(entry["kind"] == "uninstall_delivered" for entry in self.ledger(since)):
            if monotonic() > ends_at:
                raise ControlRefused(f"The app was not told that {person.name} uninstalled it.")
            sleep(_GLANCE_SECONDS)

    def surface(
        self, client_id: str, surface: Surface, person: Person, place: Mapping[str, Any]
    ) -> tuple[str, str]:
        """The address as Pipedrive would load it now, and its token."""
        order = {**_whose(client_id, person), "surface": surface.name, **place}
        answer = self.ask("POST", "surface", order)
        return str(answer["url"]), str(answer["token"])

    def _answer(self, method: str, path: str, body: object, headers: Mapping[str, str]) -> Any:
        reply = request(method, self.url + path, body=body, headers=headers, timeout=_SECONDS)
        if reply.status >= _REFUSED:
            raise ControlRefused(f"{method} {path}: {reply.status} {reply.text[:500]}")
        return reply.json()


def named(people: list[Person], who: int | str, company: str = "") -> Person:
    """By id, or by a part of the name; `company` is a domain. Raises LookupError with who there is."""
    known = [each for each in people if company in ("", each.domain)]
    found = [each for each in known if each.id == who or (isinstance(who, str) and _is_called(each, who))]
    if len(found) == 1:
        return found[0]
    chosen = found or known
    names = ", ".join(f"{each.name} ({each.domain}, {each.id})" for each in chosen)
    if not found:
        raise LookupError(f"There is no user {who!r}; there are: {names or 'none'}.")
    raise LookupError(f"{who!r} may be any of: {names}. Say the id, or company='{found[0].domain}'.")


def _is_called(person: Person, who: str) -> bool:
    return who == person.name or who.lower() in person.name.lower().split()


def _whose(client_id: str, person: Person) -> dict[str, Any]:
    return {"client_id": client_id, "company_id": person.company_id, "user_id": person.id}
