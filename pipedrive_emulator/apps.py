"""The apps that Developer Hub would know: registered by file or by the control route."""

import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from pipedrive_emulator.store import Store

_SECTION, _DELETED = "apps", "deleted_apps"


class Scope(NamedTuple):
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Surface:
    """One app extension: where it stands and with which secret its tokens are signed.

    ``views`` are places such as ``deal/details`` or ``activity/list``; ``entry_points`` those of a floating
    window; ``schema``, ``basic`` (user, password) and the actions, by the names of other surfaces, belong
    to JSON panels and modals; ``field_actions`` are by the key of a field.
    """

    name: str
    kind: str
    title: str
    description: str
    views: tuple[str, ...]
    url: str
    secret: str
    entry_points: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    basic: tuple[str, str] | None = None
    main_action: str | None = None
    object_actions: tuple[str, ...] = ()
    field_actions: Mapping[str, str] | None = None

    @property
    def resource(self) -> str:
        """The kind of record of the first view: what a panel stands beside; empty when it has none."""
        return self.views[0].partition("/")[0] if self.views else ""


@dataclass(frozen=True, slots=True)
class App:
    """``client_secrets`` newest first; ``installation_url`` None means that installs arrive without state.

    ``draft_of`` is the company whose users alone may install it; None once the app is live.
    ``messaging`` are the URLs of its messaging manifest by name; None without one.
    """

    name: str
    description: str
    client_id: str
    client_secrets: tuple[str, ...]
    base_url: str
    callback_url: str
    installation_url: str | None
    scopes: tuple[Scope, ...]
    surfaces: tuple[Surface, ...]
    draft_of: int | None = None
    messaging: Mapping[str, str] | None = None

    def is_visible(self, company_id: int) -> bool:
        return self.draft_of in (None, company_id)

    def surface(self, name: str) -> Surface | None:
        return next((surface for surface in self.surfaces if surface.name == name), None)

    @property
    def scope(self) -> str:
        """As in token answers: comma-separated, ``base`` always there."""
        return ",".join(dict.fromkeys(["base", *(scope.name for scope in self.scopes)]))


class Apps:
    def __init__(self, store: Store) -> None:
        self._store = store
        self._apps = {key: _from_store(fields) for key, fields in store.load(_SECTION)}

    def all(self) -> list[App]:
        return list(self._apps.values())

    def by_client_id(self, client_id: str) -> App | None:
        return self._apps.get(client_id)

    def by_name(self, name: str) -> App | None:
        return next((app for app in self.all() if app.name == name), None)

    def register(self, app: App) -> None:
        """Add the app, or replace the one with the same client_id; its installations stay."""
        self._apps[app.client_id] = app
        self._store.put(_SECTION, app.client_id, asdict(app))
        self._store.delete(_DELETED, app.client_id)

    def remove(self, client_id: str) -> None:
        """Forget the app, but not that it once was there."""
        del self._apps[client_id]
        self._store.delete(_SECTION, client_id)
        self._store.put(_DELETED, client_id, True)  # noqa: FBT003 - a mark, the key says it all

    def was_deleted(self, client_id: str) -> bool:
        return client_id in dict(self._store.load(_DELETED))


def new_client_id() -> str:
    return secrets.token_hex(10)


def new_client_secret() -> str:
    return secrets.token_hex(20)


def _from_store(fields: Mapping[str, Any]) -> App:
    rows = {
        "client_secrets": tuple(fields["client_secrets"]),
        "scopes": tuple(Scope(*scope) for scope in fields["scopes"]),
        "surfaces": tuple(_surface(surface) for surface in fields["surfaces"]),
    }
    return App(**{**fields, **rows})


def _surface(fields: Mapping[str, Any]) -> Surface:
    """JSON knows lists only."""
    rows: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in fields.items()
    }
    return Surface(**rows)
