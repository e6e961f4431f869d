"""HTML that users write: harmless tags stay, everything else goes."""

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser

_TAGS = (
    frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "blockquote", "pre", "br", "hr"})
    | frozenset({"b", "strong", "i", "em", "u", "s", "strike", "sub", "sup", "code", "span", "font"})
    | frozenset({"a", "img", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"})
)
_EMPTY = frozenset({"br", "hr", "img"})
_ATTRIBUTES = frozenset({"href", "src", "alt", "title", "target", "color", "class", "colspan", "rowspan"})
# Tags that take what is inside them along.
_SILENCED = frozenset({"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math"})
_ADDRESSES = ("http://", "https://", "mailto:", "tel:", "/", "#")


class _Sieve(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.kept: list[str] = []
        self._silence: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in _SILENCED:
            self._silence.append(tag)
        elif tag in _TAGS and not self._silence:
            kept = [(name, value or "") for name, value in attrs if _harmless(name, value or "")]
            shown = "".join(f' {name}="{escape(value)}"' for name, value in kept)
            self.kept.append(f"<{tag}{shown}>")

    def handle_startendtag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag not in _SILENCED:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._silence:
            del self._silence[self._silence.index(tag) :]
        elif tag in _TAGS - _EMPTY and not self._silence:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._say(escape(data, quote=False))

    def handle_entityref(self, name: str) -> None:
        self._say(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._say(f"&#{name};")

    def _say(self, text: str) -> None:
        if not self._silence:
            self.kept.append(text)


def _harmless(name: str, value: str) -> bool:
    if name not in _ATTRIBUTES:
        return False
    address = "".join(value.split()).lower()
    return name not in ("href", "src") or address.startswith(_ADDRESSES)


def sanitised(text: str) -> str:
    """The text without scripts, handlers, frames and addresses that run something."""
    sieve = _Sieve()
    sieve.feed(text)
    sieve.close()
    return "".join(sieve.kept)
