"""A Redis that does not let us in, or does not let us do all: a sentence, in time, that shows no secret."""

import pytest

from marketplace_app.cli.local.ports import LOOPBACK
from marketplace_app.cli.store import store_report
from marketplace_app.errors import StoreUnavailable
from tests.harness.certificates import Certificates
from tests.harness.servers import DURABLE, Server, binaries
from tests.harness.tls_front import tls_front
from tests.integration.storage.servers.conftest import Connect, Towns
from tests.integration.storage.servers.towns import (
    CASES,
    PASSWORD,
    QUOTED,
    Town,
    allow,
    narrow_user,
)

pytestmark = pytest.mark.anyio
ADVICE = "docs/operations.md says what is needed of it"


@pytest.fixture(params=list(binaries()))
def town(request: pytest.FixtureRequest, towns: Towns) -> Town:
    return towns[request.param]


@pytest.fixture
def guarded(town: Town) -> Server:
    server = town.servers.start(DURABLE)
    narrow_user(server)
    return server


async def sentence_of(connect: Connect, url: str) -> str:
    with pytest.raises(StoreUnavailable) as caught:
        await connect(url).ping()
    said = str(caught.value)
    assert not [secret for secret in (PASSWORD, QUOTED, "hunter2") if secret in f"{said} {caught.value!r}"]
    return said


@pytest.mark.parametrize("who", ["", "app:hunter2@", ":hunter2@", "other:hunter2@", "app@"])
async def test_a_wrong_user_or_password_is_said(guarded: Server, connect: Connect, who: str) -> None:
    said = await sentence_of(connect, f"redis://{who}{LOOPBACK}:{guarded.port}")
    assert said == "Redis does not accept the user and password of REDIS_URL"


@pytest.mark.parametrize(
    ("lacks", "sentence"),
    [
        ("-evalsha", "run EVALSHA on our keys"),
        ("-zscan", "run ZSCAN on our keys"),
        ("-getdel", "run GETDEL on our keys"),
        ("resetkeys", "run SET on our keys"),
        ("-mget", "run MGET on our keys"),
        ("-zadd", "run ZADD on our keys"),
    ],
)
def test_check_names_the_right_that_the_user_lacks(guarded: Server, lacks: str, sentence: str) -> None:
    url = f"redis://{QUOTED}{LOOPBACK}:{guarded.port}"
    assert store_report(url).problem is None
    allow(guarded, lacks)
    said = f"REDIS_URL: Redis does not let the user of REDIS_URL {sentence}; {ADVICE}"
    assert store_report(url).problem == said


def test_a_guarded_server_says_what_cannot_be_asked(guarded: Server) -> None:
    report = store_report(f"redis://{QUOTED}{LOOPBACK}:{guarded.port}")
    (warning,) = report.warnings
    assert warning.startswith("Redis does not show its configuration")


async def test_a_certificate_of_another_authority_is_not_trusted(town: Town, connect: Connect) -> None:
    other = Certificates.make(town.folder / "other")
    server = town.servers.start()
    with tls_front(server.port, town.certificates) as port:
        trusted = f"rediss://{LOOPBACK}:{port}?ssl_ca_certs="
        await connect(f"{trusted}{town.certificates.authority}").ping()
        for url in (f"{trusted}{other.authority}", f"rediss://{LOOPBACK}:{port}"):
            assert await sentence_of(connect, url) == "Redis shows a certificate that is not to be trusted"


async def test_a_certificate_for_another_name_is_not_trusted(town: Town, connect: Connect) -> None:
    elsewhere = Certificates.make(town.folder / "elsewhere", address="127.0.0.2")
    server = town.servers.start()
    with tls_front(server.port, elsewhere) as port:
        url = f"rediss://{LOOPBACK}:{port}?ssl_ca_certs={elsewhere.authority}"
        assert await sentence_of(connect, url) == "Redis shows a certificate that is not to be trusted"


async def test_a_server_that_wants_a_certificate_gets_ours_or_nothing(town: Town, connect: Connect) -> None:
    server = town.servers.start()
    with tls_front(server.port, town.certificates, asks_client=True) as port:
        url = f"rediss://{LOOPBACK}:{port}?"
        await connect(url + town.tls_query).ping()
        said = await sentence_of(connect, f"{url}ssl_ca_certs={town.certificates.authority}")
        assert said.startswith("Redis does not answer")


async def test_tls_to_a_server_without_and_the_other_way_round(town: Town, connect: Connect) -> None:
    server = town.servers.start()
    assert (await sentence_of(connect, f"rediss://{LOOPBACK}:{server.port}")).startswith(
        "Redis does not answer"
    )
    with tls_front(server.port, town.certificates) as port:
        assert (await sentence_of(connect, f"redis://{LOOPBACK}:{port}")).startswith("Redis does not answer")


async def test_a_node_of_a_cluster_named_as_one_server_is_no_answer(town: Town, connect: Connect) -> None:
    first = town.url("cluster").removeprefix("redis+cluster://").partition(",")[0]
    connection = connect(f"redis://{first}")
    await connection.ping()

    async def ask_for_many() -> None:
        for number in range(20):
            await connection.set(f"app:{{{number}}}:x", b"")

    with pytest.raises(StoreUnavailable) as refusal:
        await ask_for_many()
    assert str(refusal.value) == "Redis does not answer (MovedError)"


async def test_one_server_named_as_a_cluster_is_no_answer(town: Town, connect: Connect) -> None:
    address = town.url("redis").removeprefix("redis://").removesuffix("/3")
    assert (await sentence_of(connect, f"redis+cluster://{address}")).startswith("Redis does not answer")
    assert (await sentence_of(connect, f"redis+sentinel://{address}/svc")).startswith("Redis does not answer")


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[0]}: {case[1]}")
def test_check_finds_each_form_usable(towns: Towns, case: tuple[str, str]) -> None:
    name, form = case
    assert store_report(towns[name].url(form)).problem is None


def test_check_says_what_is_wrong_with_an_address() -> None:
    report = store_report("redis://app:hunter2@a,b")
    assert (
        report.problem == "REDIS_URL: names several hosts; redis+sentinel:// or redis+cluster:// is for that"
    )
    gone = store_report("redis://app:hunter2@127.0.0.1:9")
    assert gone.problem == f"REDIS_URL: Redis does not answer (ConnectionError); {ADVICE}"
