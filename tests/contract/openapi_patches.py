"""Where the published OpenAPI files are wrong or older than the API: each row says why.

Rows about null follow the types of the npm client 33.7.0, which is newer than the files.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Patch:
    """Below ``paths`` (a regular expression for the whole path template), these keys may be null.

    A key is the end of a trail of property names, lists left out: ``additional_data.next_cursor``.
    ``also`` adds what the file lacks: a trail, and the schema of its last name. ``optional`` keys stand in
    the file's examples, but not in every answer. ``instead`` makes another schema of the one that is there.
    """

    version: str
    paths: str
    reason: str
    nullable: tuple[str, ...] = ()
    also: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    optional: tuple[str, ...] = ()
    instead: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)

    def fits(self, version: str, path: str) -> bool:
        return self.version == version and re.fullmatch(self.paths, path) is not None


NULL_AT_THE_END = {"type": ["string", "null"]}
CHOICE = {"type": ["integer", "null"]}
LOCATION = (
    "subpremise",
    "street_number",
    "route",
    "sublocality",
    "locality",
    "admin_area_level_1",
    "admin_area_level_2",
    "country",
    "postal_code",
    "formatted_address",
)

PATCHES = (
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
        "v1",
        ".*[cC]hangelog",
        "null on the last page, as its description says",
        ("additional_data.next_cursor",),
    ),
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
        "v1",
        "/notes.*",
        "null in client 33.7.0: a note is bound to one thing only",
        (
            "data.deal",
            "data.lead_id",
            "data.deal_id",
            "data.last_update_user_id",
            "data.org_id",
            "data.organization",
            "data.person",
            "data.person_id",
            "data.project_id",
            "data.project",
            "data.task_id",
            "data.task",
            "user.icon_url",
        ),
    ),
    Patch(
        "v1",
        "/(deals|persons|organizations|products|pipelines|stages).*",
        "null in client 33.7.0: a deal without it",
        (
            "update_time",
            "stage_change_time",
            "next_activity_subject",
            "next_activity_type",
            "next_activity_duration",
            "next_activity_note",
            "next_activity_date",
            "next_activity_time",
            "won_time",
            "first_won_time",
            "lost_time",
            "expected_close_date",
            "last_incoming_mail_time",
            "last_outgoing_mail_time",
            "person_id",
            "org_id",
        ),
    ),
    Patch(
        "v1",
        "/files.*|/(deals|persons|organizations|products)/{id}/files",
        "null for what a file is not linked to",
        tuple(
            f"data.{name}_id" for name in ("deal", "person", "org", "product", "activity", "lead", "project")
        ),
    ),
    Patch(
        "v1",
        "/mailbox/.*|/(deals|persons|organizations)/{id}/mailMessages",
        "null for an address of no contact, a mail without template, a thread without received mail",
        ("linked_person_id", "template_id", "last_message_received_timestamp"),
    ),
    Patch(
        "v1",
        "/users.*",
        "null for an invited user, who has not logged in yet",
        ("data.last_login",),
    ),
    Patch(
        "v1",
        "/goals.*",
        "null means all pipelines or activity types, says the text; without an end a goal goes on",
        ("type.params.pipeline_id", "type.params.activity_type_id", "duration.end"),
    ),
    Patch(
        "v2",
        "/projects.*",
        "null for what a project was not given; the optional ones are the fields that were changed there",
        ("data.description", "data.start_date", "data.end_date"),
        optional=tuple(
            f"data.{side}_values.{key}" for side in ("old", "new") for key in ("title", "status", "board_id")
        ),
    ),
    Patch(
        "v1",
        "/(projects|tasks|projectTemplates).*",
        "null for what a project, a task or an item of a plan does not have, and on the last page",
        (
            *(f"data.{key}" for key in ("description", "start_date", "end_date", "archive_time", "due_date")),
            *(f"data.{key}_id" for key in ("person", "org", "group", "parent_task", "assignee")),
            "data.marked_as_done_time",
            "additional_data.next_cursor",
        ),
    ),
    Patch(
        "v1",
        "/projects/{id}/activities",
        "null as everywhere else in activities of v1: no deal, no place, no meeting, nobody who changed it",
        (
            "data.deal_id",
            "data.update_time",
            "data.due_time",
            "data.duration",
            "data.location",
            "data.public_description",
            "data.update_user_id",
            "data.source_timezone",
            *(f"data.conference_meeting_{key}" for key in ("client", "url", "id")),
            *(f"data.location_{part}" for part in LOCATION),
        ),
    ),
    Patch(
        "v1",
        "/callLogs.*",
        "null for what a call is not linked to, and what nobody said",
        (
            *(f"data.{key}_id" for key in ("person", "org", "deal", "lead")),
            "data.note",
            "data.from_phone_number",
        ),
    ),
    Patch(
        "v1",
        "/channels/messages/receive",
        "an answer repeats what was sent",
        optional=("data.reply_by", "data.conversation_link"),
    ),
    Patch("v1", ".*", "only when more follows", optional=("additional_data.pagination.next_start",)),
    Patch(
        "v1",
        "/deals/timeline.*",
        "the description speaks of several groups, the schema of one",
        instead={"data": lambda schema: {"anyOf": [schema, {"type": "array", "items": schema}]}},
    ),
    Patch(
        "v2",
        "/deals/{id}/discounts/{discount_id}",
        "a discount's id is a UUID; the answer to DELETE was copied from records with numbers",
        instead={"data.id": lambda schema: {"anyOf": [schema, {"type": "string", "format": "uuid"}]}},
    ),
    Patch(
        "v1",
        "/deals/(archived|timeline.*)",
        "null for a deal that is linked to nobody; only what is linked is related",
        ("org_name", "person_name"),
        optional=("related_objects.organization",),
    ),
    Patch(
        "v1",
        "/deals/summary.*",
        "currencies of the example: an answer has those of its deals",
        optional=(
            "values_total.EUR",
            "values_total.USD",
            "weighted_values_total.EUR",
            "weighted_values_total.USD",
        ),
    ),
    Patch(
        "v1",
        "/pipelines/{id}/movement_statistics",
        "currencies of the example: an answer has those of its deals",
        optional=(
            *(f"{deals}.values.USD" for deals in ("new_deals", "deals_left_open", "won_deals", "lost_deals")),
            *(
                f"{d}.formatted_values.USD"
                for d in ("new_deals", "deals_left_open", "won_deals", "lost_deals")
            ),
        ),
    ),
)
