"""Persons, API v2. https://developers.pipedrive.com/docs/api/v1/Persons"""

import msgspec

from marketplace_app.pipedrive.client import PipedriveReader


class ContactPoint(msgspec.Struct, frozen=True):
    """An e-mail address or phone number."""

    value: str = ""
    primary: bool = False
    label: str | None = None


class Person(msgspec.Struct, frozen=True, kw_only=True):
    id: int
    name: str = ""
    owner_id: int | None = None
    org_id: int | None = None
    emails: list[ContactPoint] = []
    phones: list[ContactPoint] = []
    is_deleted: bool = False

    @property
    def email(self) -> str:
        return _best(self.emails)

    @property
    def phone(self) -> str:
        return _best(self.phones)


def _best(points: list[ContactPoint]) -> str:
    filled = [point for point in points if point.value]
    return next((point.value for point in filled if point.primary), filled[0].value if filled else "")


async def of_deal(client: PipedriveReader, deal_id: int) -> list[Person]:
    """The deal's person and participants; whether both always come is not documented."""
    return await client.get("/api/v2/persons", list[Person], deal_id=deal_id)


async def get(client: PipedriveReader, person_id: int) -> Person:
    return await client.get(f"/api/v2/persons/{person_id:d}", Person)


class _Named(msgspec.Struct, frozen=True):
    id: int
    name: str = ""


class FoundPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as search has it."""

    id: int
    name: str = ""
    phones: list[str] = []
    organization: _Named | None = None


class _Item(msgspec.Struct, frozen=True):
    item: FoundPerson


class _Items(msgspec.Struct, frozen=True):
    items: list[_Item] = []


async def with_phone(client: PipedriveReader, number: str) -> list[FoundPerson]:
    """Who has these digits in a phone number, at most five. Search wants two signs at least."""
    digits = "".join(sign for sign in number if sign.isdecimal())
    if len(digits) < _SHORTEST_TERM:
        return []
    found = await client.get("/api/v2/persons/search", _Items, term=digits, fields="phone", limit=5)
    return [each.item for each in found.items]


_SHORTEST_TERM = 2
