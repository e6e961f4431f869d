"""POST on the callback, app sharing: a hint, which is logged and from which nothing follows."""

import base64
import json
from functools import partial
from typing import Any

import httpx2
import pytest

from tests.integration.callback import CONNECT, names_in, store_of
from tests.integration.town import Town


def tells(town: Town, body: object, headers: list[tuple[str, str]] | None = None) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return town.http.post(f"{town.stack.app_url}/oauth/callback", content=content, headers=headers or [])


def basic(client_id: str, secret: str) -> tuple[str, str]:
    return "Authorization", "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def said(town: Town, event: str) -> list[dict[str, Any]]:
    lines = (json.loads(line) for line in town.stack.log_of("serve").splitlines() if line.startswith("{"))
    return [line for line in lines if line.get("event") == event]


def has_arrived(town: Town, since: int) -> bool:
    return town.ledger(since, "share_delivered") != []


def stored(town: Town) -> set[bytes]:
    """What rests of any installation; locks and kept pictures come and go by themselves."""
    with store_of(town) as raw:
        return {name for name in names_in(raw) if name.endswith((b":installation", b"data-key"))}


@pytest.mark.parametrize("value", ["none", "basic"])
def test_sharing_reaches_the_app_and_connects_nobody(own_town: Town, value: str) -> None:
    """Marta, an admin, shares the app; her colleagues still have to allow it themselves."""
    town = own_town
    town.stack.control.turn(share_auth=value)
    marta, jack = town.marta.installed(), town.jack
    for is_shared in (True, False):
        since, before = town.now(), len(said(town, "sharing told"))
        town.stack.control.share(town.stack.identity.client_id, *marta.ids, is_shared=is_shared)
        town.stack.local.watch.until(partial(has_arrived, town, since), "A share", 10)
        assert all(entry["status"] == 200 for entry in town.ledger(since, "share_delivered"))
        lines = said(town, "sharing told")[before:]
        assert {line["is_shared"] for line in lines} == {is_shared}
        assert {line["is_authenticated"] for line in lines} == {value == "basic"}
        assert CONNECT in jack.opens(1).text
    assert marta.refreshes(1, fresh=True).status_code == 200
    assert town.ledger(0, "token_issued")[-1]["user_id"] == marta.user["id"]


def test_sharing_grants_nothing_whoever_is_named(town: Town) -> None:
    victor, since, before = town.victor, town.now(), stored(town)
    company_id, user_id = victor.ids
    assert tells(town, {"company_id": company_id, "user_id": user_id, "isShared": True}).status_code == 200
    assert CONNECT in victor.opens(1).text
    assert town.calls(since) == []
    assert stored(town) == before


GOOD = {"company_id": 13000037, "user_id": 19100351, "isShared": True}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff",
        b"\xff\xfe{\x00}\x00",
        b"[" * 60_000,
        b'{"a":' * 10_000,
        b'{"company_id":1,"user_id":1,"user_id":2,"isShared":true}',
        b'{"company_id":1,"user_id":1,"isShared":true,"isShared":false}',
        b'{"company_id":' + b"9" * 5000 + b',"user_id":1,"isShared":true}',
        {"company_id": 13000037, "user_id": 19100351},
        {**GOOD, "isShared": "true"},
        {**GOOD, "isShared": 1},
        {**GOOD, "isShared": None},
        {**GOOD, "company_id": "13000037"},
        {**GOOD, "company_id": True},
        {**GOOD, "company_id": 0},
        {**GOOD, "user_id": -1},
        {**GOOD, "user_id": 1.5},
        {**GOOD, "user_id": 2**53},
        {**GOOD, "user_id": [19100351]},
        {"company_id": 13000037, "user_id": 19100351, "is_shared": True},
    ],
)
def test_junk_is_refused_with_a_reason(town: Town, body: object) -> None:
    before = len(said(town, "refused"))
    reply = tells(town, body)
    assert reply.status_code == 400
    assert "Traceback" not in reply.text
    assert [line["reason"] for line in said(town, "refused")[before:]] == ["request_rejected"]


def test_keys_that_no_page_documents_are_passed_over(town: Town) -> None:
    assert tells(town, {**GOOD, "plan": {"name": "Premium"}}).status_code == 200


@pytest.mark.parametrize("size", [70_000, 1_000_000])
def test_a_large_body_is_refused(town: Town, size: int) -> None:
    before = len(said(town, "refused"))
    for content in (b"x" * size, iter([b"x" * 10_000] * (size // 10_000))):
        try:
            reply = town.http.post(f"{town.stack.app_url}/oauth/callback", content=content)
        except httpx2.TransportError:
            continue  # the line was cut while the rest was still on its way, which is an answer too
        assert reply.status_code == 413
    assert {line["reason"] for line in said(town, "refused")[before:]} == {"body_too_large"}


def test_credentials_that_come_must_be_right(town: Town) -> None:
    identity = town.stack.identity
    good = basic(identity.client_id, identity.client_secret)
    assert tells(town, GOOD, [good]).status_code == 200
    wrong = [
        [basic(identity.client_id, "wrong")],
        [basic("another", identity.client_secret)],
        [("Authorization", "")],
        [("Authorization", "Bearer x")],
        [("Authorization", "Basic ====")],
        [good, good],
        [good, basic(identity.client_id, "wrong")],
    ]
    for headers in wrong:
        assert tells(town, GOOD, headers).status_code == 401, headers
