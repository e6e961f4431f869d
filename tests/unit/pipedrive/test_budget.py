"""What a process knows of a company's day, and what it does not ask when nothing is left."""

import pytest

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import BudgetSpent
from marketplace_app.pipedrive.budget import Budget, Budgets
from tests.makers import NOW

ACME, OTHER = CompanyId(1), CompanyId(2)
HEADERS = {"x-daily-ratelimit-token-remaining": "900", "x-daily-ratelimit-token-limit": "30000"}


def test_who_has_heard_nothing_may_try() -> None:
    budget = Budgets().of(ACME, NOW)
    assert budget == Budget(None, None, None)
    assert budget.has(1_000_000)
    assert budget.share is None


def test_what_an_answer_says_counts_for_its_company_alone() -> None:
    budgets = Budgets()
    budgets.hear(ACME, HEADERS)
    acme = budgets.of(ACME, NOW)
    assert (acme.left, acme.limit, acme.share) == (900, 30_000, 0.03)
    assert (acme.has(900), acme.has(901)) == (True, False)
    assert budgets.of(OTHER, NOW) == Budget()


@pytest.mark.parametrize("text", ["", "-1", "many", "1e3", "9" * 13, "٣"])
def test_what_is_no_number_is_not_known(text: str) -> None:
    budgets = Budgets()
    budgets.hear(ACME, HEADERS)
    budgets.hear(ACME, HEADERS | {"x-daily-ratelimit-token-remaining": text})
    assert budgets.of(ACME, NOW).left is None


def test_headers_that_come_no_more_leave_nothing_old() -> None:
    budgets = Budgets()
    budgets.hear(ACME, HEADERS)
    budgets.hear(ACME, {})
    assert budgets.of(ACME, NOW) == Budget()


def test_whose_day_is_spent_is_asked_once_a_minute() -> None:
    budgets = Budgets()
    budgets.hear(ACME, HEADERS)
    budgets.hear_spent(ACME, NOW + 4000, NOW)
    assert budgets.of(ACME, NOW) == Budget(0, 30_000, NOW + 4000)
    assert not budgets.of(ACME, NOW).has(0)
    for later in (0, 59):
        with pytest.raises(BudgetSpent) as caught:
            budgets.require(ACME, NOW + later)
        assert caught.value.until == NOW + 4000
    budgets.require(ACME, NOW + 60)
    budgets.require(OTHER, NOW)


def test_a_new_day_begins_with_nothing_known() -> None:
    budgets = Budgets()
    budgets.hear_spent(ACME, NOW + 30, NOW)
    budgets.require(ACME, NOW + 30)
    assert budgets.of(ACME, NOW + 30) == Budget()


def test_an_answer_ends_it_before_its_time() -> None:
    budgets = Budgets()
    budgets.hear_spent(ACME, NOW + 4000, NOW)
    budgets.hear(ACME, {})
    budgets.require(ACME, NOW + 1)
    assert budgets.of(ACME, NOW + 1) == Budget()


def test_only_so_many_companies_are_remembered() -> None:
    budgets = Budgets()
    for number in range(1, 10_002):
        budgets.hear(CompanyId(number), HEADERS)
    assert budgets.of(CompanyId(1), NOW) == Budget()
    assert budgets.of(CompanyId(2), NOW).left == 900
