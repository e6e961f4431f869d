"""What opening a panel costs the customer: API tokens, and time when Pipedrive is slow."""

from typing import Any

from tests.harness.stack import Stack

SURFACE = "deal-panel"


def users_of(stack: Stack, domain: str) -> list[dict[str, Any]]:
    world = stack.control.world()
    company = next(each["id"] for each in world["companies"] if each["domain"] == domain)
    return [user for user in world["users"] if user["company_id"] == company]


def calls_of_a_visit(stack: Stack, user: dict[str, Any], deal: int) -> list[dict[str, Any]]:
    """The API calls that follow from one visit to a cold panel, all of them the visitor's own."""
    before = stack.control.ledger()[-1]["n"]
    given = stack.surface(SURFACE, user, deal)
    reply = stack.get(given["url"].removeprefix(stack.app_url))
    assert reply.status == 200
    if reply.headers["Surface-State"] == "skeleton":  # then the page asks for the rest, as this does
        section = f"/surfaces/{SURFACE}/sections/all?selectedIds={deal}"
        assert stack.get(section, Authorization=f"Bearer {given['token']}").status == 200
    calls = [entry for entry in stack.control.ledger(before) if entry["kind"] == "api_call"]
    assert {call["user_id"] for call in calls} <= {user["id"]}
    return calls


def test_cold_panel_costs_at_most_35_tokens_and_a_companys_first_at_most_60(fresh_stack: Stack) -> None:
    first, second = users_of(fresh_stack, "acme")[:2]
    fresh_stack.install(first)
    fresh_stack.install(second)
    costs = [sum(call["cost"] for call in calls_of_a_visit(fresh_stack, first, 1))]
    costs += [sum(call["cost"] for call in calls_of_a_visit(fresh_stack, second, deal)) for deal in (1, 2, 3)]
    assert 0 < costs[0] <= 60
    assert all(0 < cost <= 35 for cost in costs[1:]), costs
    assert calls_of_a_visit(fresh_stack, second, 1) == []  # warm


def test_cold_panel_asks_side_by_side(fresh_stack: Stack) -> None:
    """Each answer takes 0.15 s; one after the other, the eight of them would take over a second."""
    user = users_of(fresh_stack, "acme")[0]
    fresh_stack.install(user)
    fresh_stack.control.fail({"route": "/api/v2/*", "kind": "delay:0.15", "count": 50})
    calls = calls_of_a_visit(fresh_stack, user, 1)
    assert len(calls) >= 8
    spent = max(call["ended_at"] for call in calls) - min(call["started_at"] for call in calls)
    assert spent < 3.5 * 0.15, f"{len(calls)} calls took {spent:.2f} s"
