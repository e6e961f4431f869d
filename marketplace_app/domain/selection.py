"""What a surface was opened for. Pipedrive does not sign this part of the query.

So a Selection is a question, never an answer: it is authorised by asking the API for the records as
the user who looks. https://pipedrive.readme.io/docs/app-extensions-actions
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace_app.domain.ids import is_id, parse_id
from marketplace_app.domain.surface import PANELS, Surface, SurfaceKind

MOST_SELECTED = 500  # more than fit on a page; a longer list is no selection at all
_MOST_JSON = 4096
_WORD = re.compile(r"[A-Za-z_-]{1,40}")
# Where in the query a selection stands: what makes two visits visits of the same.
_WHO_AND_HOW = {"userId", "companyId", "id", "theme", "token", "isShared", "fresh"}
NAMES = (
    "resource",
    "view",
    "selectedIds",
    "excludedIds",
    "filter",
    "data",
    "context",
    "objectId",
    "fieldKey",
)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What a list view showed: those of one saved filter, of one user, or everything.

    `activity_types` empty means all of them; the days are first and last, where the list had some.
    """

    filter_id: int | None = None
    user_id: int | None = None
    activity_types: tuple[str, ...] = ()
    activity_start: date | None = None
    activity_end: date | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """`resource` and `view` are words of Pipedrive's such as deal and details, empty when it says none.

    `is_all`: everything of the list is selected but `excluded_ids`, and `filter` says what that is. Where
    Pipedrive does not say these two nothing is selected, for nobody knows the exceptions.
    `data` is what the opener handed over, `part` the object and the field of a JSON panel's action.
    """

    resource: str = ""
    view: str = ""
    ids: tuple[int, ...] = ()
    is_all: bool = False
    excluded_ids: tuple[int, ...] = ()
    filter: ListFilter | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    part: tuple[str, str] = ("", "")
    subject: str = ""

    @classmethod
    def of(cls, surface: Surface, query: Mapping[str, str]) -> "Selection":
        """Whatever is missing or malformed selects nothing. A panel stands beside one record."""
        selected = query.get("selectedIds")
        ids = _ids(selected)
        if surface.kind in PANELS:
            record = ids if len(ids) == 1 else ()
            return cls(surface.view or "", "details", record, subject=str(record[0]) if record else "")
        view = _word(query.get("view", ""))
        return cls(
            resource=_word(query.get("resource", "")),
            view=view,
            ids=ids,
            is_all=view == "list" and selected == "" and "excludedIds" in query and "filter" in query,
            excluded_ids=_ids(query.get("excludedIds")),
            filter=_filter(query.get("filter", "")),
            data=_data(surface, query),
            part=(query.get("objectId", ""), query.get("fieldKey", "")),
            subject=_subject(surface, query),
        )

    @property
    def record_id(self) -> int | None:
        """The one record that is selected; None when there is none, or more than one."""
        return self.ids[0] if len(self.ids) == 1 else None


def _word(text: str) -> str:
    """An author may build addresses and sentences of it, so that it is a word and nothing else."""
    return text if _WORD.fullmatch(text) else ""


def _data(surface: Surface, query: Mapping[str, str]) -> Mapping[str, Any]:
    """Pipedrive does not say how the context of settings comes: as one object, or as names of its own."""
    said = query.get("data") or query.get("context") or ""
    if said or surface.kind is not SurfaceKind.SETTINGS_PAGE:
        return _object(said)
    return {name: query[name] for name in _own_names(query)}


def _own_names(query: Mapping[str, str]) -> list[str]:
    return sorted(query.keys() - _WHO_AND_HOW - set(NAMES))


def _subject(surface: Surface, query: Mapping[str, str]) -> str:
    """The same for two visits of the same; what tickets and kept pictures are bound to."""
    more = _own_names(query) if surface.kind is SurfaceKind.SETTINGS_PAGE else []
    said = [[name, query[name]] for name in (*NAMES, *more) if name in query]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32] if said else "none"


def _ids(text: str | None) -> tuple[int, ...]:
    """Of a text with commas; one that is no id, or given twice, spoils them all."""
    parts = text.split(",", MOST_SELECTED) if text else []
    ids = [parse_id(part) for part in parts]
    known = tuple(dict.fromkeys(each for each in ids if each is not None))
    return known if len(known) == len(parts) <= MOST_SELECTED else ()


def _object(text: str) -> Mapping[str, Any]:
    if not text or len(text) > _MOST_JSON:
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _filter(text: str) -> ListFilter | None:
    """One that nobody understands is none, which `is_all` must not take for everything."""
    found = _object(text)
    if not ({"filter_id", "user_id", "everyone"} & set(found)):
        return None
    try:
        return ListFilter(
            filter_id=_id(found.get("filter_id")),
            user_id=_id(found.get("user_id")),
            activity_types=tuple(filter(None, str(found.get("activity_type", "")).split(","))),
            activity_start=_day(found.get("activity_start_date")),
            activity_end=_day(found.get("activity_end_date")),
        )
    except ValueError:
        return None


def _id(value: object) -> int | None:
    """Pipedrive's own example writes an id as a text. Raises ValueError."""
    if value is None:
        return None
    found = parse_id(value) if isinstance(value, str) else value
    if not isinstance(found, int) or not is_id(found):
        raise ValueError("no id")
    return found


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None
