"""Presses that no page of ours would send: from elsewhere, with odd bodies, for what is not there."""

import json
from typing import Any

import pytest

from tests.integration.acting import is_done, with_step, writes
from tests.integration.person import PANEL, Button
from tests.integration.town import Town


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 400),
        ({"Sec-Fetch-Site": "same-site"}, 400),
        ({"Origin": "http://evil.example"}, 400),
        ({"Origin": "null"}, 400),
        ({"Content-Type": "text/plain"}, 400),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 400),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 400),
        ({"Content-Type": ""}, 400),
    ],
)
def test_what_another_site_could_send_is_refused(
    town: Town, pressed: Any, headers: dict[str, str], status: int
) -> None:
    marta, deal, step, button = pressed
    body = json.dumps({"ticket": button.ticket, "form": dict(button.form)})
    since = town.now()
    reply = town.http.post(
        f"{town.stack.app_url}{PANEL}/actions/done?selectedIds={deal}",
        content=body,
        headers={"Content-Type": "application/json", **marta.bearer(), **headers},
    )
    assert reply.status_code == status
    assert "access-control-allow-origin" not in reply.headers
    assert writes(town, since) == []
    assert not is_done(town, marta, step)


def test_a_page_of_ours_may_say_so(town: Town, pressed: Any) -> None:
    marta, deal, _, button = pressed
    reply = town.http.post(
        f"{town.stack.app_url}{PANEL}/actions/done?selectedIds={deal}",
        json={"ticket": button.ticket, "form": dict(button.form)},
        headers={**marta.bearer(), "Origin": town.stack.app_url, "Sec-Fetch-Site": "same-origin"},
    )
    assert reply.status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b'"x"',
        b"{}",
        b'{"ticket":1}',
        b'{"ticket":null}',
        b'{"ticket":"x","form":[]}',
        b'{"form":{}}',
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"ticket":"x","form":{"a":' + b"[" * 60_000,
    ],
)
def test_an_odd_body_is_a_sentence(town: Town, body: bytes) -> None:
    marta = town.marta.installed()
    reply = town.http.post(
        f"{town.stack.app_url}{PANEL}/actions/done?selectedIds=1",
        content=body,
        headers={"Content-Type": "application/json", **marta.bearer()},
    )
    assert reply.status_code == 400
    assert reply.json()["commands"][0]["text"]


def test_a_body_over_64_kibibytes_is_too_large(town: Town) -> None:
    marta = town.marta.installed()
    url = f"{town.stack.app_url}{PANEL}/actions/done?selectedIds=1"
    headers = {"Content-Type": "application/json", **marta.bearer()}
    large = b'{"ticket":"' + b"x" * 70_000 + b'"}'
    reply = town.http.post(url, content=large, headers=headers)
    assert reply.status_code == 413
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("form", [{}, {"activity_id": "x"}, {"activity_id": None}])
def test_a_wrong_form_does_nothing_and_leaves_the_button_good(
    town: Town, pressed: Any, form: dict[str, Any]
) -> None:
    marta, deal, step, button = pressed
    since = town.now()
    reply = marta.presses(deal, Button("done", button.ticket, form))
    assert reply.status_code == 400
    assert reply.json()["reason"] == "form_rejected"
    assert writes(town, since) == []
    assert marta.presses(deal, button).status_code == 200
    assert is_done(town, marta, step)


def test_a_step_of_another_deal_is_not_done_from_this_one(town: Town, pressed: Any) -> None:
    marta, deal, _, button = pressed
    _, foreign = with_step(marta, "Another deal's")
    since = town.now()
    reply = marta.presses(deal, button, activity_id=foreign)
    assert reply.status_code == 400
    assert writes(town, since) == []
    assert not is_done(town, marta, foreign)


@pytest.mark.parametrize(
    "path", ["/actions/", "/actions/nothing", "/actions/done/x", "/actions/..%2fdone", "/sections/x"]
)
def test_there_is_no_other_action(town: Town, path: str) -> None:
    marta = town.marta.installed()
    method = "GET" if "sections" in path else "POST"
    reply = town.http.request(
        method,
        f"{town.stack.app_url}{PANEL}{path}?selectedIds=1",
        json={"ticket": "x"},
        headers=marta.bearer(),
    )
    assert reply.status_code in (400, 404)


def test_who_has_no_installation_is_told_to_connect(town: Town) -> None:
    since = town.now()
    for reply in (
        town.victor.refreshes(1),
        town.victor.presses(1, Button("done", "x" * 64, {"activity_id": 1})),
    ):
        assert reply.status_code == 403
        assert reply.json()["reason"] == "not_installed"
        assert "Coffee" not in reply.text
    assert town.calls(since) == []
