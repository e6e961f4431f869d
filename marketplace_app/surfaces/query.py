"""The query of an iframe's URL. It is on the way of every panel, so it is read once and plainly."""

from dataclasses import dataclass
from urllib.parse import unquote_plus

MOST_KEYS = 64


@dataclass(frozen=True, slots=True)
class Query:
    """`says_it_twice`: some key is given more than once, and the first value is kept.

    Also true of a query with more keys than are read, for one may say it again where nobody looks.
    """

    values: dict[str, str]
    says_it_twice: bool

    @classmethod
    def read(cls, raw: bytes) -> "Query":
        values: dict[str, str] = {}
        parts = raw.decode("latin-1").split("&", MOST_KEYS) if raw else []
        count = 0
        for part in parts:
            if not part:
                continue
            name, _, value = part.partition("=")
            values.setdefault(_decoded(name), _decoded(value))
            count += 1
        return cls(values, says_it_twice=count != len(values) or len(parts) > MOST_KEYS)

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)


def _decoded(part: str) -> str:
    return unquote_plus(part) if "%" in part or "+" in part else part
