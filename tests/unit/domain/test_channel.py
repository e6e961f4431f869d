import pytest

from marketplace_app.domain.channel import Endpoint, new_channel_id, owner_of
from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal


def test_an_id_says_whose_it_is_and_nothing_that_can_be_guessed() -> None:
    made = {new_channel_id(Principal(CompanyId(7), UserId(12))) for _ in range(1000)}
    assert len(made) == 1000
    assert {owner_of(each) for each in made} == {(7, 12)}
    assert {len(each.rpartition("-")[2]) for each in made} == {32}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7-12",
        "7-12-" + "a" * 31,
        "7-12-" + "A" * 32,
        "07-12-" + "a" * 32,
        "7-0-" + "a" * 32,
        f"{2**53}-12-" + "a" * 32,
        "\u0667-12-" + "a" * 32,
        "7-12-" + "a" * 32 + "\n",
        " 7-12-" + "a" * 32,
        "7-12-3-" + "a" * 32,
    ],
)
def test_what_we_do_not_make_is_nobodys(text: str) -> None:
    assert owner_of(text) is None


def test_no_two_endpoints_are_asked_in_the_same_way() -> None:
    assert len({(each.method, each.path) for each in Endpoint}) == len(Endpoint)
