"""What no answer, log or error may hold: secrets, anything shaped like a token, marks of another company."""

import base64
import binascii
import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

MARK = re.compile(r"CANARY-([a-z0-9-]+?)-(seen|hidden)\b")
_SHAPES = {
    "an access token": re.compile(r"v1u:[A-Za-z0-9+/=_-]{16,}"),
    "a refresh token": re.compile(r"\b\d+:\d+:[0-9a-f]{16}"),
    "a signed context": re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
    "a bearer": re.compile(r"[Bb]earer [\w./+=:-]{16,}"),
}
_WRAPPED = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")
_ESCAPED = re.compile(r"\\u00([0-9a-fA-F]{2})")


def mark(domain: str, rest: str, *, is_hidden: bool = False) -> str:
    """Stands in every record of a company; a hidden one only its owner may see."""
    return f"CANARY-{domain}-{'hidden' if is_hidden else 'seen'}-{rest}"


@dataclass(frozen=True, slots=True)
class Scan:
    """`secrets` are known ones, by what they are called."""

    secrets: Mapping[str, str] = field(repr=False)

    def secrets_in(self, text: str) -> set[str]:
        """Their names, never what was found. Also of what is escaped, or wrapped in base64."""
        readings = [*_readings(text), *_unwrapped(text)]
        known = {name for name, value in self.secrets.items() if any(value in each for each in readings)}
        return known | {name for name, shape in _SHAPES.items() if any(map(shape.search, readings))}

    def plain_secrets_in(self, text: str) -> set[str]:
        """As it stands there: for files that are too large to be read in every way."""
        known = {name for name, value in self.secrets.items() if value in text}
        return known | {name for name, shape in _SHAPES.items() if shape.search(text)}

    def strange_in(self, text: str, domain: str, *, may_see_hidden: bool) -> set[str]:
        """The marks that somebody of that company must not see; everybody's when it is empty."""
        found = {(m[1], m[2]) for each in _readings(text) for m in MARK.finditer(each)}
        return {
            f"{company}'s {'hidden ' if kind == 'hidden' else ''}records"
            for company, kind in found
            if company != domain or (kind == "hidden" and not may_see_hidden)
        }


def _readings(text: str) -> list[str]:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return list(dict.fromkeys((text, html.unescape(text), unquote(text), plain)))


def _unwrapped(text: str) -> Iterator[str]:
    for found in _WRAPPED.findall(text):
        bare = found.rstrip("=").translate(str.maketrans("-_", "+/"))
        try:
            yield base64.b64decode(bare + "=" * (-len(bare) % 4)).decode("ascii")
        except (binascii.Error, ValueError):
            continue
