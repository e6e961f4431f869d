"""A company's daily budget of API tokens, as this process heard of it last.

https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting. The headers that say how much is left are
not documented and not always there, so not to know is an ordinary case. Each process hears for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from marketplace_app.domain.ids import CompanyId
from marketplace_app.errors import BudgetSpent

_ASKED_AGAIN_SECONDS = 60.0  # a day's end that was misread must not stop a company for hours
_MOST_COMPANIES = 10_000
_LEFT, _LIMIT = "x-daily-ratelimit-token-remaining", "x-daily-ratelimit-token-limit"


@dataclass(frozen=True, slots=True)
class Budget:
    """`left` of `limit` API tokens are left for the whole company today; None when Pipedrive has not said.

    `spent_until`, epoch seconds, while Pipedrive refuses because nothing is left.
    """

    left: int | None = None
    limit: int | None = None
    spent_until: float | None = None

    def has(self, tokens: int) -> bool:
        """Whether so many are left, for calls that can be done without. Who does not know may try."""
        return self.spent_until is None and (self.left is None or self.left >= tokens)

    @property
    def share(self) -> float | None:
        """What is left of the day's budget, from 0 to 1."""
        return None if self.left is None or not self.limit else min(1.0, self.left / self.limit)


class Budgets:
    """Of the companies that were heard of last."""

    def __init__(self) -> None:
        self._heard: dict[CompanyId, Budget] = {}
        self._asked_again_at: dict[CompanyId, float] = {}

    def of(self, company_id: CompanyId, now: float) -> Budget:
        found = self._heard.get(company_id, Budget())
        if found.spent_until is not None and found.spent_until <= now:
            return Budget()  # another day, of which nothing was heard yet
        return found

    def require(self, company_id: CompanyId, now: float) -> None:
        """Raises BudgetSpent while Pipedrive would only refuse: whoever goes on asking may be blocked."""
        spent_until = self.of(company_id, now).spent_until
        if spent_until is not None and now < self._asked_again_at.get(company_id, 0.0):
            raise BudgetSpent(until=spent_until)

    def hear(self, company_id: CompanyId, headers: Mapping[str, str]) -> None:
        """Of an answer that was not refused."""
        left, limit = _number(headers.get(_LEFT)), _number(headers.get(_LIMIT))
        if left is not None or company_id in self._heard:
            self._keep(company_id, Budget(left, limit))
        self._asked_again_at.pop(company_id, None)

    def hear_spent(self, company_id: CompanyId, until: float, now: float) -> None:
        limit = self._heard.get(company_id, Budget()).limit
        self._keep(company_id, Budget(0, limit, until))
        self._asked_again_at[company_id] = min(until, now + _ASKED_AGAIN_SECONDS)

    def _keep(self, company_id: CompanyId, budget: Budget) -> None:
        self._heard.pop(company_id, None)
        self._heard[company_id] = budget
        if len(self._heard) > _MOST_COMPANIES:
            oldest = next(iter(self._heard))
            del self._heard[oldest]
            self._asked_again_at.pop(oldest, None)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 12 else None  # noqa: PLR2004 - no budget is longer
