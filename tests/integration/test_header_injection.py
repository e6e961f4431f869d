"""Who may frame a surface is said by settings alone: no octet of a request gets into a header."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from tests.every_surface.running import running_every
from tests.every_surface.visitor import Visitor
from tests.integration.town import Town, town_of

MARK = "evil.example"
PAYLOADS = (
    f"https://{MARK}",
    f"*.{MARK}",
    f"1; frame-ancestors https://{MARK}",
    f"1, frame-ancestors {MARK}",
    f"1\r\nContent-Security-Policy: frame-ancestors {MARK}",
    f"1\nX-Frame-Options: ALLOW-FROM {MARK}",
    f"1\r\n\r\n<title>{MARK}</title>",
    f"1\u2028Location: {MARK}",
    f"1\u010d\u010aLocation: {MARK}",  # octets of a line's end, to whoever keeps the lower half of each
    f"1\0{MARK}",
    f'"; report-uri {MARK}',
    f"' 'unsafe-inline' {MARK}",
)
ONE_LINE = [payload for payload in PAYLOADS if payload.isascii() and payload.isprintable()]
KEYS = (
    *(
        "id",
        "resource",
        "view",
        "userId",
        "companyId",
        "selectedIds",
        "excludedIds",
        "filter",
        "data",
        "token",
    ),
    *("isShared", "theme", "lang", "frame-ancestors", f"x-{MARK}"),
)
HEADERS = ("Origin", "Referer", "X-Forwarded-Host", "Forwarded", "Accept-Language", "X-Request-Id")
CHANGES: tuple[dict[str, str | None], ...] = ({}, {"token": "x"})  # one that is let in, one that is not
PLACES: dict[str, dict[str, Any]] = {
    "every-panel": {"record_id": 1},
    "every-modal": {"view": "list", "selected_ids": [41, 57]},
    "every-window": {},
    "every-settings": {},
    "every-link": {"view": "list", "selected_ids": [41, 57]},
}


@pytest.fixture(scope="module")
def every(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with running_every(tmp_path_factory.mktemp("every")) as stack, town_of(stack) as town:
        stack.control.turn(link_action_token="present")
        yield town


def policy_of(reply: httpx2.Response) -> str:
    return re.sub(r"nonce-[\w-]+", "nonce-", reply.headers["content-security-policy"])


@pytest.mark.parametrize("surface", PLACES)
def test_no_part_of_a_request_becomes_a_header(
    every: Town, surface: str, record_property: Callable[[str, object], None]
) -> None:
    visitor = Visitor(every, every.marta, surface, PLACES[surface])
    plain, refused = visitor.opens(), visitor.opens(token="x")
    policies, names = {policy_of(plain), policy_of(refused)}, {*plain.headers, *refused.headers}
    inside = [visitor.opens(**{key: payload}) for key in KEYS for payload in PAYLOADS]
    beside = [
        every.http.get(visitor.url(**changes), headers={header: payload})
        for changes in CHANGES
        for header in HEADERS
        for payload in ONE_LINE
    ]
    answered = [*inside, *beside]
    odd = [reply.url.query for reply in answered if reply.status_code not in {200, 303, 400, 401}]
    assert odd == []
    assert len({reply.status_code for reply in answered}) > 1, "some are refused, some are not"
    assert [reply.url for reply in answered if MARK in str(reply.headers).lower()] == []
    assert {policy_of(reply) for reply in answered} <= policies
    assert {name for reply in answered for name in reply.headers} <= names
    record_property("measure", f"headers: {len(answered)} payloads at {surface}, 0 in a header")
