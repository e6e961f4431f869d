"""What the emulator's own tests start is what its contract is held against."""

from tests.emulator.conftest import app, client, emulator, shared_emulator

__all__ = ["app", "client", "emulator", "shared_emulator"]
