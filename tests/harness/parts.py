"""The parts of templates/kit as an author's template calls them, with harmless values and hostile ones."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace_app.web.templates import Templates

_PROBE = """{% import "kit/parts.html" as parts %}
{% if inside is none %}{{ parts[part](**given) }}{% else %}
{% call parts[part](**given) %}{{ inside }}{% endcall %}{% endif %}"""

# Each calls fired() where it is taken for markup, script or a link.
HOSTILE = (
    '"><img src=x onerror=fired(1)>',
    "'><img src=x onerror=fired(1)>",
    "<img src=x onerror=fired(1)>",
    "<script>fired(1)</script>",
    '" autofocus onfocus=fired(1) x="',
    "' autofocus onfocus=fired(1) x='",
    " autofocus onfocus=fired(1) ",
    "</textarea></select></button><svg onload=fired(1)>",
    "--><svg onload=fired(1)>",
    "javascript:fired(1)",
    "JaVaScRiPt:fired(1)",
    " java\nscript:fired(1)",
    "\x01javascript:fired(1)",
    "javascript&colon;fired(1)",
    "vbscript:fired(1)",
    "data:text/html,<script>opener.fired(1)</script>",
    '\\"><img src=x onerror=fired(1)>',
    "\\u0022><img src=x onerror=fired(1)>",
)
FIXED = ("kind", "level")  # words of the author alone; any other than the known ones is an error


def ticket_for(action: str) -> str:
    return f"ticket of {action}"


@dataclass(frozen=True, slots=True)
class Example:
    """`given` are arguments by name, `inside` what a call block would hold."""

    part: str
    given: Mapping[str, Any]
    inside: str | None = None


_BUTTON = {"label": "x", "id": "x", "look": "x", "hint": "xx", "name": "x", "ticket": ticket_for}
_FIELD = {"label": "x", "name": "x", "value": "x", "id": "x", "hint": "x", "error": "x", "required": True}
_LINK = {"href": "https://x", "id": "x", "redirect": {"x": "x"}}
EXAMPLES = (
    Example("link", {**_LINK, "label": "x", "look": "x", "name": "x"}),
    Example("button", {**_BUTTON, "action": "x", "form": {"x": "x"}}),
    Example("button", {**_BUTTON, "modal": {"x": {"x": "x"}}, "then": "x"}),
    Example("button", {**_BUTTON, "redirect": {"x": "x"}}),
    Example("button", {**_BUTTON, "refreshes": True, "of_menu": "x", "is_first": True}),
    Example("button", {**_BUTTON, "closes": True}),
    Example("button", {**_BUTTON, "href": "https://x"}),
    Example(
        "menu",
        {
            "label": "x",
            "id": "x",
            "items": [
                {"label": "x", "action": "x", "form": {"x": "x"}},
                {"label": "x", "href": "https://x"},
                {"label": "x", "redirect": {"x": "x"}, "look": "x"},
            ],
            "ticket": ticket_for,
            "look": "x",
            "name": "x",
        },
    ),
    Example("card", {"title": "x", "level": 2, "note": "x"}, "x"),
    Example("row", {**_LINK, "title": "x", "detail": "x", "mark": "x", "tone": "x"}, "x"),
    Example("row", {"title": "x", "id": "x"}),
    Example(
        "form",
        {
            "action": "x",
            "ticket": ticket_for,
            "submit": "x",
            "values": {"x": "x"},
            "id": "x",
            "look": "x",
        },
        "x",
    ),
    Example("field", {**_FIELD, "kind": "text", "maxlength": 3}),
    Example("field", {**_FIELD, "kind": "number", "min": 1, "max": 3, "step": 1}),
    Example("field", {**_FIELD, "kind": "date"}),
    Example("field", {**_FIELD, "kind": "select", "choices": [("y", "x"), ("z", "x")]}),
    Example("field", {**_FIELD, "kind": "textarea", "rows": 3}),
    Example("field", {**_FIELD, "kind": "checkbox", "checked": True}),
    Example("empty", {"title": "x", "advice": "x", "icon_name": "x"}, "x"),
    Example("error", {"sentence": "x", "id": "x", "can_retry": True}),
    Example("skeleton", {"bars": ["x", "x"], "label": "x"}),
)


@dataclass(frozen=True, slots=True)
class Parts:
    templates: Templates

    @classmethod
    def probed_in(cls, folder: Path) -> "Parts":
        """`folder` is where a template may be written."""
        (folder / "probe.html").write_text(_PROBE)
        return cls(Templates([folder]))

    def arguments(self) -> dict[str, set[str]]:
        """Of each part, as templates/kit has them."""
        module = self.templates._environments["en"].get_template("kit/parts.html").module
        macros = {name: found for name, found in vars(module).items() if hasattr(found, "arguments")}
        return {name: set(macro.arguments) for name, macro in macros.items()}

    def html(
        self, part: str, given: Mapping[str, Any], inside: str | None = None, language: str = "en"
    ) -> str:
        return self.templates.render("probe.html", language, part=part, given=given, inside=inside)

    def spoilt(self, example: Example, text: str) -> Iterator[tuple[str, str]]:
        """The name of each argument, and the part with `text` in every place of it."""
        for name, value in example.given.items():
            if name not in FIXED:
                given = {**example.given, name: _spoilt(value, text)}
                yield name, self.html(example.part, given, example.inside)
        if example.inside is not None:
            yield "inside", self.html(example.part, example.given, text)


def _spoilt(value: Any, text: str) -> Any:
    if isinstance(value, Mapping):
        return {name: _spoilt(inner, text) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_spoilt(inner, text) for inner in value]
    return _always(text) if callable(value) else text


def _always(text: str) -> Callable[[str], str]:
    return lambda _action: text
