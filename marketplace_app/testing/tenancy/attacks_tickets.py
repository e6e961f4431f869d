"""A ticket opens one action of one surface on one record for one user, and nothing else."""

from marketplace_app.testing.control import Person
from marketplace_app.testing.markup import Pressable
from marketplace_app.testing.tenancy.attempt import Attempt
from marketplace_app.testing.tenancy.routes import Door, Route
from marketplace_app.testing.tenancy.visits import INVENTED, Visits

_OUT_OF_DATE = 409
_MALFORMED = (400, 409)


def of_another_user(route: Route, visits: Visits) -> None:
    """Of a colleague on the very same record, and of the same id in another company."""
    stage = visits.stage
    for thief, victim in (
        (stage.other, stage.owner),
        (stage.owner, stage.other),
        (stage.colleague, stage.owner),
        (stage.owner, stage.colleague),
    ):
        buttons = visits.buttons(victim, route.surface)
        _refused(visits, route, thief, _first(route, buttons))


def of_another_record(route: Route, visits: Visits) -> None:
    stage = visits.stage
    for person in (stage.owner, stage.other):
        if stage.kind_at(route.surface):
            _refused(visits, route, person, _first(route, visits.buttons(person, route.surface, nth=1)))
        stolen = _first(route, visits.buttons(person, route.surface))
        for button in stolen:
            asked = visits.request(route, person, ticket=button.ticket, form=button.form)
            with Attempt(stage) as attempt:
                attempt.ask(
                    asked.with_query(data='{"other":1}', selectedIds="999999"), refused_with=_MALFORMED
                )


def of_another_surface(route: Route, visits: Visits) -> None:
    """Of an action with the same name where there is one."""
    stage = visits.stage
    surfaces = {each.surface for each in stage.routes if each.door is Door.ACTION} - {route.surface}
    for surface in sorted(surfaces, key=lambda each: each.name):
        _refused(visits, route, stage.owner, _first(route, visits.buttons(stage.owner, surface)))


def of_another_action(route: Route, visits: Visits) -> None:
    stage = visits.stage
    for button in visits.buttons(stage.owner, route.surface):
        if button.action != route.action and button.ticket:
            _refused(visits, route, stage.owner, [button])


def invented(route: Route, visits: Visits) -> None:
    stage = visits.stage
    shown = _first(route, visits.buttons(stage.owner, route.surface))
    good = shown[0].ticket if shown else INVENTED
    spoilt = [
        INVENTED,
        "",
        "x",
        good[:-1],
        good + "A",
        good.swapcase(),
        f"B{good[1:]}",
        good.replace("A", "\u0410"),
    ]
    with Attempt(stage) as attempt:
        for ticket in spoilt:
            if ticket != good or not shown:
                asked = visits.request(
                    route, stage.owner, ticket=ticket, form=shown[0].form if shown else None
                )
                attempt.ask(asked, refused_with=[_OUT_OF_DATE])
        odd: list[object] = [None, 1, [good], {"ticket": good}, True]
        asked = visits.request(route, stage.owner)
        for ticket_like in odd:
            attempt.ask(asked.with_body({"ticket": ticket_like, "form": {}}), refused_with=_MALFORMED)


def _first(route: Route, buttons: list[Pressable]) -> list[Pressable]:
    """The button of that action; when there is none, any that has a ticket."""
    with_ticket = [button for button in buttons if button.ticket]
    named = [button for button in with_ticket if button.action == route.action]
    return (named or with_ticket)[:1]


def _refused(visits: Visits, route: Route, person: Person, buttons: list[Pressable]) -> None:
    with Attempt(visits.stage) as attempt:
        for button in buttons:
            form = {**(button.fields or {}), **button.form}
            asked = visits.request(route, person, ticket=button.ticket, form=form)
            attempt.ask(asked, refused_with=[_OUT_OF_DATE])
