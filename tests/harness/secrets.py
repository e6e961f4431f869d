"""What no log and no store may hold in the clear: secrets that we know, and anything shaped like a token."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from marketplace_app.cli.local.identity import Identity

SHAPES = {
    "an access token": re.compile(r"v1u:[A-Za-z0-9+/=_-]{24,}"),
    "a refresh token": re.compile(r"\b\d+:\d+:[0-9a-f]{16}"),  # a traceback shows the beginning
    "a signed context": re.compile(r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{8,}"),
    "a bearer": re.compile(r"[Bb]earer [\w./+=:-]{16,}"),
}


def secrets_in(text: str, identity: Identity) -> Iterator[str]:
    """Names what was found, without repeating it."""
    known = {"the client secret": identity.client_secret, "the encryption key": identity.encryption_key}
    known |= {f"the secret of {name}": value for name, value in identity.surface_secrets.items()}
    for name, value in known.items():
        if value in text:
            yield name
    for name, shape in SHAPES.items():
        if shape.search(text):
            yield name


def assert_no_secrets(files: Iterable[Path], identity: Identity) -> None:
    for file in files:
        found = sorted(set(secrets_in(file.read_text(errors="replace"), identity)))
        assert not found, f"{file} holds {', '.join(found)}"
