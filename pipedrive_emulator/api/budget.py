"""API tokens spent, and how often one may ask: counted, shown in headers, and refused beyond.

Daily budget of a company: 30 000 x plan factor x seats, shared by everyone and every app in it. Burst:
requests in a rolling window of two seconds, fewer with an API token than with OAuth; searches have a window
of their own.
https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting.
"""

import math
from collections import defaultdict, deque
from dataclasses import dataclass

from pipedrive_emulator.api.call import Content
from pipedrive_emulator.api.errors import over_burst, over_daily_budget
from pipedrive_emulator.clock import Clock
from pipedrive_emulator.store import Store
from pipedrive_emulator.switches import Switches
from pipedrive_emulator.world.company import Company

_SECTION = "budget"
_BASE = 30_000
_FACTORS = {"Lite": 1, "Growth": 2, "Premium": 5, "Ultimate": 7}
_BURSTS = {"Lite": 20, "Growth": 40, "Premium": 100, "Ultimate": 120}
_OAUTH_FACTOR = 4
_WINDOW_SECONDS = 2
_DAY_SECONDS, _HOUR_SECONDS = 86_400, 3600
# POST and PUT with one user's API token a day, of which only a header tells.
_FAIR_WRITES = 10_000
# Refusals in a row that nobody heeds, and how long Cloudflare is angry then.
_PATIENCE, _BLOCK_SECONDS = 20, 60
_BLOCK_PAGE = b"""<!DOCTYPE html><html><head><title>Access denied | Cloudflare</title></head>
<body><h1>Error 1015</h1><p>You are being rate limited.</p></body></html>"""


@dataclass(frozen=True, slots=True)
class Asker:
    """Who sends a request of what kind; ``token`` is a fingerprint, ``is_app`` says that it is OAuth's."""

    company: Company
    user_id: int
    token: str
    is_app: bool
    is_search: bool
    is_write: bool


class Budget:
    def __init__(self, clock: Clock, store: Store, switches: Switches) -> None:
        self._clock = clock
        self._store = store
        self._switches = switches
        self._spent: defaultdict[str, int] = defaultdict(int, store.load(_SECTION))
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)
        self._refusals: defaultdict[str, int] = defaultdict(int)
        self._blocked_until: dict[str, float] = {}

    def admit(self, asker: Asker, cost: int) -> None:
        """Count one request and its cost.

        Raises:
            ApiError: 429 beyond a limit; nothing is counted then.
        """
        now = self._clock.now()
        for name, limit in self._windows(asker):
            if len(self._window(name, now)) >= limit:
                self._refuse(asker, now)
                raise over_burst()
        spent, daily = self.today(asker.company)
        if spent + cost > daily:
            self._refuse(asker, now)
            raise over_daily_budget(math.ceil(self._reset_at(now) - now))
        self._refusals.pop(asker.token, None)
        for name, _ in self._windows(asker):
            self._recent[name].append(now)
        self._add(self._day(asker.company, now), cost)
        if asker.is_write and not asker.is_app:
            self._add(self._writes(asker, now), 1)

    def give_back(self, company: Company, cost: int) -> None:
        self._add(self._day(company, self._clock.now()), -cost)

    def block(self, asker: Asker) -> Content | None:
        """The page that Cloudflare shows whoever went on after many refusals; by switch, API tokens only."""
        if self._blocked_until.get(asker.token, 0.0) <= self._clock.now():
            return None
        return Content("text/html; charset=UTF-8", _BLOCK_PAGE, {"server": "cloudflare"}, 403)

    def headers(self, asker: Asker) -> dict[str, str]:
        """What is left, for every answer; of two windows the one that a search has to itself."""
        now = self._clock.now()
        name, limit = self._windows(asker)[-1]
        recent = self._window(name, now)
        reset = math.ceil(recent[0] + _WINDOW_SECONDS - now) if recent else _WINDOW_SECONDS
        spent, daily = self.today(asker.company)
        shown = {
            "x-ratelimit-limit": limit,
            "x-ratelimit-remaining": max(limit - len(recent), 0),
            "x-ratelimit-reset": max(reset, 1),
            "x-daily-ratelimit-token-limit": daily,
            "x-daily-ratelimit-token-remaining": max(daily - spent, 0),
        }
        if asker.is_write and not asker.is_app:
            shown["x-daily-requests-left"] = max(_FAIR_WRITES - self._spent[self._writes(asker, now)], 0)
        return {name: str(number) for name, number in shown.items()}

    def today(self, company: Company) -> tuple[int, int]:
        """The tokens spent so far, and how many the day has."""
        daily = self._switches.number("daily_budget") or _BASE * _FACTORS[company.plan] * company.seats
        return self._spent.get(self._day(company, self._clock.now()), 0), daily

    def _windows(self, asker: Asker) -> list[tuple[str, int]]:
        """Each window that the request falls in, with its limit."""
        whose = str(asker.user_id) if self._switches.get("burst_per") == "user" else asker.token
        plan = _BURSTS[asker.company.plan] * (_OAUTH_FACTOR if asker.is_app else 1)
        rows = [(whose, self._switches.number("burst_limit") or plan)]
        return (
            [*rows, (f"{whose}/search", self._switches.number("search_limit"))] if asker.is_search else rows
        )

    def _window(self, name: str, now: float) -> deque[float]:
        recent = self._recent[name]
        while recent and recent[0] <= now - _WINDOW_SECONDS:
            recent.popleft()
        return recent

    def _refuse(self, asker: Asker, now: float) -> None:
        self._refusals[asker.token] += 1
        is_ignored = self._refusals[asker.token] >= _PATIENCE and not asker.is_app
        if is_ignored and self._switches.get("cloudflare_block") == "on":
            self._blocked_until[asker.token] = now + _BLOCK_SECONDS
            self._refusals.pop(asker.token)

    def _add(self, key: str, number: int) -> None:
        self._spent[key] += number
        self._store.put(_SECTION, key, self._spent[key])

    def _writes(self, asker: Asker, now: float) -> str:
        return f"{self._day(asker.company, now)}/{asker.user_id}"

    def _day(self, company: Company, now: float) -> str:
        return f"{company.id}/{int((now - self._midnight()) // _DAY_SECONDS)}"

    def _reset_at(self, now: float) -> float:
        midnight = self._midnight()
        return midnight + ((now - midnight) // _DAY_SECONDS + 1) * _DAY_SECONDS

    def _midnight(self) -> int:
        """Seconds after midnight UTC at which the server's day begins."""
        return self._switches.number("budget_reset_hour") % 24 * _HOUR_SECONDS
