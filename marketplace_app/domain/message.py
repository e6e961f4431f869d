"""A sentence that is not yet in anybody's language.

Pure rules say what is the case with `say` and `count`; `Words` puts it into the viewer's language.
The English text is the key of the translation, so both calls must hold literal texts.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Message:
    """`values` fill the text's {names}; with `plural`, `number` chooses the form and fills {number}."""

    text: str
    plural: str = ""
    number: int = 0
    values: dict[str, Any] = field(default_factory=dict)


def say(text: str, **values: Any) -> Message:
    return Message(text, values=values)


def count(singular: str, plural: str, number: int, **values: Any) -> Message:
    return Message(singular, plural, number, values | {"number": number})
