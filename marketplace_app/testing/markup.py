"""What a viewer finds in a surface's markup: its text, and what can be pressed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

_UNSEEN = frozenset({"script", "style", "template", "head", "title"})
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
)
_INLINE = frozenset(
    {"a", "abbr", "b", "button", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup"}
)


@dataclass(slots=True)
class Pressable:
    """A button, or a form with its fields as they are filled in; `command` is what needs no server."""

    action: str
    ticket: str
    form: dict[str, Any]
    fields: dict[str, str | None] | None = None  # of a form: None is a box that is not ticked
    ticked: dict[str, str] = field(default_factory=dict)  # what each box of a form says once it is ticked
    label: str = ""
    spoken: str = ""  # what a screen reader says instead of the label
    command: dict[str, Any] | None = None

    def answers_to(self, name: str) -> bool:
        return name in (self.label, self.spoken, self.action)


@dataclass(slots=True)
class Reading:
    """`body` are the attributes of the page's body: `data-state` and the like."""

    text: str = ""
    body: Mapping[str, str] = field(default_factory=dict)
    pressables: list[Pressable] = field(default_factory=list)


def read_markup(html: str) -> Reading:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = reader.markup
    found.text = " ".join("".join(reader.words).split())
    for each in found.pressables:
        each.label = " ".join(each.label.split())
    return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.markup = Reading()
        self.words: list[str] = []
        self._unseen: list[str] = []
        self._open: list[tuple[str, Pressable]] = []  # the controls that are being read, innermost last
        self._field: tuple[str, str] | None = None  # the select or textarea that is being read, with its name

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "body":
            self.markup.body = given
        if self._unseen or tag in _UNSEEN or "hidden" in given:
            self._unseen += [tag] if tag not in _VOID else []
            return
        if tag not in _INLINE:
            self.words.append(" ")
        pressable = _pressable(tag, given)
        if pressable is not None:
            self.markup.pressables.append(pressable)
            self._open.append((tag, pressable))
        elif tag == "button" and self._form is not None and given.get("type", "submit") == "submit":
            self._open.append((tag, self._form))
        self._read_field(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag == self._unseen[-1]:
                self._unseen.pop()
            return
        if self._field and tag == self._field[0]:
            self._field = None
        if self._open and tag == self._open[-1][0]:
            self._open.pop()
        if tag not in _INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        form = self._form
        if self._field and form is not None and form.fields is not None:
            if self._field[0] == "textarea":
                form.fields[self._field[1]] = data.removeprefix("\n")
            return
        self.words.append(data)
        if self._open and self._open[-1][0] != "form":
            self._open[-1][1].label += data

    @property
    def _form(self) -> Pressable | None:
        return next((each for tag, each in reversed(self._open) if tag == "form"), None)

    def _read_field(self, tag: str, given: Mapping[str, str]) -> None:
        form = self._form
        if form is None or form.fields is None:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._read_input(form, form.fields, name, given)
        elif tag in ("select", "textarea") and name:
            form.fields[name] = ""
            self._field = (tag, name)
        elif tag == "option" and self._field:
            chosen = self._field[1]
            if "selected" in given or not form.fields[chosen]:
                form.fields[chosen] = given.get("value", "")

    @staticmethod
    def _read_input(
        form: Pressable, fields: dict[str, str | None], name: str, given: Mapping[str, str]
    ) -> None:
        if given.get("type") == "checkbox":
            form.ticked[name] = given.get("value", "on")
        if given.get("type") in ("checkbox", "radio"):
            if "checked" in given:
                fields[name] = given.get("value", "on")
            else:
                fields.setdefault(name, None)
        elif given.get("type") not in ("submit", "button", "reset", "image"):
            fields[name] = given.get("value", "")


def _pressable(tag: str, given: Mapping[str, str]) -> Pressable | None:
    command = None if given.get("data-action") else json.loads(given.get("data-command", "null"))
    if tag not in ("button", "a", "form") or not (given.get("data-action") or command):
        return None
    form = json.loads(given.get("data-form") or "{}")
    fields: dict[str, str | None] | None = {} if tag == "form" else None
    return Pressable(
        given.get("data-action", ""),
        given.get("data-ticket", ""),
        form,
        fields,
        spoken=given.get("aria-label", ""),
        command=command,
    )
