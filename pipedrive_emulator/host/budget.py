"""The company's daily budget of API tokens, for the pages that show it."""

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from pipedrive_emulator.host.visit import Visit

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Budget:
    """API tokens of the day, for all users and apps of the company together."""

    spent: int
    limit: int

    @property
    def left(self) -> int:
        return max(self.limit - self.spent, 0)


@dataclass(frozen=True, slots=True)
class Spender:
    """What one app, or the API token, spent in the name of one user within 24 hours."""

    app: str
    user: str
    calls: int
    tokens: int


def budget_today(visit: Visit) -> Budget:
    return Budget(*visit.emulator.api.budget(visit.company))


def budget_of(visit: Visit) -> dict[str, Any]:
    budget = budget_today(visit)
    return asdict(budget) | {"left": budget.left}


def spenders(visit: Visit) -> list[Spender]:
    """The largest first, as far as the ledger remembers."""
    calls: Counter[tuple[str | None, int]] = Counter()
    tokens: Counter[tuple[str | None, int]] = Counter()
    after = visit.emulator.clock.now() - _DAY_SECONDS
    for entry in reversed(visit.emulator.ledger.entries()):
        if entry["at"] < after:
            break
        if entry["kind"] != "api_call" or entry["company_id"] != visit.company.id:
            continue
        key = entry["client_id"], entry["user_id"]
        calls[key] += 1
        tokens[key] += entry["cost"]
    names = visit.names()
    return [
        Spender(_app(visit, client_id), names.get(user_id, ""), calls[client_id, user_id], spent)
        for (client_id, user_id), spent in tokens.most_common()
    ]


def _app(visit: Visit, client_id: str | None) -> str:
    if client_id is None:
        return "API token"
    app = visit.emulator.apps.by_client_id(client_id)
    return app.name if app else client_id
