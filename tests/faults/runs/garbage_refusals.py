"""Refusals that name a cause: two spaced `invalid_grant` disconnect; `invalid_client` is nobody's grant."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from tests.faults.lab.driving import DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, lost
from tests.faults.lab.records import logged, records
from tests.faults.lab.table import Outcome, Row
from tests.faults.runs.kill_cells import is_of

_REFUSED = "400 invalid_grant"
_ALARM = "app:alarm:client-refused"
_NEW_SECRET = "another-client-" * 4
_PAST_EXPIRY_SECONDS = 3_700
_PAST_SPACING_SECONDS = 61
_MOST_IN_FLIGHT = 64  # of one process


def refusals(folder: Path, seed: int, each: int) -> Outcome:
    with Lab(folder / "refusals", seed) as own:
        own.start_redis()
        own.start_emulator(proxy=True)
        drivers = [own.fork_driver(f"driver-{number}") for number in range(2)]
        rows = [*_spaced(own, drivers, 4 * each), *_client(own, drivers, 40 * each)]
        looked, leaks = own.leaks()
        return Outcome([*rows, Row("I7 files with a secret in the clear", len(leaks), looked)], leaks)


def _spaced(lab: Lab, drivers: list[DriverProcess], count: int) -> list[Row]:
    """All are refused, and asked for again at once; after a minute half of them are refused once more."""
    first, second = drivers
    holders = lab.crowd(2 * count)
    spared, ended = holders[:count], holders[count:]
    lab.install(first, holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    assert lab.token_proxy is not None
    lab.token_proxy.order(_REFUSED, None, where=_of(holders), is_instead=True)
    once = first.do("renew", holders, callers=2, width=len(holders))
    sent = lab.token_proxy.counts[_REFUSED]
    early = second.do("renew", holders, callers=2, width=len(holders))
    again = lab.token_proxy.counts[_REFUSED] - sent
    states = [row["state"] for row in first.stored(holders).values()]
    lab.token_proxy.clear()
    lab.token_proxy.order(_REFUSED, None, where=_of(ended), is_instead=True)
    lab.advance(_PAST_SPACING_SECONDS)
    last = second.do("renew", holders, callers=2, width=len(holders))
    stored, grants = first.stored(holders), lab.grants()
    kept = {holder: row["refresh_token"] for holder, row in stored.items()}
    told = {
        Holder(line["company_id"], line["user_id"]) for line in logged(lab, drivers) if line.get("reason")
    }
    lab.token_proxy.clear()
    wrong = sum(tally.reasons != {"renewal_unsettled": 2 * len(holders)} for tally in (once, early))
    return [
        Row("refused, and told otherwise", wrong + int(last.reasons != {"disconnected": 2 * count}), 3),
        Row(
            "I2 disconnected by refusals within a minute", len(states) - states.count("active"), len(holders)
        ),
        Row("asked again within a minute of a refusal", again, sent),
        Row("I2 disconnected by one refusal", _count(stored, spared, "disconnected"), count),
        Row("two spaced refusals and not disconnected", count - _count(stored, ended, "disconnected"), count),
        Row("I2 grants lost", len(lost(grants, kept)), len(holders)),  # kept, though disconnected
        Row("refused without a line and a reason", len(set(holders) - told), len(holders)),
    ]


def _client(lab: Lab, drivers: list[DriverProcess], count: int) -> list[Row]:
    """The secret changes in Developer Hub: processes with the old one stop, one with the new one goes on."""
    holders = lab.crowd(count)
    lab.install(drivers[0], holders)
    lab.advance(_PAST_EXPIRY_SECONDS)
    before = records(lab)
    assert lab.token_proxy is not None
    assert lab.redis is not None
    known = json.loads((lab.folder / "app.json").read_text())
    lab.control.register({**known, "client_secret": _NEW_SECRET})
    began = lab.token_proxy.counts["token refresh_token"]
    first = drivers[0].do("renew", holders)
    sent = lab.token_proxy.counts["token refresh_token"] - began
    left: Any = lab.redis.client.ttl(_ALARM)
    second = drivers[1].do("renew", holders)
    more = lab.token_proxy.counts["token refresh_token"] - began - sent
    touched = sum(records(lab)[holder] != before[holder] for holder in holders)
    alarms = sum('"alarm"' in lab.log_of(driver.name) for driver in drivers)
    fresh = lab.fork_driver("fresh", PIPEDRIVE_CLIENT_SECRET=_NEW_SECRET)
    served = fresh.do("call", holders)
    after = drivers[1].do("call", holders)  # an access token is an access token
    stored = {holder: row["refresh_token"] for holder, row in fresh.stored(holders).items()}
    busy = first.reasons["store_unavailable"] + second.reasons["store_unavailable"]
    refused = first.reasons["client_refused"] + second.reasons["client_refused"]
    return [
        Row("invalid_client: callers told of something else", 2 * count - busy - refused, 2 * count - busy),
        Row("invalid_client: requests beyond those in flight", max(0, sent - _MOST_IN_FLIGHT), count),
        Row("invalid_client: requests while the alarm stands", more, count),
        Row("invalid_client: companies touched", touched, count),
        Row("invalid_client: no alarm, or one without end", int(not alarms or not 0 < left <= 30), 1),
        Row(
            "I10 not served with the right secret, at once", len(served.failed) + len(after.failed), 2 * count
        ),
        Row("I2 grants lost", len(lost(lab.grants(), {**_kept(lab, fresh), **stored})), len(holders)),
    ]


def _kept(lab: Lab, driver: DriverProcess) -> dict[Holder, str]:
    return {holder: row["refresh_token"] for holder, row in driver.stored(list(records(lab))).items()}


def _count(stored: Mapping[Holder, Mapping[str, Any]], holders: list[Holder], state: str) -> int:
    return sum(stored[holder]["state"] == state for holder in holders)


def _of(holders: list[Holder]) -> Callable[[Mapping[str, str]], bool]:
    begins = tuple(f"{holder.company_id}:{holder.user_id}:" for holder in holders)
    return lambda form: is_of(form, begins)
