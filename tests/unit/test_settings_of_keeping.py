"""Settings that say how grants are kept, and for how long."""

import pytest

from marketplace_app.settings import Settings
from tests.unit.test_settings import GOOD, names_of


def test_the_number_of_replicas() -> None:
    assert Settings.from_mapping({**GOOD, "REDIS_DURABILITY": "replicas:2"}).redis_durability == 2


@pytest.mark.parametrize(("value", "days"), [("0", 0), ("30", 30), ("9999", 9999)])
def test_the_grace_of_app_data(value: str, days: int) -> None:
    assert Settings.from_mapping({**GOOD, "APP_DATA_GRACE_DAYS": value}).app_data_grace_days == days


@pytest.mark.parametrize("value", ["-1", "1.5", "10000", "\u0663"])
def test_what_is_no_number_of_days_is_told(value: str) -> None:
    assert names_of({**GOOD, "APP_DATA_GRACE_DAYS": value}) == {"APP_DATA_GRACE_DAYS"}


def test_idle_installations_may_lapse() -> None:
    assert Settings.from_mapping({**GOOD, "IDLE_INSTALLATIONS": "lapse"}).idle_installations == "lapse"


@pytest.mark.parametrize(
    ("value", "is_good"), [("local", True), ("replicas:2", True), ("replicas:0", False), ("x", False)]
)
def test_durability(value: str, is_good: bool) -> None:
    assert names_of({**GOOD, "REDIS_DURABILITY": value}) == (set() if is_good else {"REDIS_DURABILITY"})
