"""An open surface: what it shows, and what can be pressed. It asks as surface.js does, over HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlencode, urlsplit

from marketplace_app.cli.local.fetch import Reply as Answer
from marketplace_app.domain.surface import IFRAMES, Surface
from marketplace_app.testing.forms import filled_in
from marketplace_app.testing.json_forms import JsonForm
from marketplace_app.testing.markup import Pressable, Reading, read_markup
from marketplace_app.testing.replies import Reply


class Visitor(Protocol):
    """Who sits before the page."""

    def url(self) -> str:
        """The surface's address, with a fresh token."""
        ...

    def token(self) -> str:
        """What GET_SIGNED_TOKEN gives."""
        ...

    def url_to_send_to(self) -> str:
        """Of a JSON modal: with a token that has sent nothing yet."""
        ...

    def asks(
        self, method: str, url: str, body: object = None, token: str = ""
    ) -> tuple[Answer, tuple[Mapping[str, Any], ...]]:
        """The answer, and the API calls that were made for it. `token` is sent as a bearer."""
        ...


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be pressed: a button, or a form with its fields."""

    page: "Page" = field(repr=False)
    pressable: Pressable = field(repr=False)
    label: str
    action: str
    form: Mapping[str, Any]

    def press(self, **form: Any) -> Reply:
        """`form` are the fields that the viewer fills in. Raises LookupError for one that is not there."""
        return self.page.send_from(self.pressable, form)


@dataclass(frozen=True)
class Page:
    """`url` is the address that was opened, `answer` what came; `html` is what is shown by now.

    `form` is that of a JSON modal, whose fields hold what the schema and the app have put there.
    """

    visitor: Visitor = field(repr=False)
    surface: Surface = field(repr=False)
    url: str = field(repr=False)
    answer: Answer = field(repr=False)
    html: str = field(repr=False)
    api_calls: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    shown_as: str = ""
    form: JsonForm | None = field(default=None, repr=False)

    @property
    def status(self) -> int:
        return self.answer.status

    @property
    def state(self) -> str:
        """What surface.js makes of it: complete, connect, consent or message; empty where it does not run."""
        return self.shown_as or self._markup.body.get("data-state", "").replace("stale", "complete")

    @property
    def text(self) -> str:
        """What can be read, in one line."""
        return self._markup.text

    @property
    def json(self) -> Any:
        """Of a JSON panel or a JSON modal."""
        return self.answer.json()

    @property
    def location(self) -> str:
        """Where a link action leads."""
        return self.answer.headers.get("location", "")

    @property
    def buttons(self) -> list[Button]:
        return [
            Button(self, each, each.label or each.spoken, each.action, {**each.form, **(each.fields or {})})
            for each in self._markup.pressables
        ]

    def button(self, name: str, **form: Any) -> Button:
        """By label or action, and where it matters by values of its form. Raises LookupError."""
        for button in self.buttons:
            if button.pressable.answers_to(name) and form.items() <= button.form.items():
                return button
        there = ", ".join(f"{b.label!r} ({b.action or 'no action'})" for b in self.buttons) or "nothing"
        raise LookupError(f"{self.surface.name} shows no button {name!r}; it shows: {there}.")

    def press(self, name: str, **form: Any) -> Reply:
        """The first button with that label or action, or of a JSON modal with that label or key.

        `form` are the fields that the viewer fills in. Raises LookupError with the buttons that there are.
        """
        if self.form is not None:
            self.form.check_button(name)
            return self._replied("POST", self.visitor.url_to_send_to(), self.form.filled_in(form).body)
        return self.button(name).press(**form)

    def change(self, key: str, **form: Any) -> "Page":
        """Of a JSON modal: the viewer fills in the form, a block with fetch_on_change last.

        Raises LookupError for a block that is not there.
        """
        if self.form is None:
            raise LookupError(f"{self.surface.name} is no JSON modal, and has no blocks to change.")
        filled = self.form.filled_in(form)
        more = urlencode({"form": json.dumps(filled.body), "invoker": key})
        answer, calls = self.visitor.asks("GET", f"{self.visitor.url()}&{more}")
        return replace(self, answer=answer, api_calls=calls, form=filled.following(answer.json()))

    def refresh(self) -> "Page":
        """The surface asks for its picture again."""
        return self._asked_later("sections/all?fresh=1&")

    def send_from(self, pressable: Pressable, form: Mapping[str, Any]) -> Reply:
        if pressable.command is not None:
            return Reply(self.status, {"commands": [pressable.command]}, self)
        return self.send(pressable.action, pressable.ticket, filled_in(pressable, form))

    def send(self, action: str, ticket: str, form: Mapping[str, Any]) -> Reply:
        url = f"{self._place}/actions/{action}?{self._query}"
        return self._replied("POST", url, {"ticket": ticket, "form": form}, self.visitor.token())

    def settled(self) -> "Page":
        """As surface.js leaves it: after a skeleton, or of an old picture, the sections are asked for."""
        is_waiting = self.surface.kind in IFRAMES and self._markup.body.get("data-state") in (
            "skeleton",
            "stale",
        )
        return self.looked_again() if is_waiting else self

    def looked_again(self) -> "Page":
        """What is kept will do."""
        return self._asked_later("sections/all?")

    def shown_with(self, data: Mapping[str, Any]) -> "Page":
        """A floating window is loaded first, and told with what it is shown in an event."""
        url = f"{self.url}&{urlencode({'data': json.dumps(data)})}"
        return replace(self, url=url).looked_again()

    def showing(self, html: str, kind: str = "fragment") -> "Page":
        return replace(self, html=html, shown_as="complete" if kind == "fragment" else kind)

    def _asked_later(self, section: str) -> "Page":
        url = f"{self._place}/{section}{self._query}"
        answer, calls = self.visitor.asks("GET", url, token=self.visitor.token())
        calls = (*self.api_calls, *calls)
        after = replace(self, answer=answer, html="", api_calls=calls, shown_as="message")
        for command in answer.json()["commands"]:
            if "html" in command:
                return after.showing(command["html"], command["kind"])
            after = replace(after, html=after.html + command.get("text", ""))
        return after

    def _replied(self, method: str, url: str, body: object, token: str = "") -> Reply:
        answer, calls = self.visitor.asks(method, url, body, token)
        return Reply(answer.status, answer.json(), self, calls)

    @property
    def _place(self) -> str:
        return self.url.partition("?")[0]

    @property
    def _query(self) -> str:
        """Without the token, which has done its work."""
        pairs = parse_qsl(urlsplit(self.url).query, keep_blank_values=True)
        return urlencode([(name, value) for name, value in pairs if name != "token"])

    @cached_property
    def _markup(self) -> Reading:
        return read_markup(self.html)
