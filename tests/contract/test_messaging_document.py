"""docs/messaging.md says what is so: its code stands in the example, its tables are the code's."""

import json
import re

import pytest

from examples.inbox.inbox import inbox
from marketplace_app.domain.channel import Endpoint
from marketplace_app.domain.manifest import Manifest
from marketplace_app.kit import messaging
from marketplace_app.kit.messaging import Messaging, Refusal
from marketplace_app.messaging import answers, channels, reading
from tests.architecture.tree import ROOT

TEXT = (ROOT / "docs" / "messaging.md").read_text()
EXAMPLE = ROOT / "examples" / "inbox"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("block", blocks("python"))
def test_its_code_is_the_examples(block: str) -> None:
    assert any(block in file.read_text() for file in EXAMPLE.rglob("*.py"))


def test_its_manifests_are_the_examples() -> None:
    ours, hubs = blocks("json")
    found = Manifest.load(EXAMPLE / "manifest.json")
    assert json.loads("{" + ours + "}") == {
        "scopes": [{"name": each.name, "reason": each.reason} for each in found.scopes],
        "messaging": [each.value for each in found.messaging],
    }
    assert json.loads(hubs) == inbox.manifest("https://app.example.test")


def test_every_decorator_has_its_row() -> None:
    rows = re.findall(r"^\| `@inbox\.(\w+)` \|.*\| `(\w+)` \|$", TEXT, re.MULTILINE)
    assert [name for _, name in rows] == list(Endpoint)
    for decorator, name in rows:
        declared = Messaging("one")

        async def handler(*_: object) -> None:
            """Never asked here."""

        getattr(declared, decorator)(handler)
        assert declared.endpoints == [Endpoint(name)]


def test_every_refusal_is_told_with_its_status_and_code() -> None:
    kinds = [
        each for each in vars(messaging).values() if isinstance(each, type) and issubclass(each, Refusal)
    ]
    told = {(int(status), code) for status, code in re.findall(r"\| (\d{3})[^|]*\| `([A-Z_]+)` \|", TEXT)}
    assert len(kinds) == 7
    assert {(each.status, each.code) for each in kinds} <= told
    assert all(f"`{each.__name__}" in TEXT for each in kinds if each is not Refusal)


def test_its_bounds_are_the_codes() -> None:
    assert reading.MESSAGE_BYTES == 32 * 1024 * 1024
    assert reading.FIELD_BYTES == 64 * 1024
    assert reading.MOST_FILES == 10
    assert answers.LONGEST_SECONDS == 9
    assert channels.MOST_CHANNELS == 50
    for words in ("50 channels", "32 MiB", "ten files", "64 KiB", "nine seconds"):
        assert words in TEXT
