"""The form for a new project: it starts in the first phase of its board."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.forms.form import Asked, Field, Form, FormKind, Invalid, Values, choices, needed


def _draw(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    boards = choices(asked.api.many("boards"), "name")[1:]
    first = boards[0].value if boards else ""
    fields = (
        Field("title", "Title", value=str(prefill.get("title") or ""), is_required=True),
        Field("board", "Board", "select", first, options=boards),
        Field("start", "Start", "date", width="half"),
        Field("end", "End", "date", width="half"),
    )
    return Form("Add project", fields)


def _save(asked: Asked, values: Values) -> Record:
    body: Record = {"title": needed(values, "title", "Title")}
    phases = asked.api.many("phases", board_id=needed(values, "board", "Board"))
    if not phases:
        raise Invalid("board", "This board has no phase yet. Choose another one.")
    first = min(phases, key=lambda phase: phase["order_nr"])
    body |= {"board_id": first["board_id"], "phase_id": first["id"]}
    dates = {"start_date": values.get("start"), "end_date": values.get("end")}
    body |= {key: day for key, day in dates.items() if day}
    return asked.api.write("POST", "/api/v2/projects", body)


PROJECT = FormKind(_draw, _save)
