"""Pipedrive and one process of the app, as at the beginning for each test."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.integration.storage.conftest import Start
from tests.integration.storage.life import Life, Pipedrive, living, running_pipedrive

Begin = Callable[..., Awaitable[Life]]


@pytest.fixture(scope="module")
def planted() -> Iterator[Pipedrive]:
    with running_pipedrive() as made:
        yield made


@pytest.fixture
def pipedrive(planted: Pipedrive) -> Pipedrive:
    return planted.as_planted()


@pytest.fixture
async def begin(pipedrive: Pipedrive, start: Start, tmp_path: Path) -> AsyncIterator[Begin]:
    """Makes another process of the app on the same Redis, the same machine and the same time."""
    made: list[Life] = []
    async with AsyncExitStack() as closing:

        async def one(**options: Any) -> Life:
            clock = made[0].clock if made else None
            begun = await closing.enter_async_context(
                living(pipedrive, start(), tmp_path, **{"clock": clock, **options})
            )
            made.append(begun)
            return begun

        yield one


@pytest.fixture
async def life(begin: Begin) -> Life:
    return await begin()
