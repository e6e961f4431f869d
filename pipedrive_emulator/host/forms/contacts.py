"""The forms for a new person and a new organization."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.forms.form import Asked, Field, Form, FormKind, Values, create_or_change, needed
from pipedrive_emulator.host.forms.naming import find_or_add, proposals


def _draw_person(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    organization = str(prefill.get("organization") or "")
    fields = (
        Field("name", "Name", value=str(prefill.get("name") or ""), is_required=True),
        Field(
            "organization",
            "Organization",
            "suggest",
            organization,
            options=proposals(asked.api, "organizations"),
        ),
        Field("phone", "Phone", "tel", width="half"),
        Field("email", "Email", "email", width="half"),
    )
    return Form("Add person", fields)


def _save_person(asked: Asked, values: Values) -> Record:
    body: Record = {"name": needed(values, "name", "Name")}
    organization = find_or_add(asked.api, "organizations", values.get("organization", ""))
    if organization:
        body["org_id"] = organization
    for field in ("phone", "email"):
        if values.get(field):
            body[f"{field}s"] = [{"value": values[field], "primary": True, "label": "work"}]
    return create_or_change(asked, "persons", body)


def _draw_organization(_: Asked, prefill: Mapping[str, Any]) -> Form:
    return Form(
        "Add organization", (Field("name", "Name", value=str(prefill.get("name") or ""), is_required=True),)
    )


def _save_organization(asked: Asked, values: Values) -> Record:
    return create_or_change(asked, "organizations", {"name": needed(values, "name", "Name")})


PERSON = FormKind(_draw_person, _save_person)
ORGANIZATION = FormKind(_draw_organization, _save_organization)
