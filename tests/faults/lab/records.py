"""What lies in Redis and in logs, read without the app."""

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder

_RECORD = re.compile(rb"app:\{(\d+)\}:(\d+):installation")


def records(lab: Lab) -> dict[Holder, bytes]:
    """The hash of each installation's record, every byte of it."""
    assert lab.redis is not None
    client: Any = lab.redis.client
    names = [
        name for name in client.scan_iter(match="app:*:installation", count=1000) if _RECORD.fullmatch(name)
    ]
    values = client.mget(names) if names else []
    found = {}
    for name, value in zip(names, values, strict=True):
        match = _RECORD.fullmatch(name)
        assert match is not None
        found[Holder(int(match[1]), int(match[2]))] = hashlib.sha256(value).digest()
    return found


def locks(lab: Lab) -> list[str]:
    """Renewal locks that somebody holds now."""
    assert lab.redis is not None
    client: Any = lab.redis.client
    return [name.decode() for name in client.scan_iter(match="app:*:renewal", count=1000)]


def logged(lab: Lab, drivers: Iterable[DriverProcess]) -> list[dict[str, Any]]:
    """Their lines that are about an installation."""
    lines = (line for driver in drivers for line in lab.log_of(driver.name).splitlines())
    return [json.loads(line) for line in lines if line.startswith("{") and '"company_id"' in line]
