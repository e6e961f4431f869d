"""Switches of budgets, bursts and credentials."""

from pipedrive_emulator.switch_rows.switch import NUMBER, Switch

ROWS = (
    Switch(
        "burst_per",
        ("token", "user"),
        "Whether requests within two seconds are counted for each token or for each user.",
    ),
    Switch(
        "burst_limit", NUMBER, "Requests within two seconds; 0 means what the plan has.", number_default="0"
    ),
    Switch("search_limit", NUMBER, "Searches within two seconds.", number_default="10"),
    Switch(
        "daily_budget",
        NUMBER,
        "API tokens that a company has a day; 0 means what its plan and seats give.",
        number_default="0",
    ),
    Switch(
        "budget_reset_hour",
        NUMBER,
        "The hour, in UTC, at which a new day's budget begins.",
        number_default="0",
    ),
    Switch(
        "failed_requests",
        ("charged", "free"),
        "Whether requests that end in an error cost API tokens too.",
    ),
    Switch(
        "cloudflare_block",
        ("off", "on"),
        "Whether an API token that goes on after 20 answers of 429 gets 403 with an HTML page for a minute.",
    ),
    Switch(
        "query_api_token",
        ("refused", "accepted"),
        "Whether an API token may stand in the query as api_token, as old tutorials have it.",
    ),
)
