"""API tokens spent: counted and shown in headers, refused never (yet).

Daily budget of a company: 30 000 x plan factor x seats, counted from midnight UTC. Burst: requests of one
token in the last two seconds. https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting.
"""

from collections import defaultdict, deque

from pipedrive_emulator.clock import Clock, local_date
from pipedrive_emulator.store import Store
from pipedrive_emulator.world.company import Company

_SECTION = "budget"
_BASE = 30_000
_FACTORS = {"Lite": 1, "Growth": 2, "Premium": 5, "Ultimate": 7}
_BURSTS = {"Lite": 80, "Growth": 160, "Premium": 400, "Ultimate": 480}
_WINDOW_SECONDS = 2


class Budget:
    def __init__(self, clock: Clock, store: Store) -> None:
        self._clock = clock
        self._store = store
        self._spent: defaultdict[str, int] = defaultdict(int, store.load(_SECTION))
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    def spend(self, company: Company, token: str, cost: int) -> dict[str, str]:
        """Count one request; the headers that its answer carries."""
        day = self._day(company)
        self._spent[day] += cost
        self._store.put(_SECTION, day, self._spent[day])
        spent, daily = self.today(company)
        burst = _BURSTS[company.plan]
        return {
            "x-ratelimit-limit": str(burst),
            "x-ratelimit-remaining": str(max(burst - self._burst(token), 0)),
            "x-ratelimit-reset": str(_WINDOW_SECONDS),
            "x-daily-ratelimit-token-limit": str(daily),
            "x-daily-ratelimit-token-remaining": str(max(daily - spent, 0)),
        }

    def today(self, company: Company) -> tuple[int, int]:
        """The tokens spent so far, and how many the day has."""
        daily = _BASE * _FACTORS[company.plan] * company.seats
        return self._spent.get(self._day(company), 0), daily

    def _day(self, company: Company) -> str:
        return f"{company.id}/{local_date(self._clock.now(), 'UTC')}"

    def _burst(self, token: str) -> int:
        """Requests of this token in the window, this one included."""
        now, recent = self._clock.now(), self._recent[token]
        recent.append(now)
        while recent[0] <= now - _WINDOW_SECONDS:
            recent.popleft()
        return len(recent)
