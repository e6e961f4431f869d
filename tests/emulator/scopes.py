"""An app that asks for more than the usual scopes."""

from tests.emulator.app_behind import MANIFEST, AppBehind
from tests.emulator.client import Client
from tests.emulator.process import EmulatorProcess


def client_with(emulator: EmulatorProcess, app: AppBehind, *names: str) -> Client:
    scopes = [{"name": name, "reason": "Needed here."} for name in ("base", *names)]
    emulator.control("apps", app.registration(manifest={**MANIFEST, "scopes": scopes}))
    return Client(emulator, app)
