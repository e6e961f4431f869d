"""`keys` and `installations` beside a running app: exit codes, sentences, and what is left afterwards."""

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from marketplace_app.cli.local.fetch import request
from tests.harness.stack import Stack
from tests.integration.cli.commands import command
from tests.integration.town import Town, running_town

K2 = "k2:" + base64.b64encode(bytes(range(32))).decode()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    parts = ("valkey", "emulator", "serve")
    with running_town(tmp_path_factory.mktemp("town"), parts=parts) as running:
        yield running


@pytest.fixture
def redis(town: Town) -> Iterator[Redis]:
    with Redis.from_url(town.stack.local.redis_url) as client:
        yield client


def own_key(stack: Stack) -> str:
    return f"k1:{stack.identity.encryption_key}"


def of_company(redis: Redis, company_id: int) -> list[bytes]:
    names: Any = redis.keys("*")
    found = [name for name in names if re.search(rb"(^|[^0-9])%d([^0-9]|$)" % company_id, name)]
    members: Any = redis.zrange("app:schedule", 0, -1)
    return found + [member for member in members if member.startswith(b"%d:" % company_id)]


def test_an_installation_is_described_without_a_token(town: Town) -> None:
    marta = town.marta.installed()
    done = command(town.stack, "installations", "show", marta.company["id"])
    assert done.returncode == 0, done.stderr
    assert f"user {marta.user['id']}: active, generation" in done.stdout
    assert "an admin" in done.stdout
    assert "scopes: " in done.stdout
    assert marta.user["name"] not in done.stdout


def test_an_unknown_company_is_one_sentence(town: Town) -> None:
    for words in (["show", 424242], ["forget", 424242, "--yes"]):
        done = command(town.stack, "installations", *words)
        assert done.returncode == 1
        assert done.stderr.strip() == "Nothing is stored of company 424242."


def test_ids_that_are_none_are_refused(town: Town) -> None:
    for word in ("0", "-1", "x", "1.5", str(2**70)):
        assert command(town.stack, "installations", "show", "--", word).returncode == 2


def test_revoking_ends_it_at_pipedrive_first(town: Town) -> None:
    huy = town.huy.installed()
    since = town.now()
    ids = (huy.company["id"], huy.user["id"])
    done = command(town.stack, "installations", "revoke", *ids)
    assert done.returncode == 0, done.stderr
    assert [entry["user_id"] for entry in town.ledger(since, "token_revoked")] == [huy.user["id"]]
    assert "uninstalled" in command(town.stack, "installations", "show", ids[0]).stdout
    again = command(town.stack, "installations", "revoke", *ids)
    assert again.returncode == 1
    assert "no installation" in again.stderr


def test_forgetting_asks_to_be_meant(town: Town) -> None:
    marta = town.marta.installed()
    done = command(town.stack, "installations", "forget", marta.company["id"])
    assert done.returncode == 1
    assert "--yes" in done.stderr
    assert command(town.stack, "installations", "show", marta.company["id"]).returncode == 0


def test_nothing_is_left_of_a_forgotten_company(town: Town, redis: Redis) -> None:
    """Two users with pictures kept; the other company keeps all it has."""
    marta, jack, huy = town.marta.installed(), town.jack.installed(), town.huy.installed()
    company, other = marta.company["id"], huy.company["id"]
    for person in (marta, jack):
        deal = next(iter(town.records("deals", person)))
        request("GET", town.stack.surface("deal-panel", person.user, deal)["url"])
    before, untouched = of_company(redis, company), sorted(of_company(redis, other))
    assert len(before) >= 6
    spool = Path(town.stack.local.settings()["SPOOL_DIR"])
    names = [f"uninstall-{each}-1-1760000000000-{'0' * 32}.sealed" for each in (company, other)]
    for name in names:
        (spool / name).write_bytes(b"J1 k0\nwhat no key opens")
    since = town.now()
    done = command(town.stack, "installations", "forget", company, "--yes")
    assert done.returncode == 0, done.stderr
    assert re.search(
        rf"Company {company} is forgotten: [2-9] users, [0-9]+ keys of Redis, 1 entries", done.stdout
    )
    assert {entry["user_id"] for entry in town.ledger(since, "token_revoked")} >= {
        marta.user["id"],
        jack.user["id"],
    }
    assert of_company(redis, company) == []
    assert sorted(of_company(redis, other)) == untouched
    assert [name for name in names if (spool / name).exists()] == names[1:]
    (spool / names[1]).unlink()
    assert command(town.stack, "installations", "show", company).returncode == 1
    page = request("GET", town.stack.surface("deal-panel", marta.user, 1)["url"])
    assert page.status == 200
    assert "Connect" in page.text
    assert of_company(redis, company) == []


def test_what_no_replica_acknowledges_is_forgotten_and_said(town: Town, redis: Redis) -> None:
    marta = town.marta.installed()
    company = marta.company["id"]
    words = ("installations", "forget", company, "--yes")
    done = command(town.stack, *words, REDIS_DURABILITY="replicas:1")
    assert done.returncode == 1
    assert f"Company {company} is forgotten" in done.stdout
    assert "acknowledged by 0 of 1 replicas only. Run this again." in done.stderr
    assert set(of_company(redis, company)) <= {b"app:{%d}:waited" % company}  # for a second
    assert command(town.stack, *words).stderr.strip() == f"Nothing is stored of company {company}."


def test_a_consent_that_waits_is_said_and_ends_when_pipedrive_is_back(town: Town, redis: Redis) -> None:
    """It would bring the company back after it was forgotten."""
    marta = town.marta.installed()
    company = marta.company["id"]
    words = ("installations", "forget", company, "--yes")
    town.stack.control.fail({"route": "/api/v1/users/me", "kind": "status:503", "count": 1000})
    town.stack.install(marta.user)
    done = command(town.stack, *words)
    assert done.returncode == 1
    assert "1 consents wait for Pipedrive on this machine" in done.stderr
    town.stack.control.ask("DELETE", "faults")
    town.stack.advance(10)
    done = command(town.stack, *words)
    assert done.returncode == 0, done.stderr
    assert of_company(redis, company) == []
    assert list(Path(town.stack.local.settings()["SPOOL_DIR"]).iterdir()) == []


def test_the_file_of_redis_holds_nothing_of_it_after_its_next_rewrite(town: Town, redis: Redis) -> None:
    marta = town.marta.installed()
    company = marta.company["id"]
    tag = b"{%d}" % company
    assert command(town.stack, "installations", "forget", company, "--yes").returncode == 0
    assert any(tag in file.read_bytes() for file in town.stack.redis_files())
    redis.bgrewriteaof()
    town.stack.local.watch.until(
        lambda: not any(tag in file.read_bytes() for file in town.stack.redis_files()), "the rewrite", 20
    )


def test_who_was_forgotten_can_install_again(town: Town) -> None:
    marta = town.marta.installed()
    command(town.stack, "installations", "forget", marta.company["id"], "--yes")
    assert town.stack.install(marta.user)["status"] == "installed"
    assert "active" in command(town.stack, "installations", "show", marta.company["id"]).stdout


def test_a_lost_encryption_key_is_said_and_forgetting_mends_it(town: Town) -> None:
    huy = town.huy.installed()
    company, lost = huy.company["id"], {"ENCRYPTION_KEYS": K2}
    assert "does not open" in command(town.stack, "installations", "show", company, **lost).stdout
    status = command(town.stack, "keys", "status", **lost)
    assert status.returncode == 1
    assert re.search(r"k1 +MISSING +wraps [1-9]", status.stdout)
    done = command(town.stack, "installations", "forget", company, "--yes", **lost)
    assert done.returncode == 1
    assert f"Pipedrive was not told of user {huy.user['id']}" in done.stderr
    assert command(town.stack, "installations", "show", company).returncode == 1
    assert town.stack.install(huy.user)["status"] == "installed"


def test_keys_are_rotated_step_by_step(town: Town) -> None:
    town.marta.installed()
    town.huy.installed()
    stack, old = town.stack, own_key(town.stack)
    only = command(stack, "keys", "status")
    assert (only.returncode, only.stdout.count("\n")) == (0, 1)
    assert re.match(r"k1 +newest +wraps [2-9]", only.stdout)
    both = {"ENCRYPTION_KEYS": f"{K2},{old}"}
    before = command(stack, "keys", "status", **both)
    assert re.search(r"k1 +old .*: still needed by [2-9]", before.stdout)
    done = command(stack, "keys", "rotate", "--pace", "1000", **both)
    assert done.returncode == 0, done.stderr
    assert re.search(r"k1 +old +wraps 0 .*: may be removed", done.stdout)
    assert command(stack, "keys", "status", ENCRYPTION_KEYS=K2).returncode == 0
    back = command(stack, "keys", "rotate", ENCRYPTION_KEYS=f"{old},{K2}")
    assert back.returncode == 0, back.stderr


def test_who_is_missing_on_the_schedule_is_counted_and_put_back(town: Town, redis: Redis) -> None:
    huy = town.huy.installed()
    town.marta.installed()
    place = f"{huy.company['id']}:{huy.user['id']}"
    assert redis.zrem("app:schedule", place) == 1
    status = command(town.stack, "keys", "status")
    assert re.match(r"k1 +newest +wraps 2 companies", status.stdout)
    done = command(town.stack, "keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert "Put 1 installations back on the schedule" in done.stdout
    assert redis.zscore("app:schedule", place) is not None


def test_a_rotation_that_cannot_open_everything_says_whose(town: Town) -> None:
    marta = town.marta.installed()
    done = command(town.stack, "keys", "rotate", ENCRYPTION_KEYS=K2)
    assert done.returncode == 1
    assert "do not open with ENCRYPTION_KEYS" in done.stderr
    assert str(marta.company["id"]) in done.stderr
    order = command(town.stack, "keys", "rotate")
    assert order.returncode == 0, order.stderr


def test_a_new_key_is_as_the_setting_takes_it(town: Town) -> None:
    made = [command(town.stack, "keys", "new", "k7").stdout.strip() for _ in range(2)]
    assert made[0] != made[1]
    assert all(re.fullmatch(r"k7:[A-Za-z0-9+/]{43}=", each) for each in made)
    assert (
        command(town.stack, "keys", "status", ENCRYPTION_KEYS=f"{own_key(town.stack)},{made[0]}").returncode
        == 0
    )
    assert re.match(r"k2[0-9]{7}:", command(town.stack, "keys", "new").stdout)
    assert command(town.stack, "keys", "new", "Not An Id").returncode == 1


def test_a_redis_that_is_away_is_one_sentence(town: Town, tmp_path: Path) -> None:
    away = {"REDIS_URL": f"unix://{tmp_path}/nothing.sock"}
    for words in (["keys", "status"], ["installations", "show", 1], ["installations", "forget", 1, "--yes"]):
        done = command(town.stack, *words, **away)
        assert done.returncode == 3
        assert done.stderr.startswith("Redis does not answer")


def test_missing_settings_are_named(town: Town) -> None:
    for words in (["keys", "status"], ["keys", "rotate"], ["installations", "show", 1]):
        done = command(town.stack, *words, ENCRYPTION_KEYS="")
        assert done.returncode == 2
        assert "- ENCRYPTION_KEYS: is missing" in done.stderr
