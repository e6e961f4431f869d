"""Who steals Redis, its dump or its files reads no token and no customer's name."""

import base64
import os
from pathlib import Path

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId
from marketplace_app.storage.kept import Kept, KeptName
from marketplace_app.storage.look_ups import LookUps
from marketplace_app.storage.once import Once
from tests.integration.storage.conftest import KEYS, Process
from tests.integration.storage.process import put
from tests.makers import installation, principal, renewed

pytestmark = pytest.mark.anyio
CANARY = b"CANARY"
# The same six octets as base64 writes them at each of the three places of a group.
SPELLINGS = {CANARY, CANARY.hex().encode(), CANARY[::-1], b"Q0FOQVJZ", b"NBTkFSW", b"DQU5BUl"}


async def everything(process: Process) -> None:
    """Each kind of thing that is ever stored, with a canary in its content."""
    kept = Kept(process.connection, process.reads, process.vault)
    once, look_ups = Once(process.connection), LookUps(process.connection, process.reads, process.vault)
    for company_id, user_id in ((1, 11), (1, 12), (2, 21)):
        written = await put(process.store, installation(company_id, user_id))
        await process.store.renew(renewed(written, "v1u:renewed-CANARY"))
        picture = KeptName(written.principal, "deal-panel", "7", "picture")
        await kept.keep(written, picture, b"<p>CANARY</p>", as_of=1000.0, seconds=900)
        key = await process.vault.make_key(CompanyId(company_id))
        await once.claim(written.principal, "nonce", key)
        await once.settle(written.principal, "nonce", key, b"answer CANARY")
        await look_ups.keep(CompanyId(company_id), "stages", b"CANARY")
    await once.begin_install("state-CANARY", "browser-CANARY")
    await once.claim_code("code-CANARY")
    await process.store.end(principal(1, 12), 1000.0)


def assert_sealed(octets: bytes) -> None:
    for spelling in SPELLINGS | {KEYS[0].octets, base64.b64encode(KEYS[0].octets)}:
        assert spelling not in octets


async def test_a_dump_of_all_keys_holds_nothing_in_the_clear(process: Process, raw: Redis) -> None:
    await everything(process)
    names = await raw.keys("*")
    assert len(names) >= 12
    for name in names:
        assert isinstance(name, bytes)
        assert_sealed(name + (await raw.dump(name) or b""))


async def test_the_files_of_the_server_hold_nothing_in_the_clear(
    process: Process, raw: Redis, append_only_file: Path
) -> None:
    await raw.set("control", "CONTROL-IN-THE-CLEAR")
    await everything(process)
    files = [Path(folder) / name for folder, _, names in os.walk(append_only_file) for name in names]
    octets = b"".join(file.read_bytes() for file in files)
    assert b"CONTROL-IN-THE-CLEAR" in octets  # so this would have been seen
    assert b"uninstalled" in octets
    assert_sealed(octets)


def test_every_spelling_of_the_canary_would_be_found() -> None:
    for before in (b"", b"x", b"xy"):
        assert any(spelling in base64.b64encode(before + CANARY + b"zz") for spelling in SPELLINGS)
