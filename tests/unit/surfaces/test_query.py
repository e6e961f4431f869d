"""The query of an iframe's URL: one value per key, or a refusal."""

from urllib.parse import urlencode

import pytest

from marketplace_app.surfaces.query import Query


def test_a_query_is_read_as_browsers_write_it() -> None:
    given = {"token": "a.b-c_d", "selectedIds": "42", "q": "a b&c=d+e%ü", "empty": ""}
    query = Query.read(urlencode(given).encode())
    assert {name: query.get(name) for name in given} == given
    assert not query.says_it_twice
    assert query.get("absent", "x") == "x"


@pytest.mark.parametrize(
    "raw",
    [
        b"a=1&a=2",
        b"a=1&a=1",
        b"a=1&b=2&a",
        b"a&a",
        b"selectedIds=1&selected%49ds=2",
        b"=1&=2",
        b"&".join([b"a=1", *(b"k%d=x" % number for number in range(70)), b"a=2"]),
        b"&".join([*(b"k%d=x" % number for number in range(70)), b"a=1", b"a=2"]),
        b"&".join([b"companyId=1", *(b"k%d=x" % number for number in range(100)), b"companyId=2"]),
    ],
)
def test_a_key_given_twice_is_noticed(raw: bytes) -> None:
    assert Query.read(raw).says_it_twice


@pytest.mark.parametrize(
    "raw", [b"", b"&&", b"a=1&", b"&a=1", b"a=1&A=1", b"%zz=%", b"\xff=\xfe", b"a=1;a=2"]
)
def test_odd_queries_are_read_without_complaint(raw: bytes) -> None:
    assert not Query.read(raw).says_it_twice


def test_a_query_of_very_many_keys_is_no_query_of_pipedrives() -> None:
    """So that nothing can hide behind them."""
    assert Query.read(b"&".join(b"k%d=1" % number for number in range(500))).says_it_twice
