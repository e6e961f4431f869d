"""Payloads, the places of a page at which they stand, and the page as it would be without protection at one.

An unprotected page is the app's own, with one place as a template without escaping would have printed it.
Only what runs there is alive, and only what is alive counts. Nothing here is what escapes in the app.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_LINES = (Path(__file__).parent / "payloads.txt").read_text(encoding="utf-8").splitlines()
PAYLOADS = [line for line in _LINES if line and not line.startswith("#")]
_BREAKOUTS = ('">', "", '">', "\"'>", '">')  # out of an attribute, mostly, which harms nothing in a text
_SCRIPTS = re.compile(r"<script\b.*?</script>|<link\b[^>]*>", re.DOTALL)
_OUR_QUOTES = {"&#x27;": "&#39;", "&quot;": "&#34;"}  # as MarkupSafe spells them


def payload(number: int) -> str:
    """The number is in it and tells where it came from when it runs."""
    vector = PAYLOADS[number % len(PAYLOADS)]
    breakout = _BREAKOUTS[(number // len(PAYLOADS) + number) % len(_BREAKOUTS)]
    return breakout + vector.replace("{n}", str(number))


@dataclass(frozen=True, slots=True)
class Trial:
    """The unprotected page of one payload at one place, such as `text of b` or `button title`."""

    number: int
    place: str
    page: str


def trials(page: str, planted: Mapping[int, str]) -> Iterator[Trial]:
    """One for every place at which one of these payloads stands in the page."""
    bare = _SCRIPTS.sub("", page)
    for number, text in planted.items():
        for form, (shown, raw) in _forms(text).items():
            begin = -1
            while (begin := bare.find(shown, begin + 1)) >= 0:
                page_without = bare[:begin] + raw + bare[begin + len(shown) :]
                yield Trial(number, f"{form} in {_where(bare[:begin])}", page_without)


def _where(before: str) -> str:
    """Of what stands before a place: in which attribute, or in which element's text."""
    tag = before.rpartition("<")[2]
    name = re.split(r"[\s>]", tag, maxsplit=1)[0]
    if ">" not in tag:
        return f"{name} {re.findall(r'([a-z-]+)=', tag)[-1]}"
    kind = re.search(r'class="([^"]*)"', tag.partition(">")[0])
    return f"{name}.{kind[1]}" if kind else name


def unprotected(page: str, planted: Mapping[int, str]) -> str:
    """All places at once, scripts left in."""
    for text in planted.values():
        for shown, raw in _forms(text).values():
            page = page.replace(shown, raw)
    return page


def _forms(text: str) -> dict[str, tuple[str, str]]:
    """What stands in the page, and what would without protection: as text, within JSON, in an address."""
    as_json = json.dumps(text, ensure_ascii=False)[1:-1]
    found = {"text": (_escaped(text), text), "telephone": (quote(text, safe="+"), text)}
    found["mail"] = (quote(text, safe="@"), text)
    if as_json != text:
        found["JSON"] = (_escaped(as_json), as_json)
    return {name: (shown, raw) for name, (shown, raw) in found.items() if shown != raw}


def _escaped(text: str) -> str:
    escaped = html.escape(text)
    for theirs, ours in _OUR_QUOTES.items():
        escaped = escaped.replace(theirs, ours)
    return escaped
