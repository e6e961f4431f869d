"""The schema files of an extension's JSON surfaces: made of the code, and compared with what was uploaded."""

import json
from collections.abc import Mapping, Sequence
from typing import Any


def file_text(schema: Mapping[str, Any]) -> str:
    """As it is written for Developer Hub."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def first_difference(code: Any, file: Any, where: str = "") -> str:
    """A sentence that begins with a JSON pointer; empty when there is none.

    The order of an object's keys counts too: Pipedrive shows fields and blocks in it.
    """
    place = where or "the whole"
    if isinstance(code, Mapping) and isinstance(file, Mapping):
        return _of_objects(code, file, where)
    if isinstance(code, list) and isinstance(file, list):
        for number, (ours, theirs) in enumerate(zip(code, file, strict=False)):
            found = first_difference(ours, theirs, f"{where}/{number}")
            if found:
                return found
        return (
            ""
            if len(code) == len(file)
            else f"{place} has {len(file)} parts in the file and {len(code)} in code"
        )
    is_same = type(code) is type(file) and code == file
    return "" if is_same else f"{place} is {_short(file)} in the file and {_short(code)} in code"


def _of_objects(code: Mapping[str, Any], file: Mapping[str, Any], where: str) -> str:
    for key in code:
        if key not in file:
            return f"{where}/{key} is in code and not in the file"
        found = first_difference(code[key], file[key], f"{where}/{key}")
        if found:
            return found
    for key in file:
        if key not in code:
            return f"{where}/{key} is in the file and not in code"
    if where.endswith("/properties") and list(code) != list(file):
        return f"{where} has the order {_names(file)} in the file and {_names(code)} in code"
    return ""


def _names(keys: Sequence[str] | Mapping[str, Any]) -> str:
    return ", ".join(keys)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


_LONGEST = 60
