"""The vault: what it sealed opens where it was put, and nowhere else."""

import pytest
from redis.asyncio import Redis

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.errors import TokenUnreadable
from marketplace_app.settings import EncryptionKey
from marketplace_app.storage import keys
from marketplace_app.storage.key_ring import KeyRing
from marketplace_app.storage.vault import CompanyKey, Label, Vault
from tests.integration.storage.conftest import KEYS, Process, Start, value
from tests.integration.storage.process import put
from tests.makers import installation, principal, seeded

pytestmark = pytest.mark.anyio
COMPANY = CompanyId(1)
LABEL = Label("installation", COMPANY, UserId(11), 3)
PLAIN = b"access token and refresh token of somebody"


def opens(key: CompanyKey, label: Label, sealed: bytes) -> bool:
    try:
        key.open(label, sealed)
    except TokenUnreadable:
        return False
    return True


async def test_what_was_sealed_opens(process: Process) -> None:
    key = await process.vault.make_key(COMPANY)
    assert key.open(LABEL, key.seal(LABEL, PLAIN)) == PLAIN
    assert key.seal(LABEL, PLAIN) != key.seal(LABEL, PLAIN)


async def test_no_flipped_bit_is_accepted(process: Process) -> None:
    random, key = seeded(1), await process.vault.make_key(COMPANY)
    sealed = key.seal(LABEL, PLAIN)
    for _ in range(20_000):
        octets = bytearray(sealed)
        for _ in range(random.choice((1, 1, 1, 2, 8))):
            octets[random.randrange(len(octets))] ^= 1 << random.randrange(8)
        if bytes(octets) != sealed:
            assert not opens(key, LABEL, bytes(octets))


async def test_no_other_length_is_accepted(process: Process) -> None:
    key = await process.vault.make_key(COMPANY)
    sealed = key.seal(LABEL, PLAIN)
    for size in range(len(sealed)):
        assert not opens(key, LABEL, sealed[:size])
        assert not opens(key, LABEL, sealed[size + 1 :])
    assert not opens(key, LABEL, sealed + b"\0")


async def test_a_value_opens_under_its_own_label_only(process: Process) -> None:
    labels = [
        Label(purpose, CompanyId(company), UserId(user) if user else None, generation)
        for purpose in ("installation", "kept deal-panel 1 picture", "kept deal-panel 11 picture", "answer 1")
        for company in (1, 2, 11)
        for user in (None, 1, 11, 111)
        for generation in (0, 1, 11)
    ]
    key = await process.vault.make_key(COMPANY)
    assert len({label.octets(b"x") for label in labels}) == len(labels)
    for mine in labels[::7]:
        sealed = key.seal(mine, PLAIN)
        assert [label for label in labels if opens(key, label, sealed)] == [mine]


async def test_one_companys_key_opens_nothing_of_another(process: Process) -> None:
    own, other = await process.vault.make_key(COMPANY), await process.vault.make_key(CompanyId(2))
    assert not opens(other, LABEL, own.seal(LABEL, PLAIN))
    assert own.derive("tickets") != other.derive("tickets")
    assert own.derive("tickets") != own.derive("other")


async def test_all_processes_agree_on_a_companys_key(process: Process, other: Process) -> None:
    sealed = (await process.vault.make_key(COMPANY)).seal(LABEL, PLAIN)
    for vault in (other.vault, process.vault):
        key = await vault.make_key(COMPANY)
        assert key.open(LABEL, sealed) == PLAIN


async def test_a_company_that_never_installed_has_no_key(process: Process) -> None:
    assert await process.vault.find_key(COMPANY) is None


async def test_a_forgotten_companys_key_is_forgotten_everywhere_within_a_minute(
    process: Process, raw: Redis
) -> None:
    await process.vault.make_key(COMPANY)
    await raw.delete(keys.data_key(COMPANY))
    assert await process.vault.find_key(COMPANY) is not None
    process.clock.time += 60
    assert await process.vault.find_key(COMPANY) is None


async def test_an_old_encryption_key_still_reads_and_what_it_wrapped_is_wrapped_anew(
    process: Process, start: Start, raw: Redis
) -> None:
    await put(process.store, installation())
    ring = (EncryptionKey("k2", bytes(range(1, 33))), *KEYS)
    rotated = start(ring)
    found = await rotated.store.find(principal())
    assert found is not None
    assert found.tokens == installation().tokens
    await put(rotated.store, installation(2, 21))
    for company in (CompanyId(1), CompanyId(2)):
        assert b'"k2"' in await value(raw, keys.data_key(company))
        assert await start(ring[:1]).vault.find_key(company) is not None  # k1 is no longer needed
    with_k2_alone = await start(ring[:1]).store.find(principal())
    assert with_k2_alone is not None
    assert with_k2_alone.tokens == installation().tokens


@pytest.mark.parametrize(
    "ring",
    [
        (EncryptionKey("k9", bytes(range(32))),),  # the same octets under another name
        (EncryptionKey("k1", bytes(range(1, 33))),),  # another key under the same name
    ],
)
async def test_a_missing_encryption_key_is_an_error_that_says_so(
    process: Process, start: Start, ring: tuple[EncryptionKey, ...]
) -> None:
    await put(process.store, installation())
    stranger = start(ring)
    for attempt in (stranger.store.find(principal()), put(stranger.store, installation())):
        with pytest.raises(TokenUnreadable) as caught:
            await attempt
        assert "key" in str(caught.value)
        assert "CANARY" not in str(caught.value)


async def test_a_data_key_that_is_moved_or_changed_does_not_unwrap(process: Process, raw: Redis) -> None:
    await process.vault.make_key(COMPANY)
    await process.vault.make_key(CompanyId(2))
    own, foreign = [await value(raw, keys.data_key(company)) for company in (COMPANY, CompanyId(2))]
    shouted = own.replace(own[16:32], own[16:32].upper())
    assert shouted != own
    for record in (
        foreign,
        own[:-4] + b'A"}',
        shouted,
        own[:20] + b"\xb3" + own[21:],
        b"{}",
        b"null",
        b"\xff",
    ):
        await raw.set(keys.data_key(COMPANY), record)
        with pytest.raises(TokenUnreadable):
            await Vault(process.connection, KeyRing(KEYS), process.clock).find_key(COMPANY)
