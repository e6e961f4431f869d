"""What the scan of `pytest --tenancy` finds, and what it lets be."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from marketplace_app.testing.tenancy.scanning import Scan, mark

TOKEN = "v1u:AQEAAGFiY2RlZmdoaWprbG1ub3Bx+/=="
SECRET = "a&b<c>d'e\"f-0123456789-0123456789"
SCAN = Scan({"the client secret": SECRET})
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "in markup": html.escape,
    "in an address": quote,
    "in JSON": json.dumps,
    "in JSON in ASCII": lambda text: "".join(
        f"\\u{ord(sign):04x}" if sign in "&<>'\"" else sign for sign in text
    ),
    "in base64": lambda text: base64.b64encode(f"xyz{text}xyz".encode()).decode(),
    "in base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_found_in_each_form(form: str) -> None:
    if form != "in JSON":  # where a quotation mark has a backslash before it
        assert SCAN.secrets_in(f"<p title='{FORMS[form](SECRET)}'>") == {"the client secret"}
    assert SCAN.secrets_in(f"<p title='{FORMS[form](TOKEN)}'>") == {"an access token"}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("13000037:19100351:0123456789abcdef0123", "a refresh token"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOjF9.c2lnbmF0dXJl", "a signed context"),
        ("Authorization: Bearer abcdefghijklmnopqrst", "a bearer"),
    ],
)
def test_what_is_shaped_like_a_token_is_found(text: str, name: str) -> None:
    assert name in SCAN.secrets_in(text)
    assert name in SCAN.plain_secrets_in(text)


def test_an_ordinary_page_holds_nothing() -> None:
    ticket = "AAAAAGcJ0pEbm90X2Ffc2VjcmV0X2F0X2FsbF9ub3RfYXRfYWxs"
    page = f"<button data-ticket='{ticket}'>12:30:15, deal 1:2</button>"
    assert SCAN.secrets_in(page) == set()


def test_marks_are_told_apart_by_company_and_by_who_may_see_them() -> None:
    text = f"{mark('acme', 'deals-1')} {mark('acme', 'deals-2', is_hidden=True)}"
    assert SCAN.strange_in(text, "acme", may_see_hidden=True) == set()
    assert SCAN.strange_in(text, "acme", may_see_hidden=False) == {"acme's hidden records"}
    assert SCAN.strange_in(text, "star", may_see_hidden=True) == {"acme's records", "acme's hidden records"}
    assert SCAN.strange_in(text, "", may_see_hidden=False) == {"acme's records", "acme's hidden records"}
    escaped = quote(mark("saigon-star", "x"), safe="").replace("-", "%2D")
    assert SCAN.strange_in(escaped, "acme", may_see_hidden=True) == {"saigon-star's records"}
