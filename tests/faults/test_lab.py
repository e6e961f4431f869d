"""The lab: points that meet one process, processes by pid, data that outlive a kill, time, oracles."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from marketplace_app.cli.local.fetch import request
from tests.faults.lab.driving import DriverGone, DriverProcess
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Holder, LedgerGap, lost
from tests.faults.lab.points import Points
from tests.harness.processes import all_processes, descendants, is_running, wait_for

REACH = """
import asyncio, sys
from pathlib import Path
from marketplace_app.points import FaultPoints
try:
    asyncio.run(FaultPoints(Path(sys.argv[1])).reach("renewal.journalled"))
except OSError:
    print("failed")
else:
    print("passed")
"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Redis and emulator behind their proxies."""
    with Lab(tmp_path_factory.mktemp("lab") / "one", seed=5) as made:
        made.switches["refresh_rotation"] = "single_use"
        made.start_redis(proxy=True)
        made.start_emulator(proxy=True)
        yield made


@pytest.fixture
def driver(lab: Lab) -> Iterator[DriverProcess]:
    made = lab.start_driver()
    yield made
    if made.exit_code is None:
        lab.stop("driver")


@pytest.fixture
def holders(lab: Lab, driver: DriverProcess) -> list[Holder]:
    found = lab.crowd(companies=3, users=2)
    lab.install(driver, found)
    return found


def reach(points: Points) -> "subprocess.Popen[str]":
    """A process that comes to the point renewal.journalled."""
    command = [sys.executable, "-c", REACH, str(points.folder)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize(("order", "code", "printed"), [("kill", -9, ""), ("fail", 0, "failed\n")])
def test_an_order_at_a_point_meets_one_process(order: str, code: int, printed: str, tmp_path: Path) -> None:
    points = Points(tmp_path)
    points.order("renewal.journalled", order)  # type: ignore[arg-type]
    with reach(points) as met:
        assert points.wait_taken("renewal.journalled") == met.pid
        assert met.communicate(timeout=20)[0] == printed
    assert met.returncode == code
    with reach(points) as other:
        assert other.communicate(timeout=20)[0] == "passed\n"


def test_who_is_held_at_a_point_goes_on_when_released(tmp_path: Path) -> None:
    points = Points(tmp_path)
    points.order("renewal.journalled", "hold")
    with reach(points) as held:
        assert points.wait_taken("renewal.journalled") == held.pid
        assert held.poll() is None
        points.release("renewal.journalled")
        assert held.communicate(timeout=20)[0] == "passed\n"


def test_an_order_that_nobody_meets_is_told_and_can_be_withdrawn(tmp_path: Path) -> None:
    points = Points(tmp_path)
    points.order("renewal.stored", "kill")
    with pytest.raises(TimeoutError, match=r"renewal\.stored"):
        points.wait_taken("renewal.stored", 0.05)
    assert points.withdraw("renewal.stored")
    assert not points.withdraw("renewal.stored")


def test_what_drivers_do_stands_in_the_ledger_of_the_other_side(
    lab: Lab, driver: DriverProcess, holders: list[Holder]
) -> None:
    lab.advance(3_700)
    ledger = lab.ledger
    tally = driver.do("renew", holders, callers=3)
    assert (tally.ok, tally.failed) == (18, [])
    assert ledger.refreshes() == dict.fromkeys(holders, 1)
    stored = {holder: row["refresh_token"] for holder, row in driver.stored(holders).items()}
    assert lost(lab.grants(), stored).count(holders[0]) == 0
    assert set(holders) <= lab.grants().keys()
    assert driver.do("call", holders).ok == 6
    called = {Holder(e["company_id"], e["user_id"]) for e in ledger.of("api_call")}
    assert set(holders) <= called


def test_who_is_not_installed_is_a_reason_and_no_bug(lab: Lab, driver: DriverProcess) -> None:
    stranger = lab.crowd(1)
    tally = driver.do("call", stranger)
    assert (tally.ok, tally.bugs) == (0, [])
    assert tally.failed == [(stranger[0], "not_installed")]
    assert driver.stored(stranger) == {}
    with pytest.raises(AssertionError, match="KeyError"):
        driver.answer(driver.send("dance"))


def test_a_grant_that_ended_at_the_other_side_is_lost_to_nobody(
    lab: Lab, driver: DriverProcess, holders: list[Holder]
) -> None:
    stored = {holder: row["refresh_token"] for holder, row in driver.stored(holders).items()}
    held = {holder: grant for holder, grant in lab.grants().items() if holder in holders}
    assert lost(held, stored) == []
    assert lost(held, {**stored, holders[0]: "0" * 12}) == [holders[0]]
    lab.uninstall(holders[0])
    assert holders[0] not in lab.grants()


def test_a_killed_driver_is_told_and_what_it_stored_is_there_for_the_next(
    lab: Lab, driver: DriverProcess, holders: list[Holder]
) -> None:
    before = driver.stored(holders)
    lab.freeze("driver")
    number = driver.send("call", principals=holders)
    with pytest.raises(TimeoutError):
        driver.answer(number, 0.3)
    lab.thaw("driver")
    assert driver.tally(number).ok == 6
    pid = lab.pid("driver")
    lab.kill("driver")
    assert not is_running(pid)
    with pytest.raises(DriverGone):
        driver.answer(driver.send("call", principals=holders))
    assert lab.start_driver().stored(holders) == before
    lab.stop("driver")


def test_redis_that_was_killed_comes_back_with_its_data_on_the_same_port(
    lab: Lab, driver: DriverProcess, holders: list[Holder]
) -> None:
    assert lab.redis is not None
    before = driver.stored(holders)
    lab.redis.kill()
    assert driver.do("call", holders).ok == 0
    lab.redis.begin()
    wait_for(lambda: driver.do("call", holders).ok == 6, 30)
    assert driver.stored(holders) == before


def test_the_app_meets_what_the_proxies_are_told(
    lab: Lab, driver: DriverProcess, holders: list[Holder]
) -> None:
    assert lab.redis_proxy is not None
    assert lab.token_proxy is not None
    lab.advance(3_700)
    lab.token_proxy.order("503", None)
    assert driver.do("renew", holders[:1]).ok == 0
    assert lab.token_proxy.counts["503"] >= 1
    lab.token_proxy.clear()
    assert lab.redis_proxy.open_connections >= 1
    lab.redis_proxy.turn("rst")
    assert driver.do("call", holders[1:2]).ok == 0
    lab.redis_proxy.turn("pass")
    wait_for(lambda: driver.do("call", holders[1:]).ok == 5, 30)


def test_serve_and_worker_run_in_the_lab_and_end_with_it(tmp_path: Path) -> None:
    with Lab(tmp_path / "two") as lab:
        lab.start_redis()
        lab.start_emulator()
        lab.start_serve()
        lab.start_serve("second")
        lab.start_worker()
        user = lab.control.world()["users"][0]
        installed = lab.control.install(lab.identity.client_id, user["company_id"], user["id"])
        assert installed["status"] == "installed"
        assert Holder(user["company_id"], user["id"]) in lab.grants()
        pids = [lab.pid(name) for name in ("emulator", "serve", "second", "worker")]
        assert lab.app_url() != lab.app_url("second")
        lab.stop("second")
        lab.start_serve("second")
        assert all(is_running(pid) for pid in (pids[0], pids[1], pids[3]))
        assert "started" in lab.log_of("worker")
        lab.freeze("serve")
        states = {one.state for one in [*descendants(pids[1]).values(), all_processes()[pids[1]]]}
        assert states == {"T"}
        lab.thaw("serve")
        assert request("GET", f"{lab.app_url()}/healthz").status == 200
        looked, leaks = lab.leaks()
        assert (looked > 4, leaks) == (True, [])
        (lab.folder / "logs" / "careless.log").write_text(f"secret={lab.identity.client_secret}")
        assert lab.leaks() == (looked + 1, ["careless.log holds the client secret"])
    assert not any(is_running(pid) for pid in pids)


def test_an_emulator_that_was_killed_comes_back_with_its_grants(tmp_path: Path) -> None:
    with Lab(tmp_path / "three") as lab:
        lab.keeps_world = True
        lab.start_redis()
        lab.start_emulator(proxy=True)
        driver = lab.start_driver()
        holders = lab.crowd(2)
        lab.install(driver, holders)
        before = lab.grants()
        lab.kill("emulator")
        assert driver.do("call", holders).ok == 0
        lab.start_emulator(proxy=True)
        assert lab.grants() == before
        assert driver.do("call", holders).ok == 2


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    draws = []
    for name, seed in (("a", 9), ("b", 9), ("c", 10)):
        with Lab(tmp_path / name, seed) as lab:
            draws.append([lab.chance.random() for _ in range(3)])
    assert draws[0] == draws[1] != draws[2]


def test_a_ledger_that_forgot_entries_before_they_were_read_is_no_oracle(lab: Lab) -> None:
    holders = lab.crowd(companies=500, users=10)
    ledger = lab.ledger
    lab.codes(holders[:10])
    assert len(ledger.of("code_issued")) == 10
    for _ in range(10):
        lab.codes(holders)  # 50,000 in all: as many as it keeps
    lab.codes(holders[:1])
    with pytest.raises(LedgerGap):
        ledger.read()


def test_forked_drivers_are_processes_of_their_own_that_die_and_stop_alone(
    lab: Lab, holders: list[Holder], tmp_path: Path
) -> None:
    folder = tmp_path / "own-points"
    folder.mkdir()
    one, other = lab.fork_driver("one", FAULT_POINTS=str(folder)), lab.fork_driver("other")
    assert one.pid != other.pid
    assert other.do("call", holders).ok == len(holders)
    Points(folder).order("renewal.begun", "kill")
    lab.advance(3_700)
    with pytest.raises(DriverGone):
        one.do("renew", holders)
    assert Points(folder).taken("renewal.begun") == [one.pid]
    assert one.wait_end() != 0
    assert other.do("renew", holders).ok == len(holders)
    for name in ("one", "other"):
        lab.stop(name)
    assert other.exit_code is not None
