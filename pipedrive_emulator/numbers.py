"""Numbers that come as text from outside."""

_LONGEST = 18


def whole_number(text: str) -> int | None:
    """The number that plain digits spell; None for everything else, and for more digits than any id has."""
    fits = text.isascii() and text.isdecimal() and len(text) <= _LONGEST
    return int(text) if fits else None
