"""The check of the locks notices what it is for."""

from dataclasses import replace

import pytest

from scripts.check_locks import EXTRAS, Lock, python_problems, read_lock


@pytest.fixture
def locks() -> dict[str, Lock]:
    return {kind: read_lock(kind) for kind in EXTRAS}


def test_locks_are_in_step(locks: dict[str, Lock]) -> None:
    assert list(python_problems(locks)) == []


def test_a_package_that_only_one_side_names_is_noticed(locks: dict[str, Lock]) -> None:
    locks["dev"] = replace(locks["dev"], direct=locks["dev"].direct - {"pytest"})
    assert list(python_problems(locks)) == [
        "requirements/dev.txt: pytest is in only one of pyproject.toml and the lock."
    ]


def test_a_version_that_is_not_asked_for_is_noticed(locks: dict[str, Lock]) -> None:
    for kind, lock in locks.items():
        locks[kind] = replace(lock, pins={**lock.pins, "authlib": "1.5.0"})
    assert any("authlib 1.5.0 is not what" in problem for problem in python_problems(locks))


def test_an_address_is_noticed(locks: dict[str, Lock]) -> None:
    locks["demo"] = replace(locks["demo"], text="--index-url https://mirror.example\n" + locks["demo"].text)
    assert list(python_problems(locks)) == ["requirements/demo.txt: names an address."]


def test_two_versions_of_one_package_are_noticed(locks: dict[str, Lock]) -> None:
    locks["demo"] = replace(locks["demo"], pins={**locks["demo"].pins, "idna": "1.0"})
    assert any(
        problem.startswith("idna is 1.0 in requirements/demo.txt") for problem in python_problems(locks)
    )
