"""Uninstalling: told by Pipedrive or found out, true or forged, at once or late."""

import base64
import json
from typing import Any

import httpx2
import pytest
from redis import Redis

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.storage import keys
from tests.integration.person import Person
from tests.integration.town import Town

CONNECT = 'id="connect"'


@pytest.fixture(autouse=True)
def settled(town: Town) -> None:
    """What earlier tests told of is found out; else the worker's own question falls into the next test."""
    with Redis.from_url(town.stack.local.redis_url) as redis:
        redis.zrem(keys.SCHEDULE, "-", *(m for m in redis.zrange(keys.SCHEDULE, 0, -1) if b"told" in m))
        town.stack.local.watch.until(lambda: soon(redis, town) == 0, "The worker", 10)


def soon(redis: Redis, town: Town) -> int:
    """How many the worker is to visit now, or is visiting: a visit holds a lease of three minutes.

    What comes a minute after a refusal is neither.
    """
    now = redis.time()[0] + float(town.stack.clock_offset_file.read_text())
    return int(redis.zcount(keys.SCHEDULE, "-inf", now) + redis.zcount(keys.SCHEDULE, now + 120, now + 181))


def tells(
    town: Town, person: Person, *, secret: str | None = None, body: object = None, header: str | None = None
) -> httpx2.Response:
    """DELETE on the callback, as Pipedrive sends it; but nobody has uninstalled anything."""
    identity = town.stack.identity
    company_id, user_id = person.ids
    documented = {
        "client_id": identity.client_id,
        "company_id": company_id,
        "user_id": user_id,
        "timestamp": "2026-11-23T10:00:00.000Z",
    }
    given = f"{identity.client_id}:{identity.client_secret if secret is None else secret}"
    basic = f"Basic {base64.b64encode(given.encode()).decode()}" if header is None else header
    content = body if isinstance(body, bytes) else json.dumps(documented if body is None else body).encode()
    headers = {"Authorization": basic, "Content-Type": "application/json"} if basic else {}
    return town.http.request(
        "DELETE", f"{town.stack.app_url}/oauth/callback", content=content, headers=headers
    )


def documented(town: Town, person: Person, **changes: Any) -> dict[str, Any]:
    company_id, user_id = person.ids
    return {
        "client_id": town.stack.identity.client_id,
        "company_id": company_id,
        "user_id": user_id,
        "timestamp": "x",
    } | changes


def test_after_an_uninstall_the_panel_says_how_to_connect(town: Town) -> None:
    person = town.person("Nguyễn Thùy Linh").installed()
    person.picture(3)
    person.uninstalls()
    assert CONNECT in person.opens(3).text
    assert "Trà sữa" not in person.opens(3).text
    reply = person.refreshes(3)
    assert (reply.status_code, reply.json()["reason"]) == (403, "not_installed")
    person.installed()
    assert 'id="next-step-title"' in person.picture(3)


@pytest.mark.parametrize("form", ["iso", "epoch", "epoch_ms"])
def test_the_timestamp_may_have_any_form(town: Town, form: str) -> None:
    town.stack.control.turn(delete_timestamp=form)
    person = town.person("Phạm Ngọc Mai", "saigon-star").installed()
    person.uninstalls()
    assert CONNECT in person.opens(2).text
    town.stack.control.turn(delete_timestamp="iso")


def test_it_ends_one_users_installation_and_no_colleagues(town: Town) -> None:
    town.marta.installed()
    leaving = town.person("Nguyễn Thùy Linh").installed()
    namesake = town.person("Nguyễn Thùy Linh", "saigon-star").installed()
    leaving.uninstalls()
    for person in (town.marta, namesake):
        assert CONNECT not in person.opens(1).text
        assert person.refreshes(1, fresh=True).status_code == 200


def test_a_forged_uninstall_hides_what_is_kept_until_the_api_has_spoken(town: Town) -> None:
    """Somebody has our credentials; Pipedrive still accepts the tokens, so nothing is lost."""
    person = town.jack.installed()
    person.picture(2)
    since = town.now()
    assert tells(town, person).status_code == 200
    page = person.opens(2)
    assert CONNECT not in page.text
    assert town.calls(since) != []  # the kept picture was not simply shown
    town.stack.local.watch.until(
        lambda: person.opens(2).headers["surface-state"] == "complete", "A picture", 10
    )
    assert person.refreshes(2, fresh=True).status_code == 200
    for _ in range(20):
        assert tells(town, person).status_code == 200
    assert person.refreshes(2, fresh=True).status_code == 200


@pytest.mark.parametrize("secret", ["", "wrong", "wrong secret of more than thirty-two bytes", "ü\u0661"])
def test_wrong_credentials_are_refused(town: Town, secret: str) -> None:
    person = town.jack.installed()
    person.picture(2)
    since = town.now()
    assert tells(town, person, secret=secret).status_code == 401
    assert person.opens(2).headers["surface-state"] == "complete"
    assert town.calls(since) == []


@pytest.mark.parametrize(
    "header",
    ["", "Basic", "Basic !!!", "Basic ====", "Bearer x", "Basic eA==", "Basic " + "A" * 5000, "Digest a=b"],
)
def test_missing_or_odd_credentials_are_refused(town: Town, header: str) -> None:
    reply = tells(town, town.jack, header=header)
    assert reply.status_code == 401
    assert "Traceback" not in reply.text


def test_the_basic_scheme_may_be_written_small(town: Town) -> None:
    identity = town.stack.identity
    value = base64.b64encode(f"{identity.client_id}:{identity.client_secret}".encode()).decode()
    assert tells(town, town.victor, header=f"basic {value}").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        {},
        {"client_id": "another"},
        {"company_id": "13000037"},
        {"company_id": True},
        {"company_id": 0},
        {"company_id": -1},
        {"company_id": 1.5},
        {"user_id": None},
        {"user_id": 2**53},
        {"user_id": [19100377]},
    ],
)
def test_a_body_that_does_not_fit_is_refused(town: Town, body: Any) -> None:
    person = town.jack.installed()
    person.picture(2)
    since = town.now()
    changed = documented(town, person, **body) if isinstance(body, dict) and body else body
    reply = tells(town, person, body=changed)
    assert reply.status_code == 400
    assert "Traceback" not in reply.text
    assert person.opens(2).headers["surface-state"] == "complete"
    assert town.calls(since) == []


def test_an_unknown_user_is_no_error(town: Town) -> None:
    for changes in ({"user_id": 5}, {"company_id": 7}, {"company_id": 7, "user_id": 5}):
        assert tells(town, town.jack, body=documented(town, town.jack, **changes)).status_code == 200
    assert tells(town, town.victor).status_code == 200
    assert CONNECT in town.victor.opens(1).text


def test_ids_of_one_company_do_nothing_in_another(town: Town) -> None:
    """Marta's user id in Huy's company is nobody."""
    town.marta.installed().picture(1)
    mixed = documented(town, town.huy, user_id=town.marta.user["id"])
    since = town.now()
    assert tells(town, town.huy, body=mixed).status_code == 200
    assert town.marta.opens(1).headers["surface-state"] == "complete"
    assert town.calls(since) == []


def test_the_worker_finds_out_about_who_never_comes_back(town: Town) -> None:
    """Nobody opens the panel again; the tokens are gone all the same."""
    person = town.person("Phạm Ngọc Mai", "saigon-star").installed()
    since = town.now()
    person.uninstalls()
    town.stack.local.watch.until(lambda: town.ledger(since, "token_refused") != [], "A question", 15)
    assert CONNECT in person.opens(2).text


def test_a_grant_that_ended_without_a_word_asks_to_reconnect(town: Town) -> None:
    """The uninstall never arrived, or nobody came for sixty days."""
    person = town.person("Nguyễn Thùy Linh", "saigon-star").installed()
    person.picture(3)
    town.advance(61 * 86400)
    page = person.opens(3)
    assert CONNECT in page.text
    assert "Reconnect" in page.text
    reply = person.refreshes(3)
    assert (reply.status_code, reply.json()["reason"]) == (403, "renewal_unsettled")
    since = town.now()
    assert CONNECT in person.opens(3).text
    assert town.ledger(since, "token_refused") == []  # not so soon again
    town.advance(61)
    reply = person.refreshes(3)
    assert (reply.status_code, reply.json()["reason"]) == (403, "disconnected")
    since = town.now()
    person.opens(3)
    assert town.ledger(since, "token_refused") == []  # it is known by now
    person.installed()
    assert person.refreshes(3, fresh=True).status_code == 200


def test_reinstalling_while_the_uninstall_is_still_on_its_way(town: Town) -> None:
    """The late word of the former end does not end the new beginning."""
    person = town.jack.installed()
    person.installed()
    assert tells(town, person).status_code == 200
    assert person.refreshes(2, fresh=True).status_code == 200
    assert CONNECT not in person.opens(2).text


def test_one_record_that_does_not_open_holds_up_no_other(town: Town) -> None:
    """The worker asks about whoever is told of, one after the other, and this one comes first."""
    spoilt, leaving = (town.person("Nguyễn Thùy Linh", at).installed() for at in ("acme", "saigon-star"))
    company_id, user_id = spoilt.ids
    with Redis.from_url(town.stack.local.redis_url) as raw:
        raw.set(keys.installation(Principal(CompanyId(company_id), UserId(user_id))), b"2 1 suspect 0 spoilt")
        raw.zadd(keys.SCHEDULE, {f"{company_id}:{user_id}": 0})
    since = town.now()
    leaving.uninstalls()
    town.stack.local.watch.until(lambda: town.ledger(since, "token_refused") != [], "A question", 15)
    assert spoilt.opens(3).status_code == 503
    assert 'id="next-step-title"' in spoilt.installed().picture(3)
