"""The small markdown of Pipedrive's JSON extensions as a tree of plain values: no HTML is ever made here.

A node is ``{"type", ...}``: ``text`` and ``break`` end the tree, ``strong``, ``link`` (``href``),
``paragraph``, ``heading`` (``level``), ``quote``, ``item`` and ``list`` (``ordered``) have ``children``.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from pipedrive_emulator.json_library.formats import is_web_address

Node = dict[str, Any]

# No two parts of these can match the same character, so no text makes them slow.
_INLINE = re.compile(
    r"\*\*(?P<strong>[^*\n]+)\*\*|__(?P<bold>[^_\n]+)__|\[(?P<label>[^\[\]\n]+)\]\((?P<href>[^()\s]+)\)"
)
_LINES = (
    ("heading", re.compile(r"(?P<marks>#{1,6}) +(?P<rest>.+)")),
    ("quote", re.compile(r"> ?(?P<rest>.*)")),
    ("bullet", re.compile(r"[-*+] +(?P<rest>.+)")),
    ("number", re.compile(r"\d{1,9}[.)] +(?P<rest>.+)")),
)
_PANEL = ("bullet", "number")


def panel_markdown(text: str) -> list[Node]:
    """Links, bold and lists: what a panel knows."""
    return _blocks(text, _PANEL)


def modal_markdown(text: str) -> list[Node]:
    """Headings, paragraphs, bold, links, quotes and lists."""
    return _blocks(text, tuple(kind for kind, _ in _LINES))


def _blocks(text: str, kinds: tuple[str, ...]) -> list[Node]:
    rows = [_row(line.strip(), kinds) for line in text.splitlines()]
    nodes: list[Node] = []
    for kind, group in groupby(rows, key=lambda row: row[0]):
        nodes += _block(kind, [(marks, rest) for _, marks, rest in group])
    return nodes


def _row(line: str, kinds: tuple[str, ...]) -> tuple[str, str, str]:
    """Kind of line, its marks, its text."""
    for kind, form in _LINES:
        match = form.fullmatch(line) if kind in kinds else None
        if match:
            return kind, match.groupdict().get("marks", ""), match["rest"]
    return ("paragraph" if line else "gap"), "", line


def _block(kind: str, lines: list[tuple[str, str]]) -> list[Node]:
    match kind:
        case "gap":
            return []
        case "heading":
            return [
                {"type": "heading", "level": len(marks), "children": _inline(rest)} for marks, rest in lines
            ]
        case "bullet" | "number":
            items = [{"type": "item", "children": _inline(rest)} for _, rest in lines]
            return [{"type": "list", "ordered": kind == "number", "children": items}]
        case _:
            children = [node for _, rest in lines for node in ({"type": "break"}, *_inline(rest))]
            return [{"type": kind, "children": children[1:]}]


def _inline(text: str) -> list[Node]:
    return list(_nodes(text))


def _nodes(text: str) -> Iterator[Node]:
    place = 0
    for match in _INLINE.finditer(text):
        if match.start() > place:
            yield {"type": "text", "text": text[place : match.start()]}
        yield _node(match)
        place = match.end()
    if place < len(text):
        yield {"type": "text", "text": text[place:]}


def _node(match: re.Match[str]) -> Node:
    href = match["href"]
    if href is None:
        return {"type": "strong", "children": _inline(match["strong"] or match["bold"])}
    if not is_web_address(href):
        return {"type": "text", "text": match["label"]}
    return {"type": "link", "href": href, "children": _inline(match["label"])}
