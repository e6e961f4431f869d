"""What a dead process and a Redis that hangs make of a form that is sent: never two effects, never a 5xx."""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

from tests.integration.json_app.json_town import FORM, JsonTown, running_json_town


@pytest.fixture
def own_town(tmp_path: Path) -> Iterator[JsonTown]:
    with running_json_town(tmp_path / "town") as town:
        yield town


def test_a_form_whose_process_died_is_not_done_again(own_town: JsonTown) -> None:
    """Before the answer was kept and after the deal was renamed: nobody knows, so nobody does it twice."""
    town = own_town.town
    marta = town.marta.installed()
    deal = own_town.deal(marta, "Deal")
    url = own_town.fresh_url(marta, deal)
    form = FORM | {"note": "slow 5"}
    since = town.now()
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(sent_or_lost, own_town, url, form)
        town.stack.local.watch.until(lambda: own_town.renamings(since) == 1, "The renaming", 8)
        town.stack.local.kill_one("serve")
        assert first.result() is None
    town.stack.local.start_serve()
    again = own_town.sends(url, form)
    assert again.status_code == 400
    assert "Look at the record" in again.json()["error"]["message"]
    assert own_town.renamings(since) == 1
    assert "success" in own_town.sends(own_town.fresh_url(marta, deal), FORM).json()


def sent_or_lost(town: JsonTown, url: str, form: object) -> httpx2.Response | None:
    with suppress(httpx2.TransportError):
        return town.sends(url, form)
    return None


def test_without_redis_nothing_is_sent_and_every_answer_is_pipedrives(own_town: JsonTown) -> None:
    town = own_town.town
    marta = town.marta.installed()
    deal = own_town.deal(marta, "Deal")
    panel, url = own_town.url(marta, "offers", deal), own_town.fresh_url(marta, deal)
    valkey = town.stack.local.watch.named("valkey")
    since = town.now()
    valkey.send(signal.SIGSTOP)
    try:
        started = time.monotonic()
        card, opened, sent = town.http.get(panel), town.http.get(url), own_town.sends(url, FORM)
        assert time.monotonic() - started < 3 * 10
    finally:
        valkey.send(signal.SIGCONT)
    assert card.status_code == 424
    assert len(card.json()["error"]["title"]) <= 30
    assert (opened.status_code, sent.status_code) == (400, 400)
    assert "(E-" in sent.json()["error"]["message"]
    assert town.calls(since) == []
    town.stack.local.watch.until(lambda: town.http.get(panel).status_code == 200, "Rows again", 10)
    assert "success" in own_town.sends(own_town.fresh_url(marta, deal), FORM).json()
    assert own_town.renamings(since) == 1
