"""The REST API: paging, deleted records, limits."""

from pipedrive_emulator.switch_rows.switch import NUMBER, Switch

ROWS = (
    Switch(
        "persons_by_deal",
        ("with_participants", "main_only"),
        "Whether GET /api/v2/persons?deal_id= lists participants beside the contact person.",
    ),
    Switch(
        "custom_fields_per_company",
        NUMBER,
        "Custom fields that each kind of record may have; one more is refused with 403.",
        number_default="100",
    ),
    Switch(
        "deleted_record",
        ("shown", "not_found"),
        "Whether GET of one deleted record answers it with is_deleted, or 404.",
    ),
    Switch(
        "file_download",
        ("content", "redirect"),
        "Whether a download answers the bytes, or 302 to where anyone may fetch them.",
    ),
    Switch(
        "limit_above_cap",
        ("clamp", "reject"),
        "Whether a page limit above the cap is lowered to the cap, or refused with 400.",
    ),
    Switch(
        "contact_sync",
        ("off", "on"),
        "Whether the company has set up contact sync: only then persons have im, notes, birthday, job_title "
        "and postal_address, and a body that sends them gets no 403.",
    ),
    Switch(
        "campaigns",
        ("on", "off"),
        "Whether the company uses Campaigns: only then marketing_status is taken, and answered on request.",
    ),
    Switch(
        "activity_links_deal_contacts",
        ("no", "yes"),
        "Whether an activity that is linked to a deal is linked to the deal's person and organization too, "
        "where it names none.",
    ),
    Switch(
        "deal_without_contact",
        ("allow", "refuse"),
        "Whether a deal can do without a person and an organization. The documents ask leads alone for one.",
    ),
    Switch(
        "deals_of_deleted_stage",
        ("kept", "deleted"),
        "What becomes of the deals of a stage or pipeline that is deleted.",
    ),
    Switch(
        "conversion_seconds",
        NUMBER,
        "How long a conversion between lead and deal takes; it runs from the half of it on.",
        number_default="2",
    ),
    Switch(
        "conversion_end",
        ("completed", "failed", "rejected"),
        "How conversions end that nothing speaks against.",
    ),
    Switch(
        "removed_v1",
        ("gone_410", "not_found_404", "served"),
        "What the 62 operations of API v1 answer that left the published file in 2026.",
    ),
)
