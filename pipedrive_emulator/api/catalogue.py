"""Which operations are served, and by what: most by an entity and a kind, the rest by a function."""

from collections.abc import Callable

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import KINDS
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.api.rules import users
from pipedrive_emulator.api.rules.activities import ACTIVITIES
from pipedrive_emulator.api.rules.deals import DEALS
from pipedrive_emulator.api.rules.fields import DEAL_FIELDS
from pipedrive_emulator.api.rules.organizations import ORGANIZATIONS
from pipedrive_emulator.api.rules.persons import PERSONS
from pipedrive_emulator.api.rules.pipelines import PIPELINES, STAGES

Handler = Callable[[Call], Answer]

_ALL = ("get", "list", "create", "change", "delete")
_ENTITIES: dict[tuple[str, str], tuple[Entity, tuple[str, ...]]] = {
    ("v2", "deals"): (DEALS, _ALL),
    ("v2", "persons"): (PERSONS, _ALL),
    ("v2", "organizations"): (ORGANIZATIONS, _ALL),
    ("v2", "activities"): (ACTIVITIES, _ALL),
    ("v2", "stages"): (STAGES, _ALL),
    ("v2", "pipelines"): (PIPELINES, _ALL),
    ("v2", "dealFields"): (DEAL_FIELDS, ("get", "list")),
}
_SPECIAL: dict[tuple[str, str, str], Handler] = {
    ("v1", "GET", "/users"): users.all_users,
    ("v1", "GET", "/users/me"): users.me,
    ("v1", "GET", "/users/{id}"): users.one,
}
_ON_COLLECTION = {"GET": "list", "POST": "create"}
_ON_RECORD = {"GET": "get", "PATCH": "change", "PUT": "change", "DELETE": "delete"}


def handler(operation: Operation) -> Handler | None:
    """What serves the operation; None when nothing does yet."""
    special = _SPECIAL.get((operation.version, operation.method, operation.path))
    entity, kinds = _ENTITIES.get((operation.version, operation.segments[0]), (None, ()))
    kind = _kind(operation)
    if special is not None or entity is None or kind not in kinds:
        return special
    serve, served = KINDS[kind], entity
    return lambda call: serve(call, served)


def _kind(operation: Operation) -> str:
    """By the form of the path: a collection, or one record in it."""
    match operation.segments:
        case (_,):
            return _ON_COLLECTION.get(operation.method, "")
        case (_, variable) if variable.startswith("{"):
            return _ON_RECORD.get(operation.method, "")
    return ""
