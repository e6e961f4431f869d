"""Browsers that go away: panels are opened and buttons pressed over sockets that close at a random byte.

Every byte that comes back is searched for records of another company.
"""

import asyncio
import json
import random
import re
import socket
import struct
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from marketplace_app.cli.local.fetch import request
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder
from tests.faults.lab.table import Row
from tests.integration.person import Button, buttons_in, with_query

CUT_SHARE = 0.3
_DOMAINS = ("acme", "saigon-star")
_NAMES = {"deals": "title", "persons": "name", "organizations": "name", "activities": "subject"}
_MARK = re.compile(rb"CANARY-([a-z-]+?)-seen")
_DEALS = (1, 2, 3, 7, 19, 20)  # both companies have deals of these numbers
_AT_ONCE = 16
_RESET = struct.pack("ii", 1, 0)
_FINE = (200, 403)  # a deal of another visibility group
_ACTION, _SURFACE = "plan-next-step", "/surfaces/deal-panel"
_PATIENCE_SECONDS = 60.0


class Person(NamedTuple):
    """`domain` is empty for one of the crowd, whose company has no records to show."""

    holder: Holder
    domain: str


class Door(NamedTuple):
    """What Pipedrive gives to the iframe: a token, and the path with the query of its page."""

    token: str
    page: str


@dataclass(slots=True)
class Crowd:
    people: list[Person]

    @classmethod
    def of(cls, lab: Lab, companies: int) -> "Crowd":
        """All users of the two companies with records, which are marked, and as many others as asked for."""
        world = lab.control.world()
        domains = {each["id"]: each["domain"] for each in world["companies"]}
        known = [user for user in world["users"] if domains[user["company_id"]] in _DOMAINS]
        for company_id, domain in domains.items():
            admin = next(
                (each for each in known if each["company_id"] == company_id and each["is_admin"]), None
            )
            if admin is not None:
                _mark(lab, world["records"], admin, domain)
        people = [
            Person(Holder(each["company_id"], each["id"]), domains[each["company_id"]]) for each in known
        ]
        return cls([*people, *(Person(holder, "") for holder in lab.crowd(companies))])

    @property
    def holders(self) -> list[Holder]:
        return [person.holder for person in self.people]


def _mark(lab: Lab, records: dict[str, list[dict[str, Any]]], admin: dict[str, Any], domain: str) -> None:
    for kind, name in _NAMES.items():
        for each in records[kind]:
            if each["company_id"] != admin["company_id"] or each.get("is_archived") or each["is_deleted"]:
                continue
            url = f"{lab.emulator_url}/api/v2/{kind}/{each['id']}"
            text = f"CANARY-{domain}-seen-{kind}-{each['id']}"
            request("PATCH", url, body={name: text}, headers={"x-api-token": admin["api_token"]})


@dataclass(slots=True)
class Storm:
    """`whole`: visits that were heard to the end; `refused`: those of them that had no good answer."""

    lab: Lab
    crowd: Crowd
    cut_share: float = CUT_SHARE
    visits: int = 0
    cut: int = 0
    whole: int = 0
    refused: int = 0
    foreign: int = 0
    own: int = 0
    pressed: Counter[str] = field(default_factory=Counter)  # by subject: 1 when told that it is done
    statuses: Counter[int] = field(default_factory=Counter)

    def blow(self, count: int) -> None:
        chance = random.Random(self.lab.chance.getrandbits(31))  # noqa: S311 - to be replayed
        doors = {person: self._door(person) for person in self.crowd.people}
        plan = [(chance.choice(self.crowd.people), chance.getrandbits(31)) for _ in range(count // 2)]
        shown = [person for person in self.crowd.people if person.domain]
        plan += [(chance.choice(shown), chance.getrandbits(31)) for _ in range(count - len(plan))]
        asyncio.run(self._all(plan, doors))

    def _door(self, person: Person) -> "Door":
        company_id, user_id = person.holder
        client_id = self.lab.identity.client_id
        found = self.lab.control.surface(
            client_id, "deal-panel", company_id=company_id, user_id=user_id, record_id=1
        )
        parts = urlsplit(str(found["url"]))
        return Door(str(found["token"]), f"{parts.path}?{parts.query}")

    async def _all(self, plan: list[tuple[Person, int]], doors: dict[Person, Door]) -> None:
        turns = iter(plan)

        async def worker() -> None:
            for person, seed in turns:
                await self._visit(person, doors[person], random.Random(seed))  # noqa: S311

        await asyncio.gather(*(worker() for _ in range(_AT_ONCE)))

    async def _visit(self, person: Person, door: Door, chance: random.Random) -> None:
        token, deal = door.token, chance.choice(_DEALS)
        kind = chance.choice(("page", "section", "section", "fresh", "fresh", "press"))
        if kind == "page":
            await self._ask(person, chance, "GET", with_query(door.page, selectedIds=str(deal)))
            return
        fresh = "" if kind == "section" else "&fresh=1"
        path = f"{_SURFACE}/sections/all?selectedIds={deal}{fresh}"
        if kind != "press" or not person.domain:
            await self._ask(person, chance, "GET", path, token)
            return
        status, body = await self._ask(person, random.Random(0), "GET", path, token, cut_share=0.0)  # noqa: S311
        button = _button(body) if status == _FINE[0] else None
        if button is not None:
            subject = f"CANARY-{person.domain}-seen-press-{chance.getrandbits(48)}"
            self.pressed[subject] = 0
            sent = {"ticket": button.ticket, "form": {**button.form, "subject": subject}}
            where = f"{_SURFACE}/actions/{_ACTION}?selectedIds={deal}"
            status, body = await self._ask(
                person, chance, "POST", where, token, body=json.dumps(sent).encode()
            )
            self.pressed[subject] = int(status == _FINE[0] and b"Planned" in body)

    async def _ask(
        self,
        person: Person,
        chance: random.Random,
        method: str,
        path: str,
        token: str = "",
        *,
        body: bytes = b"",
        cut_share: float | None = None,
    ) -> tuple[int, bytes]:
        """Status and body; status 0 when we went away, after whatever was heard until then."""
        self.visits += 1
        head = [
            f"{method} {path} HTTP/1.1",
            f"Host: {urlsplit(self.lab.app_url()).netloc}",
            "Connection: close",
        ]
        head += [f"Authorization: Bearer {token}"] if token else []
        head += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
        octets = "\r\n".join([*head, "", ""]).encode() + body
        is_cut = chance.random() < (self.cut_share if cut_share is None else cut_share)
        port = urlsplit(self.lab.app_url()).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
        try:
            heard = await (_cut(reader, writer, octets, chance) if is_cut else _whole(reader, writer, octets))
        finally:
            _close(writer, resets=is_cut and chance.random() < 0.5)
        self._search(person, heard)
        if is_cut:
            self.cut += 1
            return 0, b""
        status = int(heard.split(b" ", 2)[1]) if heard else 0
        self.whole += 1
        self.refused += status not in _FINE
        self.statuses[status] += 1
        return status, heard.partition(b"\r\n\r\n")[2]

    def _search(self, person: Person, heard: bytes) -> None:
        found = {mark.decode() for mark in _MARK.findall(heard)}
        self.own += person.domain in found
        self.foreign += bool(found - {person.domain})

    def rows(self) -> list[Row]:
        done = Counter(each["subject"] for each in self.lab.control.world()["records"]["activities"])
        twice = sum(done[subject] > 1 for subject in self.pressed)
        untrue = sum(told > done[subject] for subject, told in self.pressed.items())
        unopened = self.lab.log_of("serve").count("token_unreadable")
        return [
            Row("I1 foreign canaries", self.foreign, self.visits),
            Row("visits that were cut off too seldom", int(self.cut < self.visits // 10), 1),
            Row("pages of companies with records that show none", int(not self.own), 1),
            Row("I9 refused in the storm", self.refused - self.statuses[503], self.whole),
            Row("told that Redis is busy", self.statuses[503], self.whole, is_figure=True),
            Row("records that did not open", unopened, self.visits),
            Row("buttons that did it twice", twice, len(self.pressed)),
            Row("buttons that said it and did not", untrue, len(self.pressed)),
        ]

    def notes(self) -> Iterator[str]:
        yield f"{self.cut} of {self.visits} cut off, {self.own} with canaries of their own"
        yield f"answers to the others: {dict(self.statuses)}"


async def _whole(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, octets: bytes) -> bytes:
    writer.write(octets)
    return await asyncio.wait_for(reader.read(-1), _PATIENCE_SECONDS)


async def _cut(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, octets: bytes, chance: random.Random
) -> bytes:
    """Half of them in the middle of what is sent, the others while they wait or read."""
    if chance.random() < 0.5:
        writer.write(octets[: chance.randrange(1, len(octets))])
        await writer.drain()
        return b""
    writer.write(octets)
    try:
        return await asyncio.wait_for(reader.read(chance.randrange(1, 20_000)), chance.random() / 5)
    except (TimeoutError, OSError):
        return b""


def _close(writer: asyncio.StreamWriter, *, resets: bool) -> None:
    if resets:
        line = writer.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()


def _button(body: bytes) -> Button | None:
    """That plans the next step, in the picture that was sent."""
    commands = json.loads(body)["commands"]
    buttons = buttons_in(commands[0].get("html", ""))
    return next((each for each in buttons if each.action == _ACTION), None)
