"""The REST API: paging, deleted records, limits."""

from pipedrive_emulator.switch_rows.switch import Switch

ROWS = (
    Switch(
        "deleted_record",
        ("shown", "not_found"),
        "Whether GET of one deleted record answers it with is_deleted, or 404.",
    ),
    Switch(
        "limit_above_cap",
        ("clamp", "reject"),
        "Whether a page limit above the cap is lowered to the cap, or refused with 400.",
    ),
)
