"""Servers of both kinds; what a module's tests start stops with it."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.integration.storage.servers.towns import Town


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Towns"]:
    with ExitStack() as stack:
        yield Towns(tmp_path_factory, stack)


class Towns:
    """By the name of the kind of server."""

    def __init__(self, folders: pytest.TempPathFactory, stack: ExitStack) -> None:
        self._folders = folders
        self._stack = stack
        self._made: dict[str, Town] = {}

    def __getitem__(self, name: str) -> Town:
        if name not in self._made:
            self._made[name] = Town.of(name, self._folders.mktemp("town"), self._stack)
        return self._made[name]
