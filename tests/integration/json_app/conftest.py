from collections.abc import Iterator

import pytest

from tests.integration.json_app.json_town import JsonTown, running_json_town
from tests.integration.person import Person


@pytest.fixture(scope="package")
def json_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[JsonTown]:
    with running_json_town(tmp_path_factory.mktemp("json")) as town:
        yield town


@pytest.fixture
def marta(json_town: JsonTown) -> Person:
    return json_town.town.marta.installed()
