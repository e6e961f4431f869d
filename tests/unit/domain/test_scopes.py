"""Which of the scopes that the app asks for a grant lacks."""

import pytest

from marketplace_app.domain.scopes import missing_scopes

ASKED = ("base", "deals:full", "contacts:read", "admin")


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        ((), ("deals:full", "contacts:read", "admin")),
        (("base", "deals:full", "contacts:read", "admin"), ()),
        (("admin", "contacts:full", "deals:full"), ()),
        (("base", "deals:read", "contacts:read", "admin"), ("deals:full",)),
        (("leads:full", "goals:read"), ("deals:full", "contacts:read", "admin")),
        (("deals:full", "contacts:full"), ("admin",)),
        (("contacts:full:read", "contacts"), ("deals:full", "contacts:read", "admin")),
    ],
)
def test_full_covers_read_and_nothing_else_covers_anything(
    granted: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    assert missing_scopes(ASKED, granted) == missing


def test_base_is_always_there() -> None:
    assert missing_scopes(("base",), ()) == ()
