"""Two companies with marked records, people of both, and the app running among them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from marketplace_app.domain.surface import Surface
from marketplace_app.testing.app import AppFiles, RunningApp, running_app
from marketplace_app.testing.control import Control, ControlRefused, Person
from marketplace_app.testing.tenancy.routes import Route, load_extensions, routes_of
from marketplace_app.testing.tenancy.scanning import Scan, mark
from marketplace_app.testing.tenancy.tokens import Tokens

# Where the names of each kind of record are written, and how that field is called.
_NAMES = {
    "deals": ("PATCH", "/api/v2/deals/{}", "title"),
    "persons": ("PATCH", "/api/v2/persons/{}", "name"),
    "organizations": ("PATCH", "/api/v2/organizations/{}", "name"),
    "activities": ("PATCH", "/api/v2/activities/{}", "subject"),
    "products": ("PATCH", "/api/v2/products/{}", "name"),
    "leads": ("PATCH", "/v1/leads/{}", "title"),
}
_HIDEABLE = ("deals", "persons", "organizations")
_OWNER_ONLY = 1
_KINDS = {"deal": "deals", "person": "persons", "organization": "organizations", "activity": "activities"}


@dataclass(frozen=True, slots=True)
class Ids:
    """Of one kind of record: those that both companies have, those of the owner's alone, and a hidden one."""

    shared: tuple[int, ...]
    only: tuple[int, ...]
    hidden: int


@dataclass(slots=True)
class Stage:
    """`owner` and `colleague` are of one company, `other` of another; `absent` never installed the app."""

    app: RunningApp
    routes: list[Route]
    scan: Scan = field(repr=False)
    tokens: Tokens
    owner: Person
    colleague: Person
    absent: Person
    other: Person
    ids: Mapping[str, Ids] = field(default_factory=dict)
    _newest: int = 0
    _queries: dict[tuple[str, int, int | None], dict[str, str]] = field(default_factory=dict, repr=False)

    @property
    def installed(self) -> tuple[Person, ...]:
        return self.owner, self.colleague, self.other

    def secret_of(self, surface: Surface) -> str:
        return self.app.local.identity.surface_secrets[surface.jwt_secret]

    def token(self, surface: Surface, person: Person) -> str:
        """A fresh one, different from all that were made lately."""
        return self.tokens.of(person, self.secret_of(surface))

    def newest_entry(self) -> int:
        """The number of the ledger's newest entry."""
        self._newest = self.app.control.last_entry(self._newest)
        return self._newest

    def calls_since(self, since: int) -> list[dict[str, Any]]:
        """What was asked of the API with tokens of apps, also with one that is nobody's."""
        return [
            entry
            for entry in self.app.control.ledger(since)
            if entry["kind"] == "api_call" and (entry["client_id"] or not entry["user_id"])
        ]

    def name_of(self, call: Mapping[str, Any]) -> str:
        known = {person.ids: person for person in (*self.installed, self.absent)}
        person = known.get((call["company_id"], call["user_id"]))
        return f"{person.name} of {person.domain}" if person else "somebody unknown"

    def log_length(self) -> int:
        return self._log.stat().st_size

    def log_from(self, begins: int) -> str:
        with self._log.open("rb") as source:
            source.seek(begins)
            return source.read().decode(errors="replace")

    @property
    def _log(self) -> Path:
        return self.app.local.plan.log("serve")

    def kind_at(self, surface: Surface) -> str:
        """The kind of record that it is opened for; empty for what stands alone."""
        return _KINDS.get(surface.views[0].partition("/")[0], "") if surface.views else ""

    def ids_at(self, surface: Surface) -> Ids:
        return self.ids[self.kind_at(surface) or "deals"]

    def query(self, surface: Surface, person: Person, record_id: int | None = None) -> dict[str, str]:
        """As Pipedrive opens it there for that person, without the token."""
        record = record_id if record_id is not None else self.ids_at(surface).shared[0]
        key = (surface.name, person.id, record)
        if key not in self._queries:
            place: dict[str, Any] = {}
            if surface.views:
                resource, _, view = surface.views[0].partition("/")
                place = {"resource": resource, "view": view, "selected_ids": [record]}
            url, _ = self.app.control.surface(self.app.client_id, surface, person, place)
            pairs = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
            self._queries[key] = {name: value for name, value in pairs.items() if name != "token"}
        return dict(self._queries[key])


@contextmanager
def running_stage(folder: Path, files: AppFiles) -> Iterator[Stage]:
    """An app and an emulator of their own. Raises AppDidNotStart, ControlRefused, LookupError."""
    extensions = load_extensions(files.extensions)
    with running_app(folder, files) as app:
        owner, colleague, absent, other = _cast(app.control.people())
        stage = Stage(
            app,
            routes_of(app.manifest, extensions),
            _scan(app),
            Tokens(app.control.now()),
            owner,
            colleague,
            absent,
            other,
        )
        _mark_all(stage)
        for person in stage.installed:
            app.control.install(app.client_id, person)
        yield stage


def _cast(people: list[Person]) -> tuple[Person, Person, Person, Person]:
    home = people[0].company_id
    owner = next(each for each in people if each.company_id == home and each.is_admin)
    colleague, absent = [each for each in people if each.company_id == home and each != owner][:2]
    return owner, colleague, absent, next(p for p in people if p.company_id != home and p.is_admin)


def _scan(app: RunningApp) -> Scan:
    identity = app.local.identity
    secrets = {"the client secret": identity.client_secret, "the encryption key": identity.encryption_key}
    secrets |= {f"the secret of {name}": value for name, value in identity.surface_secrets.items()}
    secrets |= {f"the API token of {each.name}": each.api_token for each in app.control.people()}
    return Scan(secrets)


def _mark_all(stage: Stage) -> None:
    control, found = stage.app.control, {}
    for kind in _NAMES:
        ours, theirs = (_marked(control, person, kind) for person in (stage.owner, stage.other))
        shared = tuple(sorted(set(ours) & set(theirs), key=str))
        only = tuple(sorted(set(ours) - set(theirs), key=str))
        hidden = _hide(control, stage.owner, kind, [*shared[2:], *only[2:]]) if kind in _HIDEABLE else 0
        found[kind] = Ids(shared, only, hidden)
    stage.ids = found


def _marked(control: Control, person: Person, kind: str) -> list[Any]:
    """Writes the company's mark into each record that can be written; their ids."""
    method, path, name = _NAMES[kind]
    done = []
    for record_id, record in control.records(kind, person.company_id).items():
        if record.get("is_deleted") or record.get("is_archived"):
            continue
        text = mark(person.domain, f"{kind}-{record_id}")
        try:
            control.call(person, method, path.format(record_id), **{name: text})
        except ControlRefused:
            continue  # such as one of another visibility group
        done.append(record_id)
    return done


def _hide(control: Control, owner: Person, kind: str, candidates: list[Any]) -> int:
    method, path, name = _NAMES[kind]
    records = control.records(kind, owner.company_id)
    chosen = next(each for each in candidates if records[each].get("owner_id") == owner.id)
    text = mark(owner.domain, f"{kind}-{chosen}", is_hidden=True)
    control.call(owner, method, path.format(chosen), visible_to=_OWNER_ONLY, **{name: text})
    return int(chosen)
