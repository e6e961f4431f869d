"""How people of the stage use the app: what they send to a route, and which buttons they are shown."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from marketplace_app.cli.local.fetch import Reply as Answer
from marketplace_app.cli.local.fetch import request as send
from marketplace_app.domain.surface import Surface
from marketplace_app.testing.control import Person
from marketplace_app.testing.markup import Pressable, read_markup
from marketplace_app.testing.tenancy.attempt import SECONDS, envelope_of
from marketplace_app.testing.tenancy.filling import filling
from marketplace_app.testing.tenancy.requests import Request
from marketplace_app.testing.tenancy.routes import Door, Route
from marketplace_app.testing.tenancy.stage import Stage

_TRIED = 8  # records, until a button is found on one
INVENTED = "A" * 64


@dataclass(slots=True)
class Visits:
    """`kept` are the buttons that everybody was shown at first, by person, surface and record."""

    stage: Stage
    kept: dict[tuple[int, str, int], list[Pressable]] = field(default_factory=dict)
    _led_by: dict[tuple[str, str], str] = field(default_factory=dict)
    _found_on: dict[tuple[Person, Route], int] = field(default_factory=dict)
    _missing: set[tuple[Person, Route]] = field(default_factory=set)

    def request(
        self,
        route: Route,
        person: Person,
        record_id: int | None = None,
        *,
        ticket: str = INVENTED,
        form: Any = None,
    ) -> Request:
        """As the page of that person would send it; without a ticket, with an invented one."""
        query = self.stage.query(route.surface, person, record_id)
        body: object = None
        given: dict[str, Any] = filling(route.form) if form is None else dict(form)
        if route.door is Door.ACTION:
            body = {"ticket": ticket, "form": given}
        elif route.door is Door.JSON_SUBMIT:
            body = given
        asked = Request(
            route.method,
            route.path,
            tuple(query.items()),
            self.stage.token(route.surface, person),
            route.takes_bearer,
            body,
        )
        if route.door is Door.JSON_CHANGE:
            asked = asked.also([("form", json.dumps(given)), ("invoker", route.action)])
        return asked

    def rightful(self, route: Route, person: Person, **query: str) -> tuple[Request, int | None]:
        """What that person may really do now, opened with `query` besides, and on which record.

        Of an action with the ticket of a button that is shown now: None when there is no such button.
        """
        if route.door is Door.ACTION and (person, route) not in self._missing:
            for record_id in self._likely(person, route):
                button = self._button(route, person, record_id, **query)
                if button is not None:
                    self._found_on[person, route] = record_id
                    asked = self.request(route, person, record_id, ticket=button.ticket, form=button.form)
                    return asked.with_query(**query), record_id
            if (person, route) not in self._found_on:
                self._missing.add((person, route))
        return self.request(route, person).with_query(**query), None

    def _button(self, route: Route, person: Person, record_id: int, **query: str) -> Pressable | None:
        """One that is shown now; or what follows a press of another, such as a question."""
        buttons = self.shown(route.surface, person, record_id, **query)
        for button in (each for each in buttons if each.action == route.action):
            form = {**filling(route.form, button.fields), **button.form}
            return Pressable(button.action, button.ticket, form)
        leading = self._led_by.get((route.surface.name, route.action))
        for button in (each for each in buttons if leading and each.action == leading):
            parent = Route(route.surface, Door.ACTION, button.action)
            asked = self.request(parent, person, record_id, ticket=button.ticket, form=button.form)
            followed = _follow_ups(self.send(asked.with_query(**query)))
            return next((each for each in followed if each.action == route.action), None)
        return None

    def _likely(self, person: Person, route: Route) -> list[int]:
        """Records on which the button may be shown, the one first on which it was."""
        known = self._found_on.get((person, route))
        others = [each for each in self.stage.ids_at(route.surface).shared[:_TRIED] if each != known]
        return others if known is None else [known, *others]

    def never_pressed(self) -> list[str]:
        """Actions whose button nobody was shown, so that they were tried with invented tickets only."""
        found = {route for _, route in self._found_on}
        return sorted({str(route) for _, route in self._missing if route not in found})

    def shown(self, surface: Surface, person: Person, record_id: int, **query: str) -> list[Pressable]:
        """The buttons of that surface as it is now."""
        section = Route(surface, Door.SECTION, "all")
        answer = self.send(self.request(section, person, record_id).with_query(fresh="1", **query))
        commands = envelope_of(answer).get("commands", [])
        shown = [each for command in commands for each in read_markup(command.get("html", "")).pressables]
        return [
            *shown,
            *(_pressed_by(each.command) for each in shown if each.command and "press" in each.command),
        ]

    def look_around(self) -> None:
        """Everybody opens everything, and the owner presses every button once: the app has lived."""
        surfaces = {route.surface for route in self.stage.routes if route.door is Door.PAGE}
        for person in self.stage.installed:
            for surface in surfaces:
                for record_id in self.stage.ids_at(surface).shared[:2]:
                    buttons = self.shown(surface, person, record_id)
                    self.kept[person.id, surface.name, record_id] = buttons
        for route in self.stage.routes:
            asked, pressed_on = self.rightful(route, self.stage.owner)
            answer = self.send(asked)
            if pressed_on is not None:
                place = (self.stage.owner.id, route.surface.name, pressed_on)
                self._follow(route, place, _follow_ups(answer))

    def _follow(self, route: Route, place: tuple[int, str, int], buttons: list[Pressable]) -> None:
        """What is shown only after a press, such as the button that takes it back, is led to by it."""
        shown = {each.action for (_, name, _), kept in self.kept.items() if name == place[1] for each in kept}
        for button in buttons:
            if button.action not in shown:
                self.kept.setdefault(place, []).append(button)
                self._led_by[route.surface.name, button.action] = route.action
                self._missing.clear()

    def send(self, asked: Request) -> Answer:
        """Without weighing what comes of it."""
        url = self.stage.app.url + asked.target
        return send(asked.method, url, body=asked.body, headers=asked.sent_headers, timeout=SECONDS)

    def buttons(self, person: Person, surface: Surface, nth: int = 0) -> list[Pressable]:
        """Those that were kept of the nth record."""
        return self.kept.get((person.id, surface.name, self.stage.ids_at(surface).shared[nth]), [])


def _follow_ups(answer: Answer) -> list[Pressable]:
    """A Confirm carries a ticket too, and so does a dialog whose record an action wants to know."""
    commands = envelope_of(answer).get("commands", [])
    drawn = [each for command in commands for each in read_markup(command.get("html", "")).pressables]
    return [*drawn, *(_pressed_by(command) for command in commands if command.get("press"))]


def _pressed_by(command: Mapping[str, Any]) -> Pressable:
    press = command["press"]
    made = {"id": 1} if command["kind"] == "open_modal" else {}
    return Pressable(press["action"], press["ticket"], {**press["form"], **made})
