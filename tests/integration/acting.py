"""What tests of pressing a button look at before and after."""

from tests.integration.person import Person
from tests.integration.town import Town


def with_step(person: Person, subject: str, **values: int) -> tuple[int, int]:
    """A deal of this person's own with one step ahead: both ids."""
    deal = person.calls("POST", "/api/v2/deals", title=f"Deal for {subject}", **values)["id"]
    step = person.calls(
        "POST", "/api/v2/activities", deal_id=deal, subject=subject, type="call", due_date="2030-01-15"
    )
    return deal, step["id"]


def is_done(town: Town, person: Person, activity_id: int) -> bool:
    return bool(town.records("activities", person)[activity_id]["done"])


def writes(town: Town, since: int) -> list[tuple[str, int, int]]:
    """Method, owner of the token, status."""
    return [
        (call["method"], call["user_id"], call["status"])
        for call in town.calls(since)
        if call["method"] != "GET"
    ]
