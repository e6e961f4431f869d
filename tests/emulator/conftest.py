"""The emulator as a real process, an app behind its callback URL, and a client for both."""

from collections.abc import Iterator

import pytest

from tests.emulator.app_behind import AppBehind, running_app
from tests.emulator.client import MARTA, ApiAs, Client
from tests.emulator.hooks import Hooks
from tests.emulator.process import EmulatorProcess, running_emulator


@pytest.fixture(scope="session")
def shared_emulator() -> Iterator[EmulatorProcess]:
    with running_emulator() as emulator:
        yield emulator


@pytest.fixture
def emulator(shared_emulator: EmulatorProcess) -> EmulatorProcess:
    """The shared process, as if freshly started, without any app."""
    for app in shared_emulator.control("apps")["apps"]:
        shared_emulator.http.delete(f"/_emulator/apps/{app['client_id']}")
    shared_emulator.control("reset", {})
    return shared_emulator


@pytest.fixture
def app() -> Iterator[AppBehind]:
    with running_app() as app:
        yield app


@pytest.fixture
def client(emulator: EmulatorProcess, app: AppBehind) -> Client:
    """The app, registered."""
    emulator.control("apps", app.registration())
    return Client(emulator, app)


@pytest.fixture
def marta(client: Client) -> ApiAs:
    """The API as an admin of Acme."""
    return client.as_user(MARTA)


@pytest.fixture
def hooks(emulator: EmulatorProcess, app: AppBehind) -> Hooks:
    """Webhooks of an admin of Acme, none yet; the app is their receiver."""
    return Hooks(emulator, app)
