"""Redis stops, hangs and comes back: 503 with a sentence, no crash, no step by hand."""

import signal
import time

import pytest

from tests.integration.person import PANEL, Button, Person, button_in
from tests.integration.town import Town

PAGES = ["/oauth/install", "/oauth/callback?code=1.2.abc", "/oauth/callback?code=1.2.abc&state=x"]


def is_ready(town: Town) -> bool:
    return bool(town.http.get(f"{town.stack.app_url}/readyz").status_code == 200)


def assert_away(town: Town, person: Person, button: Button) -> None:
    """Each route says so, in time, and none says anything else: neither Connect nor anybody's data."""
    page = person.opens(1)
    assert page.status_code == 503
    assert "surface.js" in page.text
    assert 'id="connect"' not in page.text
    for reply in (person.refreshes(1, fresh=True), person.presses(1, button)):
        assert reply.status_code == 503
        assert reply.json()["reason"] == "store_unavailable"
        assert reply.json()["commands"][0]["kind"] == "message"
    assert person.opens(1, token="x").status_code == 401  # the order of answers stays
    assert person.opens(1, companyId="1").status_code == 400
    for path in PAGES[:2]:
        reply = town.http.get(town.stack.app_url + path)
        assert reply.status_code == 503
        assert reply.headers["content-type"].startswith("text/html")
    started = time.monotonic()
    assert not is_ready(town)
    assert time.monotonic() - started < 3
    assert town.http.get(f"{town.stack.app_url}/healthz").status_code == 200


def test_a_redis_that_hangs_and_wakes_up(own_town: Town) -> None:
    marta = own_town.marta.installed()
    button = button_in(marta.picture(1), "done")
    valkey = own_town.stack.local.watch.named("valkey")
    assert is_ready(own_town)
    valkey.send(signal.SIGSTOP)
    since = own_town.now()
    try:
        assert_away(own_town, marta, button)
    finally:
        valkey.send(signal.SIGCONT)
    assert [call for call in own_town.calls(since) if call["method"] != "GET"] == []
    own_town.stack.local.watch.until(lambda: is_ready(own_town), "Readiness", 10)
    assert marta.opens(1).status_code == 200
    assert marta.presses(1, button).status_code == 200


def test_a_redis_that_is_killed_and_started_again_has_lost_nothing(own_town: Town) -> None:
    marta = own_town.marta.installed()
    button = button_in(marta.picture(1), "done")
    command = own_town.stack.local.watch.named("valkey").command
    own_town.stack.local.kill_one("valkey")
    assert_away(own_town, marta, button)
    own_town.stack.local._start("valkey", list(command), {})
    own_town.stack.local.watch.until(lambda: is_ready(own_town), "Readiness", 10)
    assert marta.opens(1).status_code == 200
    assert marta.presses(1, button).status_code == 200
    assert own_town.huy.installed().refreshes(1).status_code == 200


def test_without_redis_the_app_starts_and_waits_for_it(own_town: Town) -> None:
    local = own_town.stack.local
    local.stop_one("worker")
    local.stop_one("serve")
    command = local.watch.named("valkey").command
    local.kill_one("valkey")
    serve = local._start("serve", local.plan.serve_command(), local.settings())
    local._start("worker", local.plan.worker_command(), local.settings())
    healthz = f"{own_town.stack.app_url}/healthz"
    local.watch.until(lambda: _is_alive(own_town, healthz), "The app", 30)
    assert not is_ready(own_town)
    local._start("valkey", list(command), {})
    local.watch.until(lambda: is_ready(own_town), "Readiness", 10)
    assert serve.is_alive
    assert own_town.marta.installed().refreshes(1).status_code == 200
    local.watch.check()


def _is_alive(town: Town, url: str) -> bool:
    try:
        return bool(town.http.get(url).status_code == 200)
    except OSError:
        return False
    except Exception as error:
        if "Connect" in type(error).__name__:
            return False
        raise


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_gives_no_reasons(town: Town, path: str) -> None:
    reply = town.http.get(f"{town.stack.app_url}{path}")
    assert reply.status_code == 200
    assert len(reply.text.split()) == 1
    assert "granian" not in reply.text


def test_the_panel_tells_of_an_outage_in_the_browsers_language(own_town: Town) -> None:
    marta = own_town.marta.installed()
    url = marta.panel_url(1)
    own_town.stack.local.watch.named("valkey").send(signal.SIGSTOP)
    try:
        pages = [
            own_town.http.get(url, headers={"Accept-Language": each}).text
            for each in ("en", "vi-VN,vi;q=0.9")
        ]
    finally:
        own_town.stack.local.watch.named("valkey").send(signal.SIGCONT)
    assert 'lang="en"' in pages[0]
    assert 'lang="vi"' in pages[1]
    assert PANEL in pages[0]
