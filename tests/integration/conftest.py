from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.acting import with_step
from tests.integration.person import Button, Person, button_in
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


@pytest.fixture
def pressed(town: Town, request: pytest.FixtureRequest) -> tuple[Person, int, int, Button]:
    """Somebody, a deal and its step, and the button that finishes it."""
    marta = town.marta.installed()
    deal, step = with_step(marta, request.node.name[:60])
    return marta, deal, step, button_in(marta.picture(deal), "done", activity_id=step)
