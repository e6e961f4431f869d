"""The fixture `surface`: opens surfaces of the author's app as somebody in Pipedrive.

def test_a_reminder_is_sent(surface):
    page = surface.open("invoices", deal=1)
    reply = page.press("Remind")
    assert reply.snackbars == ["Sent"]
    assert [call["method"] for call in reply.api_calls] == ["POST"]
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from marketplace_app.cli.local.fetch import Reply as Answer
from marketplace_app.cli.local.fetch import request
from marketplace_app.domain.surface import IFRAMES, PANELS, SurfaceKind
from marketplace_app.domain.surface import Surface as DeclaredSurface
from marketplace_app.testing.app import RunningApp
from marketplace_app.testing.control import Person, named
from marketplace_app.testing.json_forms import JsonForm
from marketplace_app.testing.pages import Page

_SECONDS = 30.0
_RESOURCES = ("deal", "person", "organization", "lead", "activity", "product")
Calls = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class JobsRun:
    """How many jobs ended which way, what was asked of Pipedrive for them, and the log."""

    done: int
    put_off: int
    dead: int
    api_calls: Calls
    log: str


@dataclass(frozen=True, slots=True)
class Surface:
    """`person` looks; `place` is what is selected, None where `open` says it."""

    app: RunningApp
    people: list[Person] = field(repr=False)
    person: Person
    since: int
    place: Mapping[str, Any] | None = None
    installs: bool = True
    installed: set[int] = field(default_factory=set)
    sent_with: set[str] = field(default_factory=set, repr=False)

    def open(self, name: str, *, data: Mapping[str, Any] | None = None, **record: int | str) -> Page:
        """`surface.open("deal-panel", deal=1)`; a floating window and a settings page need no record.

        `data` is what the opener hands over. The app is installed for whoever opens a surface first.
        Raises LookupError for a surface or a kind of record that is not there.
        """
        surface = self.app.surface(name)
        place = dict(self.place if self.place is not None else _place(surface, record))
        is_shown_later = data is not None and surface.kind is SurfaceKind.FLOATING_WINDOW
        if data is not None and not is_shown_later:
            place["context" if surface.kind is SurfaceKind.SETTINGS_PAGE else "data"] = dict(data)
        self.install()
        visitor = _Visitor(self, surface, place)
        url = visitor.url()
        answer, calls = visitor.asks("GET", url)
        html = answer.text if surface.kind in (*IFRAMES, SurfaceKind.LINK_ACTION) else ""
        is_form = surface.kind is SurfaceKind.JSON_MODAL and bool(surface.schema)
        form = JsonForm.of(surface.schema, answer.json()) if is_form else None
        page = Page(visitor, surface, url, answer, html, calls, form=form).settled()
        return page.shown_with(data) if data is not None and is_shown_later else page

    def as_user(self, who: int | str, company: str = "", *, installed: bool = True) -> "Surface":
        """Somebody else looks: by id, or by a part of the name, of the company with that domain.

        With `installed=False` nobody installs the app for them. Raises LookupError with who there is.
        """
        return replace(self, person=named(self.people, who, company), installs=installed)

    def on(
        self,
        *,
        selected: Sequence[int | str] = (),
        view: str = "deal/list",
        is_all: bool = False,
        excluded: Sequence[int | str] = (),
        list_filter: Mapping[str, Any] | None = None,
    ) -> "Surface":
        """For what is opened from a menu: rows of a list, or with `is_all` all that the filter shows."""
        resource, _, kind = view.partition("/")
        place: dict[str, Any] = {
            "resource": resource,
            "view": kind or "details",
            "selected_ids": "" if is_all else list(selected),
        }
        if is_all:
            place["excluded_ids"] = list(excluded)
            place["filter"] = dict(list_filter or {"everyone": True})
        return replace(self, place=place)

    def install(self) -> None:
        """Through the real OAuth flow, unless that was done before in this test."""
        if self.installs and self.person.id not in self.installed:
            self.app.control.install(self.app.client_id, self.person)
            self.installed.add(self.person.id)

    def advance(self, seconds: float) -> None:
        """Moves Pipedrive's time, and the app's by the same."""
        self.app.advance(seconds)

    def run_jobs(self) -> JobsRun:
        """Does what was put off and is due, what that adds included; `advance` makes more of it due."""
        since = self.app.control.last_entry(self.since)
        printed, log = self.app.run_jobs()
        done, put_off, dead = map(int, re.findall(r"[0-9]+", printed))
        return JobsRun(done, put_off, dead, self._calls_since(since), log)

    @property
    def api_calls(self) -> Calls:
        """What the app has asked of Pipedrive's API in this test, as the emulator's ledger has it."""
        return self._calls_since(self.since)

    @property
    def log(self) -> str:
        """What the app has printed so far, of earlier tests too."""
        return self.app.log()

    def _calls_since(self, since: int) -> Calls:
        entries = self.app.control.ledger(since)
        return tuple(
            entry
            for entry in entries
            if entry["kind"] == "api_call" and entry["client_id"] in (self.app.client_id, None)
        )

    def timed_calls(
        self, method: str, url: str, body: object, headers: Mapping[str, str]
    ) -> tuple[Answer, Calls]:
        since = self.app.control.last_entry(self.since)
        answer = request(method, url, body=body, headers=headers, timeout=_SECONDS)
        return answer, self._calls_since(since)


@dataclass(frozen=True, slots=True)
class _Visitor:
    """Who sits before one surface; the token is fresh each time."""

    viewer: Surface
    surface: DeclaredSurface
    place: Mapping[str, Any]

    def url(self) -> str:
        return self._loaded()[0]

    def token(self) -> str:
        return self._loaded()[1]

    def url_to_send_to(self) -> str:
        """A JSON modal's token sends once, and those of one second are the same: then a second passes."""
        url, token = self._loaded()
        if token in self.viewer.sent_with:
            self.viewer.advance(1)
            url, token = self._loaded()
        self.viewer.sent_with.add(token)
        return url

    def asks(self, method: str, url: str, body: object = None, token: str = "") -> tuple[Answer, Calls]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.viewer.timed_calls(method, url, body, headers)

    def _loaded(self) -> tuple[str, str]:
        app = self.viewer.app
        return app.control.surface(app.client_id, self.surface, self.viewer.person, self.place)


def _place(surface: DeclaredSurface, record: Mapping[str, int | str]) -> dict[str, Any]:
    if not record:
        return {}
    resource, record_id = next(iter(record.items()))
    if len(record) > 1 or resource not in _RESOURCES:
        raise LookupError(f"open() takes one record: {', '.join(f'{each}=1' for each in _RESOURCES)}.")
    if surface.kind in PANELS and resource != surface.view:
        raise LookupError(f"{surface.name} stands beside a {surface.view}: open it with {surface.view}=1.")
    return {"resource": resource, "view": "details", "selected_ids": [record_id]}
