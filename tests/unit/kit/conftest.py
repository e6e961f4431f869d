import pytest

from tests.harness.parts import Parts


@pytest.fixture(scope="session")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return Parts.probed_in(tmp_path_factory.mktemp("probe"))
