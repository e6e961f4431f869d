"""The API with a user's own token, which no scope limits."""

from dataclasses import dataclass
from typing import Any

import httpx2

from tests.emulator.client import ApiAs
from tests.emulator.process import EmulatorProcess


@dataclass(frozen=True, slots=True)
class Direct(ApiAs):
    """``access_token`` is an API token here, sent as ``x-api-token``."""

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {"x-api-token": self.access_token}
        return self.emulator.http.request(method, path, headers=headers, **options)


def direct(emulator: EmulatorProcess, user_id: int) -> Direct:
    users = emulator.control("world")["users"]
    return Direct(emulator, next(user["api_token"] for user in users if user["id"] == user_id))
