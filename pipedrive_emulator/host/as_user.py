"""The API as the person at the screen uses it: same rules and visibility, without an app's token."""

from dataclasses import dataclass
from typing import Any

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.world import User

Record = dict[str, Any]

_PAGE_SIZE = 500
_V1_PAGE_SIZE = 100


class Refused(Exception):
    """Pipedrive did not do what was asked; ``status`` is HTTP's, the text is fit for the screen."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, slots=True)
class AsUser:
    """Reads and writes API v2 records in the name of one user."""

    emulator: Emulator
    user: User

    def one(self, entity: str, record_id: int, **query: str) -> Record:
        """One record; raises Refused(404) when there is none that this user may see."""
        record: Record = self._call("GET", f"/api/v2/{entity}/{record_id}", query)["data"]
        return record

    def maybe(self, entity: str, record_id: int | None) -> Record | None:
        """A linked record, or None when there is no link or it is not for this user's eyes."""
        try:
            return None if record_id is None else self.one(entity, record_id)
        except Refused:
            return None

    def many(self, entity: str, **query: str) -> list[Record]:
        """All records of a list, page by page until the cursor ends."""
        records: list[Record] = []
        cursor: str | None = ""
        while cursor is not None:
            page = {"limit": str(_PAGE_SIZE), **query, **({"cursor": cursor} if cursor else {})}
            answer = self._call("GET", f"/api/v2/{entity}", page)
            records += answer["data"] or []
            cursor = (answer.get("additional_data") or {}).get("next_cursor")
        return records

    def v1(self, path: str, **query: str) -> list[Record]:
        """All rows of a list of API v1, page by page until nothing follows; an object is a list of one."""
        rows: list[Record] = []
        start: int | None = 0
        while start is not None:
            page = {"limit": str(_V1_PAGE_SIZE), "start": str(start), **query} if start else query
            answer = self._call("GET", f"/api/v1/{path}", page)
            data, marks = answer.get("data") or [], answer.get("additional_data") or {}
            rows += data if isinstance(data, list) else [data]
            start = (marks.get("pagination") or marks).get("next_start")
        return rows

    def write(self, method: str, path: str, body: Record | None) -> Record:
        """Change something and answer the record as it is now."""
        return self._call(method, path, {}, body).get("data") or {}

    def _call(self, method: str, path: str, query: Record, body: Record | None = None) -> Record:
        status, answer = self.emulator.api.call(self.user, method, path, query, body)
        if status >= 400:  # noqa: PLR2004 - HTTP's border between success and refusal
            raise Refused(status, str(answer.get("error") or f"Pipedrive answered {status}."))
        return answer
