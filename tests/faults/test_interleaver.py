"""The interleaver itself: a trial that cannot be played again, or a blind chronicle, proves nothing."""

from pathlib import Path

from tests.faults.lab.chronicle import Chronicle
from tests.faults.lab.lab import Lab
from tests.faults.lab.oracle import Entry, Holder
from tests.faults.runs.u1_plots import ACTS, plot

ONE = Holder(1, 11)
SEED, TRIALS = 7, 6


def test_a_seed_gives_the_same_steps_again(tmp_path: Path) -> None:
    with Lab(tmp_path / "lab", SEED) as lab:
        lab.start_redis()
        lab.start_emulator()
        driver = lab.start_driver(module="interleaver")
        seen = []
        for _ in range(2):
            companies = [lab.crowd(1, 2) for _ in range(TRIALS)]
            lab.install(driver, [holder for holders in companies for holder in holders])
            plots = [plot(SEED + at, "rotate", 0, *holders) for at, holders in enumerate(companies)]
            orders = [
                {"seed": each.seed, "principals": each.holders, "plot": each.acts, "last": ["viewer"]}
                for each in plots
            ]
            reports = driver.answer(driver.send("interleave", trials=orders))["trials"]
            seen.append([(report["steps"], report["outcomes"]) for report in reports])
        for once, again in zip(*seen, strict=True):
            assert once == again
        assert len({str(steps) for steps, _ in seen[0]}) == TRIALS


def test_a_plot_is_of_known_acts_and_follows_its_seed() -> None:
    drawn = [plot(seed, "same", 0, ONE, Holder(1, 12)) for seed in range(200)]
    assert {name for each in drawn for name in each.names} == set(ACTS)
    assert [each.acts for each in drawn] == [
        plot(seed, "same", 0, ONE, Holder(1, 12)).acts for seed in range(200)
    ]


def issued(kind: str, number: int, **facts: str) -> Entry:
    tokens = {"access_token": f"access-{number}", "refresh_token": f"refresh-{number}"}
    return {"kind": kind, "company_id": 1, "user_id": 11, **tokens, **facts}


def call(token: str, at: float) -> Entry:
    return {
        "kind": "api_call",
        "company_id": 1,
        "user_id": 11,
        "token": token,
        "started_at": at,
        "status": 200,
    }


def test_a_call_after_the_end_of_its_grant_is_seen_and_one_of_the_next_grant_is_none() -> None:
    chronicle = Chronicle()
    chronicle.read(
        [
            issued("token_issued", 1),
            issued("token_refreshed", 2, presented="refresh-1"),
            call("access-1", 9.0),
            issued("token_issued", 3),
            *(call(f"access-{number}", 11.0) for number in (1, 2, 3)),
        ]
    )
    after = chronicle.calls_after([(ONE, "access-1", 10.0)])
    assert [token for token, _, _ in after] == ["access-1", "access-2"]
    assert chronicle.is_later("access-3", than="access-2")
    assert not chronicle.is_later("access-2", than="access-1")
