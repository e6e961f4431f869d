"""Marking a deal as lost, with the reason that Pipedrive asks for."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.forms.form import Asked, Field, Form, FormKind, Values, create_or_change


def _draw(_: Asked, __: Mapping[str, Any]) -> Form:
    return Form("Mark as lost", (Field("lost_reason", "Lost reason", "textarea"),), submit="Mark as lost")


def _save(asked: Asked, values: Values) -> Record:
    body: Record = {"status": "lost"}
    if values.get("lost_reason"):
        body["lost_reason"] = values["lost_reason"]
    return create_or_change(asked, "deals", body)


LOST = FormKind(_draw, _save)
