"""Keys of Redis: no two owners meet in one, and all of a company's are found by its pattern alone."""

from collections.abc import Callable
from fnmatch import fnmatchcase
from itertools import product

import pytest

from marketplace_app.domain.ids import CompanyId
from marketplace_app.domain.principal import Principal
from marketplace_app.storage import keys
from tests.makers import principal

IDS = (1, 2, 3, 11, 12, 21, 111, 112, 1111, 2**53 - 1)
OF_USERS: list[Callable[[Principal], str]] = [
    keys.installation,
    keys.renewal_lock,
    lambda who: keys.ticket(who, "1"),
    lambda who: keys.kept(who, "deal-panel", "1", "picture"),
]
OF_COMPANIES: list[Callable[[CompanyId], str]] = [
    keys.data_key,
    keys.company_users,
    lambda company: keys.company_value(company, "1"),
]


def of_everybody() -> dict[str, int]:
    """Each key with its company. Concatenations and sums of these ids meet in many ways."""
    found = [(build(principal(c, u)), c) for build in OF_USERS for c, u in product(IDS, IDS)]
    found += [(build(CompanyId(c)), c) for build in OF_COMPANIES for c in IDS]
    assert len({key for key, _ in found}) == len(found) == len(OF_USERS) * len(IDS) ** 2 + 3 * len(IDS)
    return dict(found)


def test_no_two_owners_meet_in_a_key() -> None:
    assert len(of_everybody()) == 430


def test_a_companys_keys_have_its_tag_and_nobody_elses() -> None:
    """So that they lie in one slot of a cluster, and its pattern matches them and no others."""
    for key, company_id in of_everybody().items():
        assert key.startswith(f"app:{{{company_id}}}:")
        matching = [each for each in IDS if fnmatchcase(key, keys.all_of_company(CompanyId(each)))]
        assert matching == [company_id]


@pytest.mark.parametrize("build", [*OF_USERS[:2]])
def test_a_record_and_its_lock_are_told_from_app_data(build: Callable[[Principal], str]) -> None:
    assert keys.is_of_a_record(build(principal()))


def test_the_key_and_the_users_of_a_company_are_told_from_app_data() -> None:
    company = principal().company_id
    assert keys.is_of_a_record(keys.data_key(company))
    assert keys.is_of_a_record(keys.company_users(company))
    for name in ("data-key", "users", "1:installation", "x"):
        assert not keys.is_of_a_record(keys.company_value(company, name))
        assert not keys.is_of_a_record(keys.ticket(principal(), name))
        assert not keys.is_of_a_record(keys.kept(principal(), name, "1", "installation"))
