"""A renewal that keeps failing is not tried with every click: the first failure is free, then pauses grow."""

from marketplace_app.clock import Clock
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import PipedriveUnavailable

_PAUSES_SECONDS = (0, 0, 5, 10, 20)  # after so many failures one after the other; never more than the last
_FORGOTTEN_SECONDS = 60  # it has nothing to do with a failure now; another process may have renewed meanwhile
_MOST = 10_000


class Cooling:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failed: dict[Principal, tuple[int, float]] = {}

    def check(self, principal: Principal) -> None:
        """Raises PipedriveUnavailable while it is too early to try again."""
        failures, at = self._failed.get(principal, (0, 0.0))
        pause = _PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)]
        if 0 <= self._clock.now() - at < pause:
            raise PipedriveUnavailable("the renewal failed several times just now", was_sent=False)

    def failed(self, principal: Principal) -> None:
        if len(self._failed) > _MOST:
            self._failed.clear()
        failures, at = self._failed.get(principal, (0, 0.0))
        now = self._clock.now()
        self._failed[principal] = (failures + 1 if 0 <= now - at < _FORGOTTEN_SECONDS else 1), now

    def worked(self, principal: Principal) -> None:
        self._failed.pop(principal, None)
