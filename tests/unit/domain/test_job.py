import pytest

from marketplace_app.domain.job import new_job_id, owner_of, pause_after, pause_after_death
from tests.makers import principal


def test_an_id_says_whose_it_is_and_is_never_the_same() -> None:
    ids = {new_job_id(principal(7, 70)) for _ in range(50)}
    assert len(ids) == 50
    assert {owner_of(each) for each in ids} == {(7, 70)}


@pytest.mark.parametrize(
    "text",
    ["", "7-70", "7-70-xyz", "07-70-0123456789abcdef", "0-70-0123456789abcdef", "7-70-0123456789abcdef\n"],
)
def test_what_we_do_not_write_is_nobodys(text: str) -> None:
    assert owner_of(text) is None


def test_pauses_grow_to_two_hours_and_a_fifth_more_by_chance() -> None:
    assert [pause_after(times, 0) for times in range(1, 8)] == [10, 60, 300, 1800, 7200, 7200, 7200]
    assert pause_after(1, 1) == 12


def test_what_died_waits_by_chance_alone_and_twice_as_long_each_time() -> None:
    assert [pause_after_death(attempts, 1) for attempts in range(1, 6)] == [120, 240, 480, 960, 1920]
    assert (pause_after_death(1, 0), pause_after_death(3, 0.25)) == (0, 120)
