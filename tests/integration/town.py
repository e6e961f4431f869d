"""A stack with its people, for a module of tests; whatever the app sends is searched for tokens."""

import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any

import httpx2

from marketplace_app.cli.local.child import Child
from tests.harness.secrets import SHAPES
from tests.harness.stack import Stack, running_stack
from tests.integration.person import Person

LINKED = re.compile(r"(?:token=|Bearer )[\w.-]{20,}")


@dataclass(slots=True)
class Town:
    stack: Stack
    http: httpx2.Client
    world: dict[str, Any]
    leaks: list[str] = field(default_factory=list)

    def person(self, name: str, company: str = "acme") -> Person:
        home = next(each for each in self.world["companies"] if each["domain"] == company)
        user = next(
            user for user in self.world["users"] if user["name"] == name and user["company_id"] == home["id"]
        )
        return Person(self.stack, self.http, user, home)

    @property
    def marta(self) -> Person:
        """Admin at Acme."""
        return self.person("Marta Kask")

    @property
    def jack(self) -> Person:
        """Her colleague."""
        return self.person("Jack Miller")

    @property
    def victor(self) -> Person:
        """Her colleague too, in another visibility group."""
        return self.person("Victor Reis")

    @property
    def huy(self) -> Person:
        """Admin of the other company."""
        return self.person("Trần Quốc Huy", "saigon-star")

    def records(self, kind: str, person: Person) -> dict[int, dict[str, Any]]:
        """As they are now, of that person's company."""
        found = self.stack.control.world()["records"][kind]
        return {each["id"]: each for each in found if each["company_id"] == person.company["id"]}

    def ledger(self, since: int, *kinds: str) -> list[dict[str, Any]]:
        return [entry for entry in self.stack.control.ledger(since) if entry["kind"] in kinds]

    def calls(self, since: int) -> list[dict[str, Any]]:
        return self.ledger(since, "api_call")

    def now(self) -> int:
        """The number of the ledger's last entry."""
        return self.marta.ledger_length()

    def advance(self, seconds: float) -> None:
        """Moves everybody's time."""
        self.stack.advance(seconds)

    def time(self) -> int:
        """The emulator's, in epoch seconds, and the app's."""
        return int(self.http.get(f"{self.stack.emulator_url}/_emulator/clock").json()["now"])

    @contextmanager
    def while_stopped(self, child: Child, *, after: float) -> Iterator[None]:
        """That process hangs from so many seconds into the block to its end."""
        timer = Timer(after, child.send, (signal.SIGSTOP,))
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
            child.send(signal.SIGCONT)

    def search(self, response: httpx2.Response) -> None:
        """Nothing that the app sends holds a token, in its body or in its headers."""
        if not str(response.request.url).startswith(self.stack.app_url):
            return
        text = response.read().decode(errors="replace") + str(response.headers)
        found = [name for name, shape in SHAPES.items() if shape.search(text)]
        if found or LINKED.search(text):
            self.leaks.append(f"{response.request.method} {response.request.url.path}: {found}")


@contextmanager
def running_town(folder: Path, **options: Any) -> Iterator[Town]:
    with running_stack(folder, **options) as stack, town_of(stack) as town:
        yield town


@contextmanager
def town_of(stack: Stack) -> Iterator[Town]:
    with httpx2.Client(trust_env=False, timeout=30) as http:
        town = Town(stack, http, stack.control.world())
        http.event_hooks = {"response": [town.search, lambda _: http.cookies.clear()]}
        yield town
    assert town.leaks == []
