"""The scan that every run with a stack ends on would notice."""

from pathlib import Path

import pytest

from marketplace_app.cli.local.identity import Identity
from tests.harness.secrets import assert_no_secrets, secrets_in

IDENTITY = Identity.make().with_surfaces({"deal-panel"})
LEAKS = {
    "the client secret": f"posting {IDENTITY.client_secret}",
    "the encryption key": IDENTITY.encryption_key,
    "the secret of deal-panel": IDENTITY.surface_secrets["deal-panel"],
    "an access token": "v1u:AQEAAEDA4ViABCDEFGHIJKLMNOP+/ab==",
    "a refresh token": f"refresh_token=9001:7001:{'0a' * 20}",
    "a signed context": "GET /surfaces/x?token=eyJhbGciOiJIUzI1NiJ9.eyJ1c2VySWQiOjF9.c2lnbmF0dXJlLi4u",
    "a bearer": "Authorization: Bearer abcdefghijklmnop",
}


@pytest.mark.parametrize("what", LEAKS)
def test_a_leak_is_named_and_not_repeated(what: str, tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    log.write_text(f"line\n{LEAKS[what]}\n")
    assert what in set(secrets_in(log.read_text(), IDENTITY))
    with pytest.raises(AssertionError, match=what) as caught:
        assert_no_secrets([log], IDENTITY)
    assert LEAKS[what] not in str(caught.value)


def test_a_token_of_which_a_traceback_shows_the_beginning_is_a_leak() -> None:
    shown = f"│ refresh_token = '9001:7001:{'0a' * 18}'+4 │"
    assert list(secrets_in(shown, IDENTITY)) == ["a refresh token"]


def test_an_ordinary_log_passes(tmp_path: Path) -> None:
    log = tmp_path / "serve.log"
    log.write_text('{"event": "renewed", "company": 9001, "user": 7001, "seconds": 0.12}\n')
    assert_no_secrets([log], IDENTITY)
