from collections.abc import Iterator

import pytest

from tests.integration.messaging_app.messaging_town import MessagingTown, running_messaging_town


@pytest.fixture(scope="package")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MessagingTown]:
    with running_messaging_town(tmp_path_factory.mktemp("messaging")) as town:
        yield town
