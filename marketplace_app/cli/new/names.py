"""What things may be called: in Python, in an address, and in Developer Hub."""

import keyword
import re

from marketplace_app.cli.developer_hub import LONGEST_NAME
from marketplace_app.cli.new.refused import Refused

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_LONGEST = 40


def checked(name: str, what: str = "name") -> str:
    """Raises Refused."""
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        raise Refused(
            f"{name!r} is no {what}: write small letters, digits and single dashes, beginning with a letter, "
            f"at most {_LONGEST} of them, such as deal-health."
        )
    if keyword.iskeyword(as_module(name)):
        raise Refused(f"{name!r} is a word of Python's own; choose another {what}.")
    return name


def as_module(name: str) -> str:
    return name.replace("-", "_")


def as_title(name: str) -> str:
    """In sentence case, as Developer Hub wants it."""
    return name.replace("-", " ").capitalize()


def as_class(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-"))


def checked_title(title: str) -> str:
    """Raises Refused with the limit of Developer Hub."""
    if len(title) > LONGEST_NAME:
        raise Refused(
            f"The title {title!r} has {len(title)} characters; Pipedrive takes {LONGEST_NAME} at most. "
            "Give a shorter one with --title."
        )
    if '"' in title or "\\" in title or "$" in title or not title.isprintable():
        raise Refused(f"The title {title!r} holds a quotation mark, a backslash or the like; leave it out.")
    return title
