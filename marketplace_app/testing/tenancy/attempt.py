"""One attempt on the app: what was asked, and everything that came of it, weighed afterwards.

The oracles are not the app's: its answers byte by byte, its log, and the emulator's ledger of API calls.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Any, Self

from marketplace_app.cli.local.fetch import Reply as Answer
from marketplace_app.cli.local.fetch import request as send
from marketplace_app.testing.control import Person
from marketplace_app.testing.tenancy.requests import Request
from marketplace_app.testing.tenancy.stage import Stage

SECONDS = 30.0


class TenancyBroken(Exception):
    """What somebody got at, or did, who must not; one sentence each."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))


@dataclass(slots=True)
class Attempt:
    """`actor` is whose data may be met and in whose name Pipedrive may be asked; without one, nobody's.

    Of a `crowd` each asks for themselves, at once.
    """

    stage: Stage
    actor: Person | None = None
    may_write: bool = False
    crowd: tuple[Person, ...] = ()
    complaints: list[str] = field(default_factory=list)
    _asked: list[tuple[Request, str, Person | None]] = field(default_factory=list)
    _since: int = 0
    _log_begins: int = 0

    def __enter__(self) -> Self:
        self._since = self.stage.newest_entry()
        self._log_begins = self.stage.log_length()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raises TenancyBroken."""
        if kind is not None:
            return
        for asked, text, actor in self._asked:
            self._weigh(str(asked), text, actor)
        self._weigh_calls()
        self._weigh("The app's log", self.stage.log_from(self._log_begins), self.actor)
        if self.complaints:
            raise TenancyBroken(list(dict.fromkeys(self.complaints)))

    def ask(self, asked: Request, *, refused_with: Collection[int] = (), by: Person | None = None) -> Answer:
        """With `refused_with`, any other status is a complaint. `by` is who of the crowd asks."""
        url = self.stage.app.url + asked.target
        answer = send(asked.method, url, body=asked.body, headers=asked.sent_headers, timeout=SECONDS)
        self._asked.append((asked, f"{answer.headers}\n{answer.text}", by or self.actor))
        if answer.headers.get("surface-state") == "skeleton":
            self._ask_the_rest(asked, by)
        if refused_with and answer.status not in refused_with:
            wanted = " or ".join(map(str, sorted(refused_with)))
            self.complaints.append(f"{asked} was answered {answer.status}, not {wanted}.")
        return answer

    def _ask_the_rest(self, asked: Request, by: Person | None) -> None:
        """As surface.js does, so that what is under way is weighed here, and not in the next attempt."""
        self.ask(replace(asked, path=f"{asked.path}/sections/all", is_bearer=True), by=by)

    def complain(self, sentence: str) -> None:
        self.complaints.append(sentence)

    def _weigh(self, what: str, text: str, actor: Person | None) -> None:
        for name in sorted(self.stage.scan.secrets_in(text)):
            self.complain(f"{what}: holds {name}.")
        domain = actor.domain if actor else ""
        may_see_hidden = actor == self.stage.owner
        for whose in sorted(self.stage.scan.strange_in(text, domain, may_see_hidden=may_see_hidden)):
            self.complain(f"{what}: holds {whose}, asked by {_named(actor)}.")

    def _weigh_calls(self) -> None:
        allowed = {each.ids for each in (self.actor, *self.crowd) if each is not None}
        for call in self.stage.calls_since(self._since):
            said = f"{call['method']} {call['path']}"
            whose = self.stage.name_of(call)
            if not allowed:
                self.complain(f"Pipedrive was asked {said} as {whose}, for somebody who must not get in.")
            elif (call["company_id"], call["user_id"]) not in allowed:
                self.complain(f"Pipedrive was asked {said} as {whose}, for {_named(self.actor)}.")
            elif call["method"] != "GET" and not self.may_write:
                self.complain(f"Pipedrive was asked {said}, where nothing may be written.")


def _named(person: Person | None) -> str:
    return f"{person.name} of {person.domain}" if person else "somebody else"


def envelope_of(answer: Answer) -> dict[str, Any]:
    """Empty when it is no JSON object."""
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
