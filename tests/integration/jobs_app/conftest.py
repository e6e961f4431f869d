from collections.abc import Iterator

import pytest

from tests.integration.jobs_app.jobs_town import JobsTown, running_jobs_town


@pytest.fixture(scope="session")
def whole_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JobsTown]:
    with running_jobs_town(tmp_path_factory.mktemp("later")) as running:
        yield running


@pytest.fixture
def later(whole_town: JobsTown) -> Iterator[JobsTown]:
    """Marta and Huy have the app, nobody has put anything off, and no worker runs."""
    whole_town.clear()
    whole_town.marta.installed()
    whole_town.huy.installed()
    yield whole_town
    whole_town.stop_workers()
