"""The form for a new lead: it needs a person or an organization, by name as everywhere."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.forms.deal import amount, money_fields
from pipedrive_emulator.host.forms.form import Asked, Field, Form, FormKind, Invalid, Values, choices, needed
from pipedrive_emulator.host.forms.naming import find_or_add, proposals


def _draw(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    people, organizations = proposals(asked.api, "persons"), proposals(asked.api, "organizations")
    person, organization = (str(prefill.get(name) or "") for name in ("person", "organization"))
    labels = choices(asked.api.v1("leadLabels"), "name")
    fields = (
        Field("person", "Contact person", "suggest", person, "half", people),
        Field("organization", "Organization", "suggest", organization, "half", organizations),
        Field("title", "Title", value=str(prefill.get("title") or ""), is_required=True),
        *money_fields({"currency": asked.api.user.default_currency}),
        Field("label", "Label", "select", options=labels),
    )
    return Form("Add lead", fields)


def _save(asked: Asked, values: Values) -> Record:
    body: Record = {"title": needed(values, "title", "Title")}
    if not (values.get("person") or values.get("organization")):
        raise Invalid("person", "A lead is about a person or an organization. Name one of them.")
    links = {
        "person_id": find_or_add(asked.api, "persons", values.get("person", "")),
        "organization_id": find_or_add(asked.api, "organizations", values.get("organization", "")),
    }
    value = amount(values.get("value", ""))
    optional: Record = {
        "value": None if value is None else {"amount": value, "currency": values.get("currency")},
        "expected_close_date": values.get("close_date") or None,
        "label_ids": [values["label"]] if values.get("label") else None,
    }
    body |= {key: given for key, given in (links | optional).items() if given is not None}
    return asked.api.write("POST", "/api/v1/leads", body)


LEAD = FormKind(_draw, _save)
