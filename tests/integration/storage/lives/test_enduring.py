"""Ends and places on the schedule outlive a failover: replicas are waited for, or looked for again."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from marketplace_app.errors import InstallationPending, NotDurable
from marketplace_app.installations.forgetting import Forgetting
from marketplace_app.installations.rounds import DAY
from marketplace_app.storage import keys
from tests.harness.cluster import Cluster, start_cluster
from tests.harness.servers import binaries, running
from tests.integration.storage.conftest import Process
from tests.integration.storage.life import HUY_, JACK_, Life, Pipedrive, living
from tests.integration.storage.process import put
from tests.makers import NOW, installation, principal

pytestmark = pytest.mark.anyio
LACKING = 1  # replicas that are asked for, where there are none


async def test_each_end_is_written_and_waited_for(process: Process) -> None:
    store = process.store
    await put(store, installation())
    process.connection.replicas = LACKING
    with pytest.raises(NotDurable):
        await store.disconnect(principal(), NOW, 1)
    with pytest.raises(NotDurable):
        await store.end(principal(), NOW)
    with pytest.raises(NotDurable):
        await store.forget_user(principal(), 1)
    assert await store.standing(principal()) is None
    with pytest.raises(NotDurable):
        await store.forget_company(principal().company_id)
    assert await process.connection.get(keys.data_key(principal().company_id)) is None


async def test_a_refusal_is_waited_for(process: Process) -> None:
    await put(process.store, installation())
    await process.store.suspect(principal(), NOW)
    process.connection.replicas = LACKING
    with pytest.raises(NotDurable):
        await process.store.refuse(principal(), 1, NOW, 60)
    assert await process.store.find(principal()) is None


async def test_rounds_look_again_at_an_end_that_no_replica_has(life: Life) -> None:
    await life.install(JACK_)
    life.uninstalls(JACK_)
    life.advance(DAY + 60)
    life.process.connection.replicas = LACKING
    assert await life.reason(JACK_) == "renewal_unsettled"  # and no failure of the store
    life.advance(62)
    await life.rounds()
    assert await life.state(JACK_) == "disconnected"
    assert await life.due_in(JACK_) == pytest.approx(60, abs=1)
    life.process.connection.replicas = 0
    life.advance(61)
    await life.rounds()
    assert await life.due_in(JACK_) == pytest.approx(60 * DAY, abs=300)


async def test_a_company_that_ends_is_visited_until_replicas_know(life: Life) -> None:
    await life.install(JACK_)
    await life.installations.revoke(JACK_)
    await life.rounds()
    life.advance(30 * DAY + 60)
    life.process.connection.replicas = LACKING
    await life.rounds()
    assert await life.state(JACK_) == "uninstalled"
    assert await life.due_in(JACK_) == pytest.approx(60, abs=1)
    life.process.connection.replicas = 0
    life.advance(61)
    await life.rounds()
    assert await life.due_in(JACK_) is None
    assert await life.process.connection.get(keys.data_key(JACK_.company_id)) is None


async def test_forgetting_goes_on_without_replicas_and_says_so(life: Life) -> None:
    await life.install(JACK_)
    parts = life.process
    forgetting = Forgetting(
        parts.store, parts.connection, life.journal, life.installations.revoke, life.clock
    )
    parts.connection.replicas = LACKING
    done = await forgetting.forget(JACK_.company_id)
    assert done.unacknowledged == "written, but acknowledged by 0 of 1 replicas only"
    assert (done.users, done.untold) == ([JACK_.user_id], {})
    assert not life.is_installed(JACK_)
    assert await parts.connection.get(keys.installation(JACK_)) is None
    assert await parts.connection.get(keys.data_key(JACK_.company_id)) is None
    assert (await forgetting.forget(JACK_.company_id)).unacknowledged
    parts.connection.replicas = 0
    assert not (await forgetting.forget(JACK_.company_id)).unacknowledged


async def test_a_renewal_puts_back_a_place_that_is_lost(life: Life) -> None:
    await life.install(JACK_)
    await life.process.connection.unschedule(keys.SCHEDULE, f"{JACK_.company_id}:{JACK_.user_id}")
    life.advance(3600)
    await life.asks(JACK_)
    await life.installations.finish()
    assert await life.due_in(JACK_) == pytest.approx(DAY, abs=60)


async def test_a_renewal_leaves_a_place_that_is_there(life: Life) -> None:
    await life.install(JACK_)
    life.advance(3600)
    before = await life.due_in(JACK_)
    await life.asks(JACK_)
    await life.installations.finish()
    assert await life.due_in(JACK_) == before


@pytest.fixture
async def half_replicated(pipedrive: Pipedrive, tmp_path: Path) -> AsyncIterator[Life]:
    """A cluster in which the records of Saigon Star have a replica, and the schedule has none."""
    with running(next(iter(binaries().values())), tmp_path / "servers") as servers:
        cluster: Cluster = start_cluster(servers, replicas=1)
        assert cluster.owner(keys.installation(HUY_)) is cluster.primaries[0]
        assert cluster.owner(keys.SCHEDULE) is not cluster.primaries[0]
        process = Process.of(cluster.url)
        process.connection.replicas = 1
        async with living(pipedrive, process, tmp_path) as life:
            yield life
        await process.connection.close()


async def test_an_install_waits_for_its_place_on_the_schedule(half_replicated: Life) -> None:
    """It is on another server than the record, and works meanwhile."""
    life = half_replicated
    with pytest.raises(InstallationPending):
        await life.install(HUY_)
    assert await life.spooled() == ["install"]
    assert await life.asks(HUY_) == HUY_.user_id
    life.process.connection.replicas = 0
    life.advance(10)
    await life.installations.replay.once()
    assert await life.spooled() == []
    assert await life.due_in(HUY_) == pytest.approx(DAY, abs=60)
