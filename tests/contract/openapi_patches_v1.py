"""Where the published OpenAPI file of API v1 is wrong: each row says why."""

from tests.contract.openapi_patch import Patch

ADDRESS = (
    "admin_area_level_1",
    "admin_area_level_2",
    "country",
    "formatted_address",
    "locality",
    "postal_code",
    "route",
    "street_number",
    "sublocality",
    "subpremise",
)
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

# What a changed field says; held by a test of its own, since a flow may begin with something else.
FIELD_CHANGE = (
    "item_id",
    "user_id",
    "field_key",
    "old_value",
    "new_value",
    "is_bulk_update_flag",
    "log_time",
    "change_source",
    "change_source_user_agent",
    "additional_data",
    "additional_data.new_value_formatted",
)

PATCHES_V1 = (
    Patch(
        "v1",
        "/deals/summary/archived",
        "currencies of the example: an answer has those of its deals",
        optional=("data.values_total.USD", "data.weighted_values_total.USD"),
    ),
    Patch(
        "v1",
        "/(deals|persons|organizations)/{id}/flow",
        "the example begins with a changed field, an answer with what came last; its allOf is a schema",
        optional=("related_objects.allOf", *(f"data.data.{name}" for name in FIELD_CHANGE)),
    ),
    Patch(
        "v1",
        "/persons/{id}/followers",
        "the example is that of a deal",
        optional=("data.deal_id",),
    ),
    Patch(
        "v1",
        "/recents",
        "null in the lists and objects of each kind: nothing linked, planned, closed or said",
        (
            *(f"data.location_{part}" for part in LOCATION),
            *(f"data.address_{part}" for part in ADDRESS),
            *(
                f"data.next_activity_{part}"
                for part in ("date", "time", "subject", "type", "duration", "note")
            ),
            *(f"data.conference_meeting_{part}" for part in ("client", "id", "url")),
            *(f"data.{noun}_id" for noun in ("deal", "lead", "person", "org", "product", "activity")),
            *(f"data.{noun}_id" for noun in ("project", "task", "picture", "reference", "last_update_user")),
            *(f"data.{noun}_user_id" for noun in ("update", "last_notification")),
            *(f"data.{noun}" for noun in ("deal", "person", "organization", "project", "task", "file")),
            *(f"data.{noun}_name" for noun in ("person", "org")),
            *(f"data.{event}_time" for event in ("won", "first_won", "lost", "last_notification")),
            *(f"data.last_{way}_mail_time" for way in ("incoming", "outgoing")),
            *(f"data.google_calendar_{part}" for part in ("id", "etag")),
            *(f"data.{day}_date" for day in ("due", "expected_close")),
            *(f"data.rec_{part}" for part in ("rule", "rule_extension", "master_activity_id")),
            *(f"data.{name}" for name in ("category", "code", "description", "files_count", "label")),
            *(f"data.{name}" for name in ("location", "note", "reference_type", "deal_title", "last_login")),
            *(f"data.{name}" for name in ("address", "stage_change_time", "rotten_days", "update_time")),
            "data.calendar_sync_include_context",
            "data.deal_dropbox_bcc",
            "data.gcal_event_id",
            "data.notification_language_id",
            "data.source_timezone",
            "user.icon_url",
        ),
        optional=('additional_data.pagination"',),  # misspelt in the example
    ),
    Patch(
        "v1",
        ".*[cC]hangelog",
        "null on the last page, as its description says",
        ("additional_data.next_cursor",),
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
        "v1",
        "/deals/(archived|timeline.*)",
        "null for a deal that is linked to nobody; only what is linked is related",
        ("org_name", "person_name"),
        optional=("related_objects.organization",),
    ),
    Patch(
        "v1",
        "/pipelines/{id}/movement_statistics",
        "currencies of the example: an answer has those of its deals",
        optional=(
            *(
                f"data.{deals}.values.USD"
                for deals in ("new_deals", "deals_left_open", "won_deals", "lost_deals")
            ),
            *(
                f"data.{d}.formatted_values.USD"
                for d in ("new_deals", "deals_left_open", "won_deals", "lost_deals")
            ),
        ),
    ),
    Patch(
        "v1",
        "/(activities|deals|organizations|persons|stages)"
        "(/collection|/{id}|/{id}/(activities|deals|persons))?",
        "the file of January has examples with values only: null for what a record does not have",
        tuple(
            f"data.{key}"
            for key in (
                "org_id.address",
                "address",
                *(f"{place}_{part}" for place in ("address", "location") for part in ADDRESS),
                "calendar_sync_include_context",
                *(f"conference_meeting_{key}" for key in ("client", "id", "url")),
                *(f"{noun}_{key}" for noun in ("org", "person") for key in ("id", "name")),
                "deal_id",
                "deal_dropbox_bcc",
                "deal_title",
                "due_date",
                "file",
                "gcal_event_id",
                "google_calendar_etag",
                "google_calendar_id",
                "label",
                "last_name",
                "last_notification_time",
                "last_notification_user_id",
                "location",
                "note",
                "notification_language_id",
                "picture_id",
                "rec_master_activity_id",
                "rec_rule",
                "rec_rule_extension",
                "reference_id",
                "reference_type",
                "rotten_days",
                "source_timezone",
                "update_user_id",
            )
        ),
    ),
    Patch(
        "v1",
        "/products/search",
        "a product's code is a text, in the same file's products too",
        instead={"item.code": lambda _: {"type": ["string", "integer", "null"]}},
    ),
)
