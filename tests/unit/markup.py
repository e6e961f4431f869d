from html.parser import HTMLParser
from typing import Any

from tests.harness.parts import Parts

VOID = ("img", "input", "br", "meta", "link", "circle", "path")


class Page(HTMLParser):
    """Elements with their attributes, all text, and whether the tags are balanced."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of {tag} is given twice"
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def having(self, name: str) -> list[dict[str, str]]:
        return [attributes for _, attributes in self.elements if name in attributes]

    def one(self, *tags: str) -> dict[str, str]:
        """The attributes of the only element that is one of these."""
        [found] = [attributes for tag, attributes in self.elements if tag in tags]
        return found


def page_of(parts: Parts, part: str, inside: str | None = None, **given: Any) -> Page:
    return Page(parts.html(part, given, inside))
