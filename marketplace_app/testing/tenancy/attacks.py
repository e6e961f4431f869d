"""All attacks, by the names that their tests have, and to which routes each belongs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from marketplace_app.domain.surface import PANELS, SurfaceKind
from marketplace_app.testing.tenancy import attacks_door, attacks_ids, attacks_tickets
from marketplace_app.testing.tenancy.filling import fields_of
from marketplace_app.testing.tenancy.routes import WRITING, Door, Route
from marketplace_app.testing.tenancy.visits import Visits

Run = Callable[[Route, Visits], None]
_ALONE = frozenset({SurfaceKind.FLOATING_WINDOW, SurfaceKind.SETTINGS_PAGE})


@dataclass(frozen=True, slots=True)
class Attack:
    name: str
    run: Run
    suits: Callable[[Route], bool] = lambda _: True


def _writes(route: Route) -> bool:
    return route.door in WRITING


def _is_action(route: Route) -> bool:
    return route.door is Door.ACTION


def _has_form(route: Route) -> bool:
    return bool(fields_of(route.form))


def _is_handed_data(route: Route) -> bool:
    return route.surface.kind not in PANELS


def _has_record(route: Route) -> bool:
    return route.surface.kind not in _ALONE


ATTACKS: Sequence[Attack] = (
    Attack("its own users are let in", attacks_door.own_user),
    Attack("no token", attacks_door.no_token),
    Attack("expired token", attacks_door.expired_token),
    Attack("other secret", attacks_door.other_secret),
    Attack("forged token", attacks_door.forged_token),
    Attack("token of somebody else", attacks_door.token_of_somebody_else),
    Attack("user without installation", attacks_door.not_installed),
    Attack("other site", attacks_door.other_site, lambda route: route.takes_bearer),
    Attack("ids in the query", attacks_ids.in_query),
    Attack("ids in the path", attacks_ids.in_path),
    Attack("ids in headers", attacks_ids.in_headers),
    Attack("ids in data", attacks_ids.in_data, _is_handed_data),
    Attack("ids in the body", attacks_ids.in_body, _writes),
    Attack("ids in the form", attacks_ids.in_form, _has_form),
    Attack("selected records", attacks_ids.selected, _has_record),
    Attack("records of others", attacks_ids.records_of_others, lambda route: not _writes(route)),
    Attack("at the same time", attacks_ids.at_the_same_time, lambda route: not _writes(route)),
    Attack("presses of others", attacks_ids.presses_of_others, _writes),
    Attack("ticket of another user", attacks_tickets.of_another_user, _is_action),
    Attack("ticket of another record", attacks_tickets.of_another_record, _is_action),
    Attack("ticket of another surface", attacks_tickets.of_another_surface, _is_action),
    Attack("ticket of another action", attacks_tickets.of_another_action, _is_action),
    Attack("invented ticket", attacks_tickets.invented, _is_action),
)


def planned(routes: Sequence[Route]) -> Iterator[tuple[Route, Attack]]:
    for route in routes:
        for attack in ATTACKS:
            if attack.suits(route):
                yield route, attack
