"""REST API: from a request to an envelope, whoever asks and over whatever wire."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pipedrive_emulator.api import bodies, catalogue, errors, gate, operations, permissions, removed
from pipedrive_emulator.api.budget import Asker, Budget
from pipedrive_emulator.api.call import Answer, Call, Content
from pipedrive_emulator.api.desk import Desk
from pipedrive_emulator.api.errors import ApiError
from pipedrive_emulator.api.operations import Match, Operation
from pipedrive_emulator.api.query import read_query
from pipedrive_emulator.base import Base
from pipedrive_emulator.world.company import Company, User

# What a job's Call has for an operation: nobody asked over HTTP.
_NO_OPERATION = Operation("", "", "/", 0, frozenset(), 200, {}, {}, frozenset())


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
    """``body`` is the envelope, or Content for a file."""

    status: int
    body: dict[str, Any] | Content
    headers: Mapping[str, str] = field(default_factory=dict)


class Api:
    def __init__(self, base: Base, desk: Desk) -> None:
        self._base = base
        self._desk = desk
        self._budget = Budget(base.clock, base.store, base.switches)
        self._operations = operations.load()

    def call(
        self, user: User, method: str, path: str, query: Mapping[str, str] | None = None, body: Any = None
    ) -> tuple[int, dict[str, Any]]:
        """Act as that user in Pipedrive's own pages: same rules, but no token, scope or budget."""
        try:
            match = self._match(method, path)
            gate.admit_user(user, match.operation)
            facts = _facts(match, query or {}, body)
            reply = self._reply(match, self._desk.perform(user, _handler(match), source="app", **facts))
        except ApiError as error:
            return error.status, error.body
        if isinstance(reply.body, Content):
            raise TypeError(f"{method} {path} answers a file")
        return reply.status, reply.body

    def budget(self, company: Company) -> tuple[int, int]:
        """API tokens that the company spent today, and how many it has a day."""
        return self._budget.today(company)

    def run_job(self, user_id: int, name: str, facts: dict[str, Any]) -> None:
        """Do what a call ordered for later, in the name of whoever ordered it."""
        user = self._base.world.user(user_id)
        if user is not None:
            unasked = _facts(Match(_NO_OPERATION, {}), {}, None)
            self._desk.perform(user, lambda call: catalogue.JOBS[name](call, facts), source="app", **unasked)

    def reply(self, request: Request) -> Reply:
        """Answer a request that came with credentials, and note it in the ledger."""
        try:
            caller = gate.identify(self._credentials(request), self._base.grants, self._base.world)
        except ApiError as error:
            self._note(request, None, error.status, 0)
            return Reply(error.status, error.body, error.headers)
        match = self._operations.match(request.method, request.path)
        asker = self._asker(request, caller, match)
        if page := self._budget.block(asker):
            self._note(request, caller, page.status, 0)
            return Reply(page.status, page)
        cost = match.operation.cost if match else 0
        answer = self._budgeted(asker, cost, request, caller)
        self._note(request, caller, answer.status, 0 if self._is_free(answer) else cost)
        return Reply(answer.status, answer.body, {**self._budget.headers(asker), **answer.headers})

    def _credentials(self, request: Request) -> Mapping[str, str]:
        """The headers; by switch an API token in the query stands for one there."""
        token = request.query.get("api_token")
        if token is None or self._base.switches.get("query_api_token") == "refused":
            return request.headers
        return {"x-api-token": token, **request.headers}

    def _asker(self, request: Request, caller: gate.Caller, match: Match | None) -> Asker:
        path = match.operation.path if match else ""
        return Asker(
            company=self._desk.company(caller.user),
            user_id=caller.user.id,
            token=caller.token,
            is_app=caller.client_id is not None,
            is_search=path.endswith("/search") or path.startswith("/itemSearch"),
            is_write=request.method in ("POST", "PUT"),
        )

    def _budgeted(self, asker: Asker, cost: int, request: Request, caller: gate.Caller) -> Reply:
        try:
            self._budget.admit(asker, cost)
        except ApiError as error:
            return Reply(error.status, error.body, error.headers)
        answer = self._answer(request, caller)
        if self._is_free(answer):
            self._budget.give_back(asker.company, cost)
        return answer

    def _is_free(self, answer: Reply) -> bool:
        """Being refused for asking too often costs nothing; other errors, by switch."""
        is_error = answer.status >= HTTPStatus.BAD_REQUEST
        free = self._base.switches.get("failed_requests") == "free"
        return answer.status == HTTPStatus.TOO_MANY_REQUESTS or (is_error and free)

    def _answer(self, request: Request, caller: gate.Caller) -> Reply:
        try:
            if not self._desk.company(caller.user).is_open:
                raise errors.company_closed()
            match = self._match(request.method, request.path)
            gate.admit(caller, match.operation, self._base.world.records(caller.user.company_id))
            body, files = bodies.read(_media_type(match, request), request.body)
            result = self._desk.perform(
                caller.user,
                _handler(match),
                source="api",
                agent=request.headers.get("user-agent", ""),
                client_id=caller.client_id,
                files=files,
                **_facts(match, request.query, body),
            )
            return self._reply(match, result)
        except ApiError as error:
            return Reply(error.status, error.body, error.headers)

    def _reply(self, match: Match, result: Answer | Content) -> Reply:
        headers = {"deprecation": "true"} if match.operation.deprecated else {}
        if isinstance(result, Content):
            return Reply(result.status, result, headers)
        return Reply(result.status or match.operation.ok, result.envelope(), headers)

    def _match(self, method: str, path: str) -> Match:
        match = self._operations.match(method, path)
        if match is not None and match.operation.is_removed:
            refusal = removed.refusal(self._base.switches.get("removed_v1"))
            if refusal is not None:
                raise refusal
        if match is None:
            raise errors.wrong_method() if self._operations.knows(path) else errors.unknown_path()
        return match

    def _note(self, request: Request, caller: gate.Caller | None, status: int, cost: int) -> None:
        """Values of the query stay out of the ledger, its names do not."""
        self._base.ledger.append(
            "api_call",
            company_id=caller.user.company_id if caller else None,
            user_id=caller.user.id if caller else None,
            client_id=caller.client_id if caller else None,
            token=caller.token if caller else gate.presented(request.headers),
            method=request.method,
            path=request.path,
            query=sorted(request.query),
            status=status,
            cost=cost,
            started_at=round(request.started_at, 6),
            ended_at=round(self._base.clock.now(), 6),
        )


def _media_type(match: Match, request: Request) -> str:
    """Raises ApiError 400 for a form where only JSON will do: all of v2 but images; none without a body."""
    media_type = request.headers.get("content-type", "")
    is_form = media_type.startswith(("multipart/", "application/x-www-form-urlencoded"))
    if (
        is_form
        and request.body
        and match.operation.version == "v2"
        and not match.operation.path.endswith("/images")
    ):
        raise errors.not_json()
    return media_type


def _handler(match: Match) -> catalogue.Handler:
    operation = match.operation
    serve = removed.handler(operation) if operation.is_removed else catalogue.handler(operation)
    if serve is None:
        raise errors.not_served(operation.method, f"/{operation.version}{operation.path}")

    def serve_permitted(call: Call) -> Answer | Content:
        permissions.check(call)
        return serve(call)

    return serve_permitted


def _facts(match: Match, query: Mapping[str, str], body: Any) -> dict[str, Any]:
    """The fields of a Call that come from the request itself."""
    return {
        "operation": match.operation,
        "variables": match.variables,
        "query": read_query(match.operation, query),
        "body": body,
    }
