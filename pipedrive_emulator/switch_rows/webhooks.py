"""Webhooks: which addresses, which order, which counting."""

from pipedrive_emulator.switch_rows.switch import NUMBER, Switch

ROWS = (
    Switch(
        "webhook_url_policy",
        ("loopback_ok", "any_http", "https_only"),
        "Where webhooks may lead: https anywhere, and http on this machine; http anywhere, for containers; "
        "public https addresses only, as in the real Pipedrive.",
    ),
    Switch(
        "failed_webhook",
        ("listed", "gone"),
        "Whether a webhook that was deleted after three days of failures still stands in GET /webhooks, "
        "with is_active 0, remove_time and remove_reason.",
    ),
    Switch(
        "webhook_ban_counter",
        ("total", "in_a_row"),
        "Ten failed first attempts ban a webhook: ten in all since the last ban, or without a success "
        "between them.",
    ),
    Switch(
        "webhook_previous_update_time",
        ("absent", "present"),
        "Whether previous of a v2 event holds update_time, which differs always.",
    ),
    Switch(
        "conversion_events",
        ("created_first", "deleted_first"),
        "Which webhook event of a conversion goes out first.",
    ),
    Switch(
        "webhook_timeout_ms",
        NUMBER,
        "Milliseconds of real time that a webhook's receiver has to answer.",
        number_default="10000",
    ),
)
