"""Where the published OpenAPI files are wrong or older than the API: each row says why.

Rows about null follow the types of the npm client 33.7.0, which is newer than the files.
"""

from tests.contract.openapi_patch import Patch
from tests.contract.openapi_patches_v1 import PATCHES_V1

__all__ = ("PATCHES", "Patch")

NULL_AT_THE_END = {"type": ["string", "null"]}
CHOICE = {"type": ["integer", "null"]}

PATCHES = (
    Patch(
        "v1",
        "/filters.*",
        "with include_field_code only",
        optional=("data.conditions.conditions.conditions.field_code",),
    ),
    Patch(
        "v2",
        "/itemSearch",
        "the example has one kind of item first, an answer may have another",
        optional=(
            "data.items.item.organization",
            *(
                f"data.{items}.item.{name}"
                for items in ("items", "related_items")
                for name in ("title", "value", "currency", "status", "stage", "person", "is_archived")
            ),
        ),
    ),
    Patch(
        "v2",
        ".*/search",
        "null in the example of deals: nothing linked, no value, no address",
        ("item.person", "item.organization", "item.value", "item.currency", "item.address"),
    ),
    Patch(
        "v1",
        "/leads/search",
        "the example of the paging marks is a schema",
        optional=tuple(f"additional_data.{name}" for name in ("description", "type", "properties")),
    ),
    Patch(
        "v2",
        "/products/search",
        "codes are text everywhere else, and a number in this example",
        instead={"item.code": lambda _: {"type": ["string", "integer"]}},
    ),
    Patch(
        "v1",
        ".*/search",
        "null in the example of deals: nothing linked, no value",
        ("item.person", "item.organization", "item.value", "item.currency"),
    ),
    Patch(
        "v2",
        "/products.*",
        "the example of custom fields is a schema instead of values",
        optional=tuple(
            f"data.custom_fields.{name}" for name in ("type", "description", "additionalProperties")
        ),
    ),
    Patch("v2", ".*", "null on the last page", ("additional_data.next_cursor",)),
    Patch(
        "v2",
        "/deals/installments",
        "a cursor may be sent, but the answer's schema has none",
        also={"additional_data": {"type": "object", "properties": {"next_cursor": NULL_AT_THE_END}}},
    ),
    Patch("v2", "/activities.*", "added in client 33.7.0", also={"data.outcome": CHOICE}),
    Patch(
        "v2",
        "/deals(/archived|/{id})?",
        "null in client 33.7.0: a deal without it",
        (
            "data.person_id",
            "data.org_id",
            "data.stage_change_time",
            "data.won_time",
            "data.lost_time",
            "data.expected_close_date",
        ),
    ),
    Patch(
        "v2",
        "/products.*|/deals/.*",
        "null in client 33.7.0: a price without it",
        ("prices.product_id", "prices.currency"),
    ),
    Patch(
        "v2",
        "/activities.*",
        "null in what Pipedrive answers: nothing linked, planned or done",
        (
            "data.deal_id",
            "data.lead_id",
            "data.person_id",
            "data.org_id",
            "data.project_id",
            "data.location",
            "data.due_date",
            "data.due_time",
            "data.duration",
            "data.marked_as_done_time",
            "data.conference_meeting_client",
            "data.conference_meeting_url",
            "data.conference_meeting_id",
            "data.priority",
            "data.note",
            "attendees.name",
            "attendees.person_id",
            "attendees.user_id",
        ),
        optional=("data.attendees",),  # with include_fields=attendees only
    ),
    Patch(
        "v2",
        "/(organizations|activities).*",
        "the migration guide: parts of an address that are not known become null",
        (
            "data.address",
            *(
                f"{address}.{part}"
                for address in ("address", "location")
                for part in (
                    "country",
                    "admin_area_level_1",
                    "admin_area_level_2",
                    "locality",
                    "sublocality",
                    "route",
                    "street_number",
                    "subpremise",
                    "postal_code",
                )
            ),
        ),
    ),
    Patch("v2", "/organizations.*", "a stray key of the example", optional=("data.org_id",)),
    Patch(
        "v2",
        "/persons.*",
        "null for a person without it; the optional ones come with Contact Sync",
        ("data.picture_id", "data.org_id", "data.last_name"),
        optional=("data.notes", "data.im", "data.birthday", "data.job_title", "data.postal_address"),
    ),
    Patch("v2", "/(pipelines|stages).*", "null until the first change", ("data.update_time",)),
    Patch(
        "v2",
        "/[a-z]+Fields.*",
        "null without a description; the optional ones come with include_fields only",
        ("data.description",),
        optional=("data.ui_visibility", "data.important_fields", "data.required_fields"),
    ),
    Patch(
        "v2",
        "/projects.*",
        "null for what a project was not given; the optional ones are the fields that were changed there",
        ("data.description", "data.start_date", "data.end_date"),
        optional=("data.old_values.title", "data.new_values.title"),
    ),
    Patch(
        "v2",
        "/deals/{id}/discounts/{discount_id}",
        "a discount's id is a UUID; the answer to DELETE was copied from records with numbers",
        instead={"data.id": lambda schema: {"anyOf": [schema, {"type": "string", "format": "uuid"}]}},
    ),
    *PATCHES_V1,
)
