import pytest

from marketplace_app.domain.ids import is_id, parse_id

ODD_SPELLINGS = [
    "",
    "0",
    "-1",
    "+1",
    "01",
    "1.0",
    "1e3",
    " 1",
    "1 ",
    "1\n",
    "1,2",
    "0x1",
    "1_000",
    "\u0661",
    "\uff11",
    "\u00b9",
    "abc",
    "9007199254740992",
    "99999999999999999999",
    "1" * 5000,
    "../1",
    "1\x00",
]


@pytest.mark.parametrize("text", ODD_SPELLINGS)
def test_an_id_has_one_spelling(text: str) -> None:
    assert parse_id(text) is None


@pytest.mark.parametrize(("text", "value"), [("1", 1), ("42", 42), ("9007199254740991", 2**53 - 1)])
def test_plain_decimals_are_ids(text: str, value: int) -> None:
    assert parse_id(text) == value


@pytest.mark.parametrize("value", [True, False, 0, -1, 1.0, "1", None, 2**53, [1], {}])
def test_only_whole_positive_numbers_are_ids(value: object) -> None:
    assert not is_id(value)


def test_the_smallest_and_the_largest_id() -> None:
    assert is_id(1)
    assert is_id(2**53 - 1)
