"""Servers of both kinds; what a module's tests start stops with it."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import pytest

from marketplace_app.storage.connection import Connection
from tests.integration.storage.servers.towns import Town

Connect = Callable[..., Connection]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes a connection that the test's end closes."""
    async with AsyncExitStack() as closing:

        def make(url: str, **options: Any) -> Connection:
            made = Connection(url, **options)
            closing.push_async_callback(made.close)
            return made

        yield make


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
