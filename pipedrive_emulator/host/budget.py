"""The company's daily budget of API tokens, for the pages that show it."""

from dataclasses import asdict, dataclass
from typing import Any

from pipedrive_emulator.host.visit import Visit


@dataclass(frozen=True, slots=True)
class Budget:
    """API tokens of the day, for all users and apps of the company together."""

    spent: int
    limit: int

    @property
    def left(self) -> int:
        return max(self.limit - self.spent, 0)


def budget_today(visit: Visit) -> Budget:
    return Budget(*visit.emulator.api.budget(visit.company))


def budget_of(visit: Visit) -> dict[str, Any]:
    budget = budget_today(visit)
    return asdict(budget) | {"left": budget.left}
