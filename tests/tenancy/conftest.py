"""Two companies whose every record says whose it is, and people of both."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.integration.person import Person
from tests.integration.town import Town, running_town

MARK = re.compile(r"CANARY-([a-z-]+?)-(?:seen|secret)")
NAMES = {"deals": "title", "persons": "name", "organizations": "name", "activities": "subject"}
HIDDEN = {"acme": 15, "saigon-star": 4}  # a deal that its owner alone may see
BOTH, ACME_ONLY, NOWHERE = (1, 2, 3, 7, 19, 20), (21, 30, 40), (41, 999)


@dataclass(frozen=True, slots=True)
class Companies:
    town: Town
    marta: Person  # Acme
    jack: Person  # Acme
    victor: Person  # Acme, who never installs
    huy: Person  # the other one
    linh_here: Person  # one human being with an account in each
    linh_there: Person

    @property
    def installed(self) -> tuple[Person, ...]:
        return self.marta, self.jack, self.huy, self.linh_here, self.linh_there

    def records(self, person: Person) -> dict[str, Any]:
        """Everything of that person's company, as it is now."""
        found = self.town.stack.control.world()["records"]
        company_id = person.company["id"]
        return {
            kind: [each for each in each_of_kind if each["company_id"] == company_id]
            for kind, each_of_kind in found.items()
        }


def assert_own(reply: httpx2.Response, person: Person) -> None:
    """Every canary in it is of that person's company."""
    text = reply.text + str(reply.headers)
    assert set(MARK.findall(text)) <= {person.company["domain"]}
    if person.user["id"] not in OWNERS_OF_THE_HIDDEN:
        assert "-secret" not in text


def assert_nobodys(reply: httpx2.Response) -> None:
    assert "CANARY" not in reply.text + str(reply.headers)


OWNERS_OF_THE_HIDDEN = {19100351, 19104020}  # Marta and Huy


def mark(town: Town, owner: Person) -> None:
    domain = owner.company["domain"]
    for kind, name in NAMES.items():
        records = town.records(kind, owner).values()
        for record in (each for each in records if not (each.get("is_archived") or each["is_deleted"])):
            is_hidden = kind == "deals" and record["id"] == HIDDEN[domain]
            text = f"CANARY-{domain}-{'secret' if is_hidden else 'seen'}-{kind}-{record['id']}"
            owner.calls("PATCH", f"/api/v2/{kind}/{record['id']}", **{name: text})


@pytest.fixture(scope="session")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Companies]:
    folder: Path = tmp_path_factory.mktemp("tenancy")
    with running_town(folder) as town:
        linh = "Nguyễn Thùy Linh"
        made = Companies(
            town,
            town.marta,
            town.jack,
            town.victor,
            town.huy,
            town.person(linh),
            town.person(linh, "saigon-star"),
        )
        mark(town, made.marta)
        mark(town, made.huy)
        for person in made.installed:
            person.installed()
        yield made
