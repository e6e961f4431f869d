"""What the developer drawer says of the ledger: words for every kind, times, curl lines."""

import re
from pathlib import Path
from typing import Any

import pipedrive_emulator
from pipedrive_emulator.host.drawer import dated
from pipedrive_emulator.host.drawer_curl import curl_of
from pipedrive_emulator.host.drawer_words import KINDS, hint_of, kind_of, result_of, title_of, tone_of

API = "http://127.0.0.1:8100"


def _kinds() -> set[str]:
    folder = Path(pipedrive_emulator.__file__).parent
    sources = "".join(file.read_text("utf-8") for file in folder.rglob("*.py"))
    return set(re.findall(r'(?:ledger\.append|\b_?note)\(\s*"(\w+)"', sources))


def _entry(kind: str, **facts: Any) -> dict[str, Any]:
    return {"n": 1, "at": 1000.0, "kind": kind, "company_id": 1, "user_id": 2, **facts}


def test_every_kind_of_entry_has_words() -> None:
    assert {"api_call", "webhook_event", "token_issued"} <= _kinds()
    assert _kinds() - set(KINDS) == set()


def test_kind_without_words_is_shown_under_its_own_name() -> None:
    assert title_of(_entry("webhook_sneezed")) == "Webhook sneezed"
    assert kind_of(_entry("webhook_sneezed")).group == "webhook"
    assert kind_of(_entry("sneezed")).group == "other"
    assert title_of(_entry("webhook_event", event="change.deal")) == "change.deal ? for webhook ?"


def test_tone_and_result_follow_the_status_and_the_hint_names_the_cause() -> None:
    call = _entry("api_call", method="GET", path="/api/v2/deals", status=200)
    assert (tone_of(call), result_of(call), hint_of(call)) == ("positive", "200", "")
    refused = {**call, "status": 403}
    assert (tone_of(refused), result_of(refused)) == ("negative", "403")
    assert "scopes" in hint_of(refused)
    silent = _entry("webhook_failed", status=None)
    assert (tone_of(silent), result_of(silent)) == ("negative", "no answer")
    fetch = _entry("json_request", status=200, failure="the answer is no JSON", errors=[])
    assert (tone_of(fetch), hint_of(fetch)[:22]) == ("negative", "The answer is no JSON.")
    unfit = _entry("json_request", status=200, failure="", errors=[{"dataPath": "/data"}])
    assert "schema" in hint_of(unfit)
    hidden = _entry("surface_hidden", surface="panel", reason="not shown: too late")
    assert hint_of(hidden).startswith("Not shown: too late. Pipedrive hides")
    assert "secret" in hint_of(_entry("token_refused", error="invalid_client"))


def test_journeys_of_the_clock_are_taken_out_of_the_times() -> None:
    entries = [
        _entry("installed") | {"at": 100.0},
        _entry("timer_failed") | {"at": 5000.0},
        _entry("clock", advance_seconds=10_000) | {"at": 10_101.0},
        _entry("api_call") | {"at": 10_103.0},
    ]
    times = [at for _, at in dated(entries, now=10_105.0, real=205.0)]
    assert times == [200.0, 201.0, 201.0, 203.0]


def test_times_never_run_backwards_after_a_reset() -> None:
    entries = [_entry("api_call") | {"at": 9_000.0}, _entry("reset") | {"at": 101.0}]
    assert [at for _, at in dated(entries, now=105.0, real=205.0)] == [201.0, 201.0]


def test_curl_line_names_what_the_ledger_kept_no_value_of() -> None:
    call = _entry("api_call", method="GET", path="/api/v2/deals", query=["limit", "sort_by"], status=200)
    assert curl_of(call, API) == (
        f"curl -i '{API}/api/v2/deals?limit=LIMIT&sort_by=SORT_BY' -H \"x-api-token: $API_TOKEN\""
    )
    fetch = _entry("json_request", method="POST", url="http://app/it's", query=[])
    assert curl_of(fetch, API) == (
        "curl -i -X POST 'http://app/it'\"'\"'s' -H 'Content-Type: application/json' -d '{}'"
    )
    assert curl_of(_entry("installed"), API) == ""
