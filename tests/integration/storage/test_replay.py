"""The journal is replayed soon after somebody leaves an entry, not only when its turn comes."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace_app.beside import beside
from marketplace_app.installations.replay import EVERY_SECONDS
from tests.integration.storage.conftest import Process
from tests.integration.storage.life import MARTA_, Pipedrive, living, running_pipedrive

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def pipedrive() -> Iterator[Pipedrive]:
    with running_pipedrive() as running:
        yield running


async def test_what_is_left_between_two_replays_is_brought_at_once(
    pipedrive: Pipedrive, process: Process, tmp_path: Path
) -> None:
    async with living(pipedrive.as_planted(), process, tmp_path) as life:
        await life.install(MARTA_)
        async with beside(life.installations.replay.run()):
            await asyncio.sleep(0.3)  # the first one is over: there was nothing
            await life.journal.append("uninstall", MARTA_, b"")
            async with asyncio.timeout(EVERY_SECONDS / 3):
                while await life.spooled():  # noqa: ASYNC110 (the folder tells nobody)
                    await asyncio.sleep(0.05)
        assert await life.state(MARTA_) == "suspect"
