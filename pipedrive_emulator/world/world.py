"""Everything that exists in this Pipedrive: companies, users, records."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from pipedrive_emulator.store import Store
from pipedrive_emulator.world.company import Company, User
from pipedrive_emulator.world.records import Records

_COMPANIES, _USERS = "companies", "users"


class World:
    """Empty at first; a seed plants it, a store brings it back."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._companies: dict[int, Company] = {}
        self._users: dict[int, User] = {}
        self._records: dict[int, Records] = {}
        self._revisions: dict[int, int] = {}
        self._watchers: list[Callable[[User, User], None]] = []
        for _, fields in store.load(_COMPANIES):
            self._welcome(Company(**fields))
        for _, fields in store.load(_USERS):
            self._users[fields["id"]] = _user(fields)

    def companies(self) -> list[Company]:
        return list(self._companies.values())

    def company(self, company_id: int) -> Company | None:
        return self._companies.get(company_id)

    def company_by_domain(self, domain: str) -> Company | None:
        return next((company for company in self.companies() if company.domain == domain), None)

    def users(self, company_id: int | None = None) -> list[User]:
        """The users of one company, or of all."""
        return [user for user in self._users.values() if company_id in (None, user.company_id)]

    def user(self, user_id: int | None) -> User | None:
        return None if user_id is None else self._users.get(user_id)

    def records(self, company_id: int) -> Records:
        return self._records[company_id]

    def revision(self, company_id: int) -> int:
        """Grows with every change of any record of that company."""
        return self._revisions[company_id]

    def revisions(self) -> dict[int, int]:
        """Company id -> revision."""
        return dict(self._revisions)

    def outdo(self, earlier: dict[int, int]) -> None:
        """Let an open page notice that every record was replaced since these revisions."""
        for company_id, revision in earlier.items():
            self._revisions[company_id] = max(self._revisions.get(company_id, 0), revision) + 1

    def change_company(self, company: Company) -> None:
        """Keep new facts of a company that is there already; its records stay."""
        self._store.put(_COMPANIES, str(company.id), asdict(company))
        self._companies[company.id] = company
        self._touch(company.id)

    def change_user(self, user: User) -> None:
        """Keep new facts of a user who is there already, and let the watchers know."""
        before = self._users[user.id]
        self.add_user(user)
        self._touch(user.company_id)
        for watcher in self._watchers:
            watcher(before, user)

    def watch_users(self, watcher: Callable[[User, User], None]) -> None:
        """Call it with a user as they were and as they are, whoever changed them."""
        self._watchers.append(watcher)

    def add_company(self, company: Company) -> Records:
        self._store.put(_COMPANIES, str(company.id), asdict(company))
        return self._welcome(company)

    def add_user(self, user: User) -> None:
        self._store.put(_USERS, str(user.id), asdict(user))
        self._users[user.id] = user

    def _welcome(self, company: Company) -> Records:
        self._companies[company.id] = company
        self._revisions.setdefault(company.id, 0)
        records = Records(company.id, self._store, lambda: self._touch(company.id))
        self._records[company.id] = records
        return records

    def _touch(self, company_id: int) -> None:
        self._revisions[company_id] += 1


def _user(fields: dict[str, Any]) -> User:
    """Older state files have a number of the role besides that of the visibility group, which it is."""
    return User(**{name: value for name, value in fields.items() if name != "role_id"})
