"""The fields that every company has, as ``code type name``; ``?`` marks what include_fields asks for.

From the objects of the API reference; a custom field of deals is one of leads too.
"""

DEALS = """
id int ID
title varchar Title
value monetary Value
currency varchar Currency
owner_id user Owner
creator_user_id user Creator
person_id people Contact person
org_id org Organization
pipeline_id double Pipeline
stage_id stage Stage
status status Status
label_ids set Label
probability double Probability
lost_reason varchar Lost reason
visible_to visible_to Visible to
expected_close_date date Expected close date
add_time date Deal created
update_time date Update time
stage_change_time date Last stage change
close_time date Deal closed on
won_time date Won time
lost_time date Lost time
"""

_ACTIVITY_COUNTS = """
next_activity_id activity Next activity ?
last_activity_id activity Last activity ?
activities_count int Total activities ?
done_activities_count int Done activities ?
undone_activities_count int Activities to do ?
email_messages_count int E-mail messages count ?
files_count int Files count ?
notes_count int Notes count ?
followers_count int Followers count ?
smart_bcc_email varchar Smart Bcc address ?
"""

_DEAL_COUNTS = """
open_deals_count int Open deals ?
closed_deals_count int Closed deals ?
won_deals_count int Won deals ?
lost_deals_count int Lost deals ?
related_open_deals_count int Related open deals ?
related_closed_deals_count int Related closed deals ?
related_won_deals_count int Related won deals ?
related_lost_deals_count int Related lost deals ?
"""

_MAIL_TIMES = """
last_incoming_mail_time date Last e-mail received ?
last_outgoing_mail_time date Last e-mail sent ?
"""

# Planted after the custom fields, whose numbers and places are older than these rows.
MORE_OF_DEALS = f"""
is_archived boolean Archived
archive_time date Archive time
is_deleted boolean Deleted
local_won_date date Local won date
local_lost_date date Local lost date
local_close_date date Local close date
origin varchar_options Source origin
origin_id varchar Source origin ID
channel varchar_options Source channel
channel_id varchar Source channel ID
source_lead_id lead Source lead
acv monetary Annual contract value
arr monetary Annual recurring revenue
mrr monetary Monthly recurring revenue
first_won_time date First won time ?
products_count int Products count ?
participants_count int Participants count ?
{_ACTIVITY_COUNTS}
{_MAIL_TIMES}
"""

PERSONS = f"""
id int ID
name varchar Name
first_name varchar First name
last_name varchar Last name
emails varchar E-mail
phones phone Phone
org_id org Organization
owner_id user Owner
label_ids set Label
visible_to visible_to Visible to
picture_id picture Picture
add_time date Person created
update_time date Update time
is_deleted boolean Deleted
marketing_status enum Marketing status ?
doi_status enum Double opt-in status ?
participant_open_deals_count int Open deals as participant ?
participant_closed_deals_count int Closed deals as participant ?
{_DEAL_COUNTS}
{_ACTIVITY_COUNTS}
{_MAIL_TIMES}
"""

ORGANIZATIONS = f"""
id int ID
name varchar Name
owner_id user Owner
address address Address
label_ids set Label
visible_to visible_to Visible to
website varchar Website
linkedin varchar LinkedIn profile
industry enum Industry
annual_revenue double Annual revenue
employee_count int Number of employees
add_time date Organization created
update_time date Update time
is_deleted boolean Deleted
people_count int People ?
{_DEAL_COUNTS}
{_ACTIVITY_COUNTS}
"""

PRODUCTS = """
id int ID
name varchar Name
code varchar Product code
description text Description
unit varchar Unit
tax double Tax
category enum Category
is_linkable boolean Active
visible_to visible_to Visible to
owner_id user Owner
prices price_list Unit prices
billing_frequency billing_frequency Billing frequency
billing_frequency_cycles int Billing cycles
add_time date Product created
update_time date Update time
is_deleted boolean Deleted
"""

ACTIVITIES = """
id int ID
subject varchar Subject
type enum Type
owner_id user Assigned to user
creator_user_id user Creator
deal_id deal Deal
lead_id lead Lead
person_id people Contact person
org_id org Organization
project_id project Project
due_date date Due date
due_time time Due time
duration time Duration
busy boolean Free/busy
done boolean Done
marked_as_done_time date Marked as done time
location address Location
participants json Participants
public_description text Public description
priority enum Priority
note text Note
outcome enum Outcome
conference_meeting_client varchar Video call app
conference_meeting_url varchar Video call link
conference_meeting_id varchar Video call ID
add_time date Add time
update_time date Update time
is_deleted boolean Deleted
attendees json Attendees ?
"""

PROJECTS = """
id int ID
title varchar Title
description text Description
status status Status
board_id projects_board Board
phase_id projects_phase Phase
owner_id user Owner
start_date date Start date
end_date date End date
deal_ids deals Deals
person_ids people Contact people
org_ids org Organizations
label_ids set Label
health_status enum Health status
template_id int Template
add_time date Project created
update_time date Update time
status_change_time date Status change time
archive_time date Archive time
"""

LEADS = """
id varchar ID
title varchar Title
owner_id user Owner
creator_id user Creator
label_ids set Label
person_id people Contact person
organization_id org Organization
source_name varchar_options Source
origin varchar_options Source origin
origin_id varchar Source origin ID
channel varchar_options Source channel
channel_id varchar Source channel ID
is_archived boolean Archived
was_seen boolean Seen
value monetary Value
expected_close_date date Expected close date
next_activity_id activity Next activity
visible_to visible_to Visible to
add_time date Lead created
update_time date Update time
"""

NOTES = """
id int ID
content text Content
user_id user User
deal_id deal Deal
lead_id lead Lead
person_id people Person
org_id org Organization
project_id project Project
add_time date Add time
update_time date Update time
pinned_to_deal_flag enum Note is pinned to deal
pinned_to_lead_flag enum Note is pinned to lead
pinned_to_person_flag enum Note is pinned to person
pinned_to_organization_flag enum Note is pinned to organization
pinned_to_project_flag enum Note is pinned to project
"""

TABLES = {
    "dealFields": MORE_OF_DEALS,
    "personFields": PERSONS,
    "organizationFields": ORGANIZATIONS,
    "productFields": PRODUCTS,
    "activityFields": ACTIVITIES,
    "projectFields": PROJECTS,
    "leadFields": LEADS,
    "noteFields": NOTES,
}

_VISIBLE_TO = ((1, "Owner only"), (3, "Owner's visibility group"), (5, "Group and subgroups"), (7, "Company"))
_YES_NO = ((1, "Yes"), (0, "No"))
_LABELS = ((1, "Customer"), (2, "Hot lead"), (3, "Warm lead"), (4, "Cold lead"))
OPTIONS: dict[str, tuple[tuple[int | str, str], ...]] = {
    "visible_to": _VISIBLE_TO,
    "personFields/label_ids": _LABELS,
    "organizationFields/label_ids": _LABELS,
    "projectFields/label_ids": ((1, "Internal"), (2, "Customer project")),
    "dealFields/status": (("open", "Open"), ("won", "Won"), ("lost", "Lost"), ("deleted", "Deleted")),
    "projectFields/status": (("open", "Open"), ("completed", "Completed"), ("canceled", "Canceled")),
    "projectFields/health_status": ((1, "On track"), (2, "At risk"), (3, "Off track")),
    "organizationFields/industry": ((1, "Food and beverage"), (2, "Logistics"), (3, "Manufacturing")),
    "productFields/category": ((1, "Coffee"), (2, "Equipment"), (3, "Service")),
    "productFields/billing_frequency": (
        ("one-time", "One-time"),
        ("annually", "Annually"),
        ("semi-annually", "Semi-annually"),
        ("quarterly", "Quarterly"),
        ("monthly", "Monthly"),
        ("weekly", "Weekly"),
    ),
    "activityFields/priority": ((1, "Low"), (2, "Medium"), (3, "High")),
    "activityFields/outcome": ((1, "Reached"), (2, "No answer")),
    "personFields/marketing_status": (
        ("no_consent", "No consent"),
        ("unsubscribed", "Unsubscribed"),
        ("subscribed", "Subscribed"),
        ("archived", "Archived"),
    ),
    "personFields/doi_status": ((1, "Not sent"), (2, "Sent"), (3, "Confirmed"), (4, "Rejected")),
    **{
        f"noteFields/pinned_to_{noun}_flag": _YES_NO
        for noun in ("deal", "lead", "person", "organization", "project")
    },
}
COLORS = ("green", "red", "yellow", "blue")
