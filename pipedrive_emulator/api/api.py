"""REST API: from a request to an envelope, whoever asks and over whatever wire."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.api import catalogue, errors, gate, operations
from pipedrive_emulator.api.budget import Budget
from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import ApiError
from pipedrive_emulator.api.query import read_query
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.ledger import Ledger
from pipedrive_emulator.oauth.grants import Grants
from pipedrive_emulator.store import Store
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.world import World


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` by lower-case name; ``started_at`` in epoch seconds of the emulator's clock."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    started_at: float


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]


class Api:
    def __init__(
        self, clock: Clock, world: World, ledger: Ledger, switches: Switches, grants: Grants, store: Store
    ) -> None:
        self._clock = clock
        self._world = world
        self._ledger = ledger
        self._switches = switches
        self._grants = grants
        self._budget = Budget(clock, store)
        self._operations = operations.load()

    def call(
        self, user: User, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None
    ) -> tuple[int, dict[str, Any]]:
        """Act as that user in Pipedrive's own pages: same rules, but no token, scope or budget."""
        try:
            match = self._match(method, path)
            gate.admit_user(user, match.operation)
            return match.operation.ok, self._run(user, match, query or {}, body)
        except ApiError as error:
            return error.status, error.body

    def reply(self, request: Request) -> Reply:
        """Answer a request that came with credentials, and note it in the ledger."""
        try:
            caller = gate.identify(request.headers, self._grants, self._world)
        except ApiError as error:
            self._note(request, None, error.status, 0)
            return Reply(error.status, error.body, error.headers)
        match = self._operations.match(request.method, request.path)
        cost = match.operation.cost if match else 0
        headers = self._budget.spend(self._company(caller.user), caller.token, cost)
        status, body = self._answer(request, caller)
        self._note(request, caller, status, cost)
        return Reply(status, body, headers)

    def _answer(self, request: Request, caller: gate.Caller) -> tuple[int, dict[str, Any]]:
        try:
            if not self._company(caller.user).is_open:
                raise errors.company_closed()
            match = self._match(request.method, request.path)
            gate.admit(caller, match.operation)
            body = _json(request.body) if request.body else None
            return match.operation.ok, self._run(caller.user, match, request.query, body)
        except ApiError as error:
            return error.status, error.body

    def _match(self, method: str, path: str) -> operations.Match:
        match = self._operations.match(method, path)
        if match is None:
            raise errors.wrong_method() if self._operations.knows(path) else errors.unknown_path()
        return match

    def _run(
        self, user: User, match: operations.Match, query: Mapping[str, str], body: Any
    ) -> dict[str, Any]:
        operation = match.operation
        serve = catalogue.handler(operation)
        if serve is None:
            raise errors.not_served(operation.method, f"/{operation.version}{operation.path}")
        call = Call(
            operation=operation,
            world=self._world,
            company=self._company(user),
            user=user,
            switches=self._switches,
            now=self._clock.now(),
            variables=match.variables,
            query=read_query(operation, query),
            body=body,
        )
        return serve(call).envelope()

    def _company(self, user: User) -> Company:
        company = self._world.company(user.company_id)
        if company is None:
            raise LookupError(f"user {user.id} belongs to no company")
        return company

    def _note(self, request: Request, caller: gate.Caller | None, status: int, cost: int) -> None:
        """Values of the query stay out of the ledger, its names do not."""
        self._ledger.append(
            "api_call",
            company_id=caller.user.company_id if caller else None,
            user_id=caller.user.id if caller else None,
            client_id=caller.client_id if caller else None,
            token=caller.token if caller else None,
            method=request.method,
            path=request.path,
            query=sorted(request.query),
            status=status,
            cost=cost,
            started_at=round(request.started_at, 6),
            ended_at=round(self._clock.now(), 6),
        )


def _json(body: bytes) -> Any:
    """What cannot be written down again (NaN, half a surrogate pair, endless nesting) is no JSON either."""
    try:
        value = json.loads(body)
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise errors.invalid([("body", "The request body is not valid JSON")]) from None
    return value
