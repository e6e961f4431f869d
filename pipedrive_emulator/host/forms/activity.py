"""The activity form, new or existing. Prefill keys and their UTC dates are those of the SDK's OPEN_MODAL."""

import re
from collections.abc import Mapping
from datetime import date, time
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
    choices,
    create_or_change,
    number,
)
from pipedrive_emulator.host.timeline import KINDS, formatted, plain

_DURATIONS = ("", "00:15", "00:30", "00:45", "01:00", "01:30", "02:00", "03:00", "04:00", "08:00")


def _draw(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    known = (
        _from_prefill(prefill) if asked.record_id is None else asked.api.one("activities", asked.record_id)
    )
    day, clock = _due(asked, known)
    described = bool(known.get("public_description"))
    fields = (
        Field("subject", "Subject", value=known.get("subject") or ""),
        Field("type", "Type", "choice", known.get("type") or "call", options=_options()),
        Field("due_date", "Date", "date", day.isoformat() if day else "", "third"),
        Field("due_time", "Time", "time", clock.isoformat("minutes") if clock else "", "third"),
        _duration(known.get("duration") or ""),
        *_texts(asked, "note", "Note", known.get("note")),
        *(_texts(asked, "description", "Description", known.get("public_description")) if described else ()),
        _linked(asked, "deal_id", "Deal", "deals", "title", known),
        _linked(asked, "person_id", "Person", "persons", "name", known),
        _linked(asked, "org_id", "Organization", "organizations", "name", known),
    )
    title = "Schedule an activity" if asked.record_id is None else "Edit activity"
    return Form(title, fields)


def _from_prefill(prefill: Mapping[str, Any]) -> Record:
    """What an app sent, in the names of API v2; values of the wrong type are left out."""
    said = {key: value for key, value in prefill.items() if isinstance(value, str)}
    return {
        "subject": said.get("subject", ""),
        "due_date": said.get("dueDate", ""),
        "due_time": said.get("dueTime", ""),
        "duration": said.get("duration", ""),
        "note": said.get("note", ""),
        "public_description": said.get("description", ""),
        "deal_id": prefill.get("deal"),
        "org_id": prefill.get("organization"),
        # The SDK has no such key; this host's own pages have.
        "person_id": prefill.get("person"),
    }


def _due(asked: Asked, known: Record) -> tuple[date | None, time | None]:
    """On this user's wall; today when nothing was said. A date that is none is left out."""
    if asked.record_id is None and not known["due_date"]:
        return asked.wording.today, None
    try:
        return asked.wording.due(known["due_date"], known["due_time"])
    except ValueError:
        return asked.wording.today, None


def _duration(known: str) -> Field:
    """A choice of lengths; one that is not among them joins them."""
    length = known[:5] if re.match(r"\d\d:\d\d", known) else ""
    options = tuple(Option(one, _length_text(one)) for one in sorted({*_DURATIONS, length}))
    return Field("duration", "Duration", "select", length, "third", options)


def _length_text(length: str) -> str:
    hours, _, minutes = length.partition(":")
    parts = [f"{int(count)} {unit}" for count, unit in ((hours, "h"), (minutes, "min")) if count.strip("0")]
    return " ".join(parts) or "Not set"


def _options() -> tuple[Option, ...]:
    return tuple(Option(key, label) for key, label in KINDS.items())


def _linked(asked: Asked, field: str, label: str, entity: str, name: str, known: Record) -> Field:
    """A select of what this user sees; a link to something unseen stays as it is."""
    chosen, options = str(known.get(field) or ""), choices(asked.api.many(entity), name)
    if chosen not in {option.value for option in options}:
        options = (*options, Option(chosen, "Hidden from you"))
    return Field(field, label, "select", chosen, "third", options)


def _save(asked: Asked, values: Values) -> Record:
    kind = values.get("type") or "task"
    body: Record = {
        "subject": values.get("subject", "").strip() or KINDS.get(kind, "Activity"),
        "type": kind,
        "deal_id": number(values, "deal_id"),
        "org_id": number(values, "org_id"),
        **_when(asked, values),
    }
    before = asked.api.one("activities", asked.record_id) if asked.record_id else {}
    texts = _text(values, "note", "note", before)
    texts |= _text(values, "description", "public_description", before)
    return create_or_change(asked, "activities", body | texts | _who(values, before))


def _when(asked: Asked, values: Values) -> Record:
    day, clock = values.get("due_date", ""), values.get("due_time", "")
    if clock and not day:
        raise Invalid("due_date", "A time needs a date. Choose the day as well.")
    try:
        due_date, due_time = asked.wording.due_in_utc(day, clock) if clock else (day or None, None)
    except ValueError:
        raise Invalid("due_date", f"{day} {clock} is no date and time. Choose them again.") from None
    return {"due_date": due_date, "due_time": due_time, "duration": values.get("duration") or None}


def _texts(asked: Asked, name: str, label: str, markup: str | None) -> tuple[Field, ...]:
    """A text to change, and for a new activity the markup that an app sent, which the text does not show."""
    text = Field(name, label, "textarea", plain(markup))
    sent = Field(f"{name}_markup", label, "hidden", formatted(markup))
    return (text,) if asked.record_id else (text, sent)


def _text(values: Values, name: str, field: str, before: Record) -> Record:
    """A text that was not touched keeps its markup."""
    if name not in values:
        return {}
    text = values[name].replace("\r\n", "\n")
    if markup := formatted(values.get(f"{name}_markup")):
        return {field: markup if text == plain(markup) else text or None}
    return {} if text == plain(before.get(field)) else {field: text or None}


def _who(values: Values, before: Record) -> Record:
    """API v2 takes the person as the primary participant; ``person_id`` itself is read-only."""
    person = number(values, "person_id")
    if person == before.get("person_id"):
        return {}
    return {"participants": [{"person_id": person, "primary": True}] if person else []}


ACTIVITY = FormKind(_draw, _save)
