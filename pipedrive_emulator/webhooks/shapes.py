"""Which keys events of version 2 show of a record: close to API v2, yet not the same.

https://pipedrive.readme.io/docs/webhooks-v2-migration-guide: visible_to is a text, custom fields name their
types, persons and organizations have ``label``, an organization's address is flat, activities and leads and
notes keep names of v1, users have their id as text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.v1 import leads
from pipedrive_emulator.webhooks.parts import (
    first_label,
    flat_address,
    flat_place,
    spelled,
    timed,
    user_id_text,
)
from pipedrive_emulator.world import project_shapes, shapes
from pipedrive_emulator.world.records import Record

_PRODUCT_BILLING = ("billing_frequency", "billing_frequency_cycles")
_TIMES = ("add_time", "update_time")


@dataclass(frozen=True, slots=True)
class Shape:
    """``keys`` as the record has them, ``renamed`` from its names, ``derived`` from all of it.

    ``computed`` looks at what lies around it, too. What is in ``spread`` gives several keys at once.
    """

    keys: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Record], Any]] = field(default_factory=dict)
    spread: tuple[Callable[[Record], Mapping[str, Any]], ...] = ()
    computed: Mapping[str, Callable[[Call, Record], Any]] = field(default_factory=dict)
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
            "creator_id",
            "label_ids",
            "person_id",
            "organization_id",
            "value",
            "expected_close_date",
            "source_name",
            "origin",
            "origin_id",
            "channel",
            "channel_id",
            "is_archived",
            "was_seen",
            *_TIMES,
        ),
        derived={
            "visible_to": spelled("visible_to"),
        },
        computed={"next_activity_id": lambda call, lead: leads.lead(call, lead)["next_activity_id"]},
        fields_table="dealFields",
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
    "deal_products": Shape(keys=tuple(shapes.DEAL_PRODUCT)),
    "deal_installments": Shape(keys=("deal_id", "amount", "billing_date", "description")),
    "projects": Shape(keys=tuple(project_shapes.PROJECT), fields_table="projectFields"),
    "tasks": Shape(keys=tuple(project_shapes.TASK)),
    "boards": Shape(keys=tuple(project_shapes.BOARD)),
    "phases": Shape(keys=tuple(project_shapes.PHASE)),
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
