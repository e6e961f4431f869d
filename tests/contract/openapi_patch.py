"""One place where a published OpenAPI file is wrong."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Patch:
    """Below ``paths`` (a regular expression for the whole path template), these keys may be null.

    A key is the end of a trail of property names, lists left out: ``additional_data.next_cursor``.
    ``also`` adds what the file lacks: a trail, and the schema of its last name. ``optional`` keys stand in
    the file's examples, but not in every answer. ``instead`` makes another schema of the one that is there.
    """

    version: str
    paths: str
    reason: str
    nullable: tuple[str, ...] = ()
    also: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    instead: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def fits(self, version: str, path: str) -> bool:
        return self.version == version and re.fullmatch(self.paths, path) is not None
