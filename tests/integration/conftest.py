from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.town import Town, running_town


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Everything runs; shared, so a test puts back what it turns and installs whom it needs."""
    with running_town(tmp_path_factory.mktemp("town")) as running:
        yield running


@pytest.fixture
def own_town(tmp_path: Path) -> Iterator[Town]:
    """For a test that stops processes, moves time or counts everything."""
    with running_town(tmp_path / "town") as running:
        yield running
