"""Records as events of version 2 show them: close to API v2, yet not the same.

https://pipedrive.readme.io/docs/webhooks-v2-migration-guide: visible_to is a text, custom fields name their
types, persons and organizations have ``label``, an organization's address is flat, activities and leads and
notes keep names of v1, users have their id as text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.custom_fields_webhook import typed
from pipedrive_emulator.webhooks.parts import (
    first_label,
    flat_address,
    flat_place,
    lead_value,
    spelled,
    timed,
    user_id_text,
)
from pipedrive_emulator.world.records import Key, Record

_PRODUCT_BILLING = ("billing_frequency", "billing_frequency_cycles")
_TIMES = ("add_time", "update_time")


@dataclass(frozen=True, slots=True)
class Shape:
    """``keys`` as the record has them, ``renamed`` from its names, ``derived`` from all of it.

    What is in ``spread`` gives several keys at once.
    """

    keys: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)
    spread: tuple[Callable[[Record], Mapping[str, Any]], ...] = ()
    fields_table: str | None = None
    has_id: bool = True


SHAPES: Mapping[str, Shape] = {
    "deals": Shape(
        keys=(
            "title",
            "owner_id",
            "creator_user_id",
            "person_id",
            "org_id",
            "pipeline_id",
            "stage_id",
            "status",
            "value",
            "currency",
            "label_ids",
            "probability",
            "lost_reason",
            "expected_close_date",
            "close_time",
            "won_time",
            "lost_time",
            "stage_change_time",
            "origin",
            "origin_id",
            "channel",
            "channel_id",
            "is_archived",
            "archive_time",
            *_TIMES,
        ),
        renamed={"first_won_time": "won_time"},
        derived={"visible_to": spelled("visible_to")},
        fields_table="dealFields",
    ),
    "leads": Shape(
        keys=(
            "title",
            "owner_id",
            "label_ids",
            "person_id",
            "expected_close_date",
            "source_name",
            "origin",
            "origin_id",
            "channel",
            "channel_id",
            "is_archived",
            "was_seen",
            "next_activity_id",
            *_TIMES,
        ),
        derived={
            "creator_id": lambda lead: lead.get("creator_id", lead.get("creator_user_id")),
            "organization_id": lambda lead: lead.get("organization_id", lead.get("org_id")),
            "value": lead_value,
            "visible_to": spelled("visible_to"),
        },
        fields_table="leadFields",
    ),
    "persons": Shape(
        keys=(
            "name",
            "first_name",
            "last_name",
            "owner_id",
            "org_id",
            "emails",
            "phones",
            "label_ids",
            "picture_id",
            *_TIMES,
        ),
        derived={"label": first_label, "visible_to": spelled("visible_to")},
        fields_table="personFields",
    ),
    "organizations": Shape(
        keys=(
            "name",
            "owner_id",
            "label_ids",
            "website",
            "linkedin",
            "industry",
            "annual_revenue",
            "employee_count",
            *_TIMES,
        ),
        derived={"label": first_label, "visible_to": spelled("visible_to")},
        spread=(flat_address,),
        fields_table="organizationFields",
    ),
    "activities": Shape(
        keys=(
            "subject",
            "type",
            "owner_id",
            "creator_user_id",
            "deal_id",
            "lead_id",
            "person_id",
            "org_id",
            "project_id",
            "due_date",
            "done",
            "marked_as_done_time",
            "participants",
            "attendees",
            "conference_meeting_client",
            "conference_meeting_url",
            "conference_meeting_id",
            "public_description",
            "priority",
            "note",
            *_TIMES,
        ),
        renamed={"busy_flag": "busy"},
        derived={
            "active_flag": lambda activity: not activity.get("is_deleted"),
            "due_time": timed("due_time"),
            "duration": timed("duration"),
        },
        spread=(flat_place,),
    ),
    "notes": Shape(
        keys=(
            "content",
            "user_id",
            "deal_id",
            "lead_id",
            "person_id",
            "org_id",
            "project_id",
            "task_id",
            "last_update_user_id",
            "pinned_to_deal_flag",
            "pinned_to_lead_flag",
            "pinned_to_person_flag",
            "pinned_to_organization_flag",
            "pinned_to_project_flag",
            *_TIMES,
        ),
        derived={"active_flag": lambda note: note.get("active_flag", not note.get("is_deleted"))},
    ),
    "pipelines": Shape(
        keys=("name", "order_nr", *_TIMES),
        renamed={"deal_probability": "is_deal_probability_enabled"},
        derived={"active": lambda pipeline: not pipeline.get("is_deleted")},
    ),
    "stages": Shape(
        keys=("name", "order_nr", "pipeline_id", "deal_probability", *_TIMES),
        renamed={"rotten_flag": "is_deal_rot_enabled", "rotten_days": "days_to_rotten"},
        derived={"active_flag": lambda stage: not stage.get("is_deleted")},
    ),
    "products": Shape(
        keys=(
            "name",
            "code",
            "description",
            "unit",
            "tax",
            "category",
            "owner_id",
            "is_linkable",
            *_PRODUCT_BILLING,
            "prices",
            *_TIMES,
        ),
        derived={"visible_to": spelled("visible_to")},
        fields_table="productFields",
    ),
    "deal_products": Shape(
        keys=(
            "deal_id",
            "product_id",
            "product_variation_id",
            "name",
            "order_nr",
            "sum",
            "tax",
            "comments",
            "currency",
            "discount",
            "discount_type",
            "quantity",
            "item_price",
            "tax_method",
            "is_enabled",
            *_PRODUCT_BILLING,
            "billing_start_date",
            *_TIMES,
        )
    ),
    "deal_installments": Shape(keys=("deal_id", "amount", "billing_date", "description")),
    "projects": Shape(
        keys=(
            "title",
            "description",
            "status",
            "board_id",
            "phase_id",
            "owner_id",
            "start_date",
            "end_date",
            "deal_ids",
            "person_ids",
            "org_ids",
            "label_ids",
            "health_status",
            "status_change_time",
            "archive_time",
            *_TIMES,
        ),
        fields_table="projectFields",
    ),
    "tasks": Shape(
        keys=(
            "title",
            "creator_id",
            "description",
            "project_id",
            "is_done",
            "is_milestone",
            "due_date",
            "start_date",
            "parent_task_id",
            "assignee_ids",
            "priority",
            "marked_as_done_time",
            *_TIMES,
        )
    ),
    "boards": Shape(keys=("name", "order_nr", *_TIMES)),
    "phases": Shape(keys=("name", "board_id", "order_nr", *_TIMES)),
    "users": Shape(
        keys=("name", "email", "phone", "is_admin", "locale", "default_currency"),
        renamed={
            "active_flag": "active",
            "timezone_name": "time_zone",
            "language": "language_code",
            "role_id": "visibility_group",
        },
        derived={"id": user_id_text},
        has_id=False,
    ),
}
FIELD = Shape(
    keys=(
        "field_name",
        "field_code",
        "description",
        "field_type",
        "options",
        "subfields",
        "is_custom_field",
    ),
    has_id=False,
)


def data(call: Call, table: str, key: Key, record: Record) -> dict[str, Any]:
    """The record under that key, as a v2 event's ``data`` and ``previous`` hold it."""
    shape = SHAPES.get(table, FIELD)
    told: dict[str, Any] = {"id": key} if shape.has_id else {}
    told |= {name: record.get(name) for name in shape.keys}
    told |= {name: record.get(source) for name, source in shape.renamed.items()}
    told |= {name: derive(record) for name, derive in shape.derived.items()}
    for spread in shape.spread:
        told |= spread(record)
    if shape.fields_table is not None:
        told["custom_fields"] = typed(call.records.all(shape.fields_table), record)
    return told


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What was different before, custom fields one by one."""
    changed = {key: before[key] for key in after if before[key] != after[key]}
    if "custom_fields" in changed:
        old, new = before["custom_fields"], after["custom_fields"]
        codes = [code for code in {**old, **new} if old.get(code) != new.get(code)]
        changed["custom_fields"] = {code: old.get(code) for code in codes}
    return changed
