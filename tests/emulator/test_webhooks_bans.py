"""When a webhook fails too often: bans of half an hour, and its end after three days."""

import pytest

from tests.emulator.hooks import Hooks

BAN, THREE_DAYS = 30 * 60, 3 * 24 * 60 * 60
ALL_RETRIES = 3 + 30 + 150


def fail(hooks: Hooks, times: int) -> None:
    """So many events whose first attempts fail."""
    hooks.app.status = 500
    for number in range(times):
        hooks.rename(f"Failure {number}")
        hooks.emulator.advance(0)
    hooks.app.status = 200


def test_ten_failed_first_attempts_ban_it_for_half_an_hour(hooks: Hooks) -> None:
    hooks.subscribe()
    fail(hooks, 9)
    assert hooks.emulator.ledger("webhook_banned") == []
    fail(hooks, 1)
    (entry,) = hooks.emulator.ledger("webhook_banned")
    assert round(entry["until"] - entry["at"]) == BAN
    hooks.rename("Lost for good")
    hooks.emulator.advance(BAN - 60)
    hooks.rename("Lost too")
    hooks.emulator.advance(120)
    hooks.rename("Heard again")
    titles = [title for title, _ in hooks.attempts()]
    assert (titles[-1], "Lost for good" in titles, "Lost too" in titles) == ("Heard again", False, False)
    assert len(hooks.emulator.ledger("webhook_lost")) == 2


def test_an_event_of_a_ban_is_lost_however_late_it_would_have_gone_out(hooks: Hooks) -> None:
    hooks.subscribe()
    fail(hooks, 10)
    hooks.order(hold=True)
    hooks.rename("Lost for good")
    hooks.emulator.advance(BAN + 1)
    assert hooks.order(release=True)["released"] == 0
    assert "Lost for good" not in [title for title, _ in hooks.attempts()]


def test_what_failed_before_a_ban_is_tried_again_during_it(hooks: Hooks) -> None:
    hooks.subscribe()
    fail(hooks, 10)
    hooks.emulator.advance(10)
    assert [attempt for _, attempt in hooks.attempts()] == [1] * 10 + [2] * 10


def test_failed_retries_do_not_count(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.app.status = 500
    for number in range(4):
        hooks.rename(f"Failure {number}")
        hooks.emulator.advance(ALL_RETRIES + 1)
    assert len(hooks.came()) == 16
    assert hooks.emulator.ledger("webhook_banned") == []


def test_after_a_ban_the_count_begins_anew(hooks: Hooks) -> None:
    hooks.subscribe()
    fail(hooks, 10)
    hooks.emulator.advance(BAN + 1)
    fail(hooks, 9)
    assert len(hooks.emulator.ledger("webhook_banned")) == 1
    fail(hooks, 1)
    assert len(hooks.emulator.ledger("webhook_banned")) == 2


@pytest.mark.parametrize(("position", "bans"), [("total", 1), ("in_a_row", 0)])
def test_the_switch_says_whether_a_success_ends_the_count(hooks: Hooks, position: str, bans: int) -> None:
    hooks.emulator.turn(webhook_ban_counter=position)
    hooks.subscribe()
    fail(hooks, 9)
    hooks.rename("Heard")
    hooks.emulator.advance(0)
    fail(hooks, 1)
    assert len(hooks.emulator.ledger("webhook_banned")) == bans


def test_events_that_wait_when_a_ban_begins_are_lost(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.order(hold=True)
    for number in range(12):
        hooks.rename(f"Failure {number}")
    hooks.app.status = 500
    hooks.order(release=True)
    assert len(hooks.came()) == 10
    assert [entry["event"] for entry in hooks.emulator.ledger("webhook_lost")] == ["change.deal"] * 2


def test_three_days_without_a_success_delete_it(hooks: Hooks) -> None:
    number = hooks.subscribe()
    fail(hooks, 1)
    hooks.app.status = 500
    hooks.emulator.advance(THREE_DAYS - 60)
    assert hooks.listed()[0]["is_active"] == 1
    hooks.emulator.advance(120)
    (row,) = hooks.listed()
    assert (row["id"], row["is_active"], row["remove_reason"]) == (number, 0, "failed")
    assert row["remove_time"] > row["last_delivery_time"]
    hooks.app.status = 200
    before = len(hooks.came())
    hooks.rename("Unheard")
    assert len(hooks.came()) == before
    assert hooks.request("DELETE", f"/v1/webhooks/{number}").status_code == 404
    hooks.emulator.turn(failed_webhook="gone")
    assert hooks.listed() == []


def test_one_success_starts_the_three_days_anew(hooks: Hooks) -> None:
    hooks.subscribe()
    hooks.app.status = 500
    hooks.rename("Failure")
    hooks.emulator.advance(THREE_DAYS - 600)
    hooks.app.status = 200
    hooks.rename("Success")
    hooks.emulator.advance(3600)
    assert hooks.listed()[0]["is_active"] == 1
    fail(hooks, 1)
    hooks.app.status = 500
    hooks.emulator.advance(THREE_DAYS + 1)
    assert hooks.listed()[0]["is_active"] == 0
