"""The deal form, new or existing. Person and organization are names, as in the SDK's prefill."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.forms.form import (
    Asked,
    Field,
    Form,
    FormKind,
    Invalid,
    Option,
    Values,
    create_or_change,
    needed,
)
from pipedrive_emulator.host.forms.naming import find_or_add, proposals

_CURRENCIES = ("EUR", "USD", "GBP", "VND")


def _draw(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    return _new(asked, prefill) if asked.record_id is None else _existing(asked, asked.record_id)


def _new(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    person, organization = str(prefill.get("person") or ""), str(prefill.get("organization") or "")
    fields = (
        Field("title", "Title", value=str(prefill.get("title") or ""), is_required=True),
        Field("person", "Contact person", "suggest", person, "half", proposals(asked.api, "persons")),
        Field(
            "organization",
            "Organization",
            "suggest",
            organization,
            "half",
            proposals(asked.api, "organizations"),
        ),
        *money_fields({"currency": asked.api.user.default_currency}),
    )
    return Form("Add deal", fields)


def _existing(asked: Asked, deal_id: int) -> Form:
    deal = asked.api.one("deals", deal_id)
    return Form(
        "Edit deal", (Field("title", "Title", value=deal["title"], is_required=True), *money_fields(deal))
    )


def money_fields(deal: Record) -> tuple[Field, ...]:
    """Value, currency and close date, three in a line."""
    value, currency = deal.get("value"), deal.get("currency") or _CURRENCIES[0]
    options = tuple(Option(code, code) for code in dict.fromkeys((currency, *_CURRENCIES)))
    return (
        Field("value", "Value", "number", "" if value is None else f"{value:.10g}", "third"),
        Field("currency", "Currency", "select", currency, "third", options),
        Field(
            "close_date", "Expected close date", "date", (deal.get("expected_close_date") or "")[:10], "third"
        ),
    )


def _save(asked: Asked, values: Values) -> Record:
    body: Record = {
        "title": needed(values, "title", "Title"),
        "value": amount(values.get("value", "")),
        "currency": values.get("currency") or None,
        "expected_close_date": values.get("close_date") or None,
    }
    if asked.record_id is None:
        body |= {
            "person_id": find_or_add(asked.api, "persons", values.get("person", "")),
            "org_id": find_or_add(asked.api, "organizations", values.get("organization", "")),
        }
    return create_or_change(asked, "deals", body)


def amount(text: str, field: str = "value") -> float | None:
    """What was typed as a number; raises Invalid for what is none."""
    try:
        return float(text) if text else None
    except ValueError:
        raise Invalid(field, f"{text} is no amount. Write it in digits, such as 18400 or 99.50.") from None


DEAL = FormKind(_draw, _save)
