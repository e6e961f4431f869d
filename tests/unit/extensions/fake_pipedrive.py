"""Pipedrive's API in memory, below the real client: records in, answers out, and who asked for what."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from marketplace_app.domain.principal import Principal
from marketplace_app.domain.selection import Selection
from marketplace_app.errors import InstallationError
from marketplace_app.kit import ActionContext, PanelContext, SurfaceContext, Viewer, Words
from marketplace_app.kit.context import CompanyLookUps, Keeping
from marketplace_app.pipedrive.client import Access, AccessSource, PipedriveClient
from marketplace_app.pipedrive.protocol import ApiAnswer
from marketplace_app.pipedrive.transport import ApiTransport
from tests.makers import StoppedClock, principal
from tests.unit.extensions.examples import HANOI, NOW

Record = dict[str, Any]

WRITTEN_AT = datetime(2026, 11, 23, 8, 5, tzinfo=UTC)
_EXTRAS = ("notes_count", "participants_count", "done_activities_count", "last_outgoing_mail_time")
_COSTS = {"deals": 10, "activities": 10, "persons": 10, "stages": 5, "pipelines": 5, "dealFields": 10}


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    query: Mapping[str, str]
    body: Record


class FakePipedrive(ApiTransport):
    """`tables` maps a resource to its records by id; `failures` a path to the status that it answers."""

    def __init__(self, tables: Mapping[str, list[Any]]) -> None:
        super().__init__()
        self.tables = {
            name: {row["id"]: row for row in (msgspec.to_builtins(record) for record in records)}
            for name, records in tables.items()
        }
        self.failures: dict[str, int] = {}
        self.calls: list[Call] = []

    async def send(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> ApiAnswer:
        assert headers["Authorization"] == "Bearer the viewer's"
        split = urlsplit(url)
        call = Call(method, split.path, dict(parse_qsl(split.query)), json.loads(body or b"{}"))
        self.calls.append(call)
        failure = self.failures.get(f"{method} {call.path}") or self.failures.get(call.path)
        data = None if failure else self._answer(call)
        if data is None:
            return ApiAnswer(
                failure or 404, {}, b'{"success":false,"error":"refused; a 429 is the daily one"}'
            )
        return ApiAnswer(200, {}, msgspec.json.encode({"success": True, "data": data}))

    @property
    def cost(self) -> int:
        """API tokens of the calls so far. https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting"""
        return sum(_cost(call) for call in self.calls)

    def writes(self) -> list[tuple[str, str, Record]]:
        return [(call.method, call.path, call.body) for call in self.calls if call.method != "GET"]

    def _answer(self, call: Call) -> Any:
        resource, *rest = call.path.removeprefix("/api/v2/").split("/")
        table = self.tables[resource]
        if call.method == "POST":
            key = max(table, default=100) + 1
            table[key] = {"id": key, "update_time": WRITTEN_AT.isoformat()} | call.body
            return table[key]
        if not rest:
            return _of_deal(table, call) if resource == "activities" else list(table.values())
        row = table.get(int(rest[0]))
        if row is None or call.method == "GET":
            return row
        row |= call.body | {"update_time": WRITTEN_AT.isoformat()}
        return {name: value for name, value in row.items() if name not in _EXTRAS}


def _of_deal(activities: Mapping[int, Record], call: Call) -> list[Record]:
    asked = int(call.query["deal_id"])
    return [row for row in activities.values() if not row["done"] and row["deal_id"] == asked]


def _cost(call: Call) -> int:
    resource, *rest = call.path.removeprefix("/api/v2/").split("/")
    if call.method != "GET":
        return 5
    return 1 if rest else _COSTS[resource]


@dataclass(slots=True)
class ViewersAccess(AccessSource):
    """`trouble` is what having no installation any more raises."""

    trouble: InstallationError | None = None
    principal: Principal = field(default_factory=principal)

    async def access(self) -> Access:
        if self.trouble:
            raise self.trouble
        return Access("the viewer's", "https://acme.pipedrive.com")

    async def renewed(self, refused: Access) -> Access:
        return refused

    async def confirmed(self) -> None: ...

    def missing_scopes(self) -> tuple[str, ...]:
        return ("activities:full",)


@dataclass(slots=True)
class Memory(Keeping, CompanyLookUps):
    """`trouble` is what a store that is away raises."""

    values: dict[str, bytes] = field(default_factory=dict)
    trouble: Exception | None = None

    async def find(self, name: str) -> bytes | None:
        if self.trouble:
            raise self.trouble
        return self.values.get(name)

    async def keep(self, name: str, value: bytes) -> None:
        self.values[name] = value


@dataclass(slots=True)
class AppSettings:
    """Of a user and of a company, in memory."""

    users: dict[type, Any] = field(default_factory=dict)
    companies: dict[type, Any] = field(default_factory=dict)

    async def of_user(self, kind: type[Any]) -> Any:
        return self.users.get(kind)

    async def of_company(self, kind: type[Any]) -> Any:
        return self.companies.get(kind)

    async def set_of_user(self, value: object) -> None:
        self.users[type(value)] = value

    async def set_of_company(self, value: object) -> None:
        self.companies[type(value)] = value


class Channels:
    """Of an app that has none."""

    async def all(self) -> list[Any]:
        return []


class PutOff:
    """Nothing in these tests puts anything off."""

    has_added = False

    async def add(
        self, name: str, form: object = None, *, after: timedelta = timedelta(0), once: str = ""
    ) -> bool:
        raise AssertionError((name, form, after, once))


@dataclass(slots=True)
class World:
    """One viewer of deal 12, with what is kept for him, for his company, and Pipedrive."""

    pipedrive: FakePipedrive
    language: str = "en"
    access: ViewersAccess = field(default_factory=ViewersAccess)
    look_ups: Memory = field(default_factory=Memory)
    keeping: Memory = field(default_factory=Memory)
    principal: Principal = field(default_factory=principal)

    def panel(self) -> PanelContext:
        return PanelContext(**self._values())

    def action(self) -> ActionContext:
        return ActionContext(**self._values(), jobs=PutOff())

    def any(self) -> SurfaceContext:
        return SurfaceContext(**self._values())

    def _values(self) -> dict[str, Any]:
        client = PipedriveClient(self.access, self.pipedrive, StoppedClock())
        viewer = Viewer(self.principal, "Huy", "Acme", "https://acme.pipedrive.com", is_admin=False)
        return {
            "viewer": viewer,
            "selection": Selection("deal", "details", (12,), subject="12"),
            "words": Words.of(self.language, self.language, HANOI),
            "now": NOW,
            "pipedrive": client,
            "look_ups": self.look_ups,
            "keeping": self.keeping,
            "settings": AppSettings(),
            "channels": Channels(),
        }
