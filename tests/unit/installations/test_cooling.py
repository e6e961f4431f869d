"""How long a renewal that fails is left alone."""

from dataclasses import dataclass

import pytest

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import PipedriveUnavailable
from marketplace_app.installations.cooling import Cooling

MARTA, JACK = (Principal(CompanyId(1), UserId(number)) for number in (2, 3))


@dataclass
class Watch:
    at: float = 1_000_000.0

    def now(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds


def pause_after(failures: int) -> float:
    """What must pass until it may be tried again."""
    watch = Watch()
    cooling = Cooling(watch)
    for _ in range(failures):
        cooling.failed(MARTA)
    began = watch.at
    while True:
        try:
            cooling.check(MARTA)
            return watch.at - began
        except PipedriveUnavailable:
            watch.at += 1


def test_the_first_failure_is_free_then_pauses_grow_and_end_somewhere() -> None:
    assert [pause_after(failures) for failures in range(7)] == [0, 0, 5, 10, 20, 20, 20]


def test_a_failure_of_long_ago_counts_no_more() -> None:
    """Another process may have renewed meanwhile, of which this one has not heard."""
    watch = Watch()
    cooling = Cooling(watch)
    cooling.failed(MARTA)
    watch.at += 3600
    cooling.failed(MARTA)
    cooling.check(MARTA)


def test_it_is_over_when_one_worked_and_for_nobody_else_when_one_failed() -> None:
    cooling = Cooling(Watch())
    for _ in range(3):
        cooling.failed(MARTA)
    cooling.check(JACK)
    with pytest.raises(PipedriveUnavailable):
        cooling.check(MARTA)
    cooling.worked(MARTA)
    cooling.check(MARTA)


def test_a_clock_that_goes_back_keeps_nobody_waiting() -> None:
    watch = Watch()
    cooling = Cooling(watch)
    for _ in range(3):
        cooling.failed(MARTA)
    watch.at -= 3600
    cooling.check(MARTA)
