"""Messaging in manifest.json and in code: what differs is a sentence at start."""

import json
from pathlib import Path

import pytest

from marketplace_app.domain.channel import REQUIRED, Endpoint
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit.messaging import ChannelContext, Messaging
from marketplace_app.messaging.matching import match_messaging
from tests.architecture.tree import ROOT

ALL_THREE = [each.value for each in REQUIRED]


def inbox(*endpoints: Endpoint, name: str = "inbox") -> Messaging:
    messaging = Messaging(name)

    async def handler(*_: object) -> None:
        """Never asked here."""

    messaging.handlers |= dict.fromkeys(endpoints, handler)
    return messaging


def manifest(folder: Path, messaging: list[str] | None, *scopes: str) -> Manifest:
    found = json.loads((ROOT / "manifest.json").read_text())
    found["surfaces"] = []
    found["scopes"] += [{"name": scope, "reason": "Show messages."} for scope in scopes]
    if messaging is not None:
        found["messaging"] = messaging
    (folder / "manifest.json").write_text(json.dumps(found))
    return Manifest.load(folder / "manifest.json")


def problems(found: Manifest, *declared: Messaging) -> tuple[str, ...]:
    with pytest.raises(ConfigurationError) as caught:
        match_messaging(found, declared)
    return caught.value.problems


def test_both_sides_agree(tmp_path: Path) -> None:
    declared = inbox(*REQUIRED)
    assert match_messaging(manifest(tmp_path, ALL_THREE, "messengers-integration"), [declared]) is declared
    with pytest.raises(ConfigurationError, match="changed after the app was made"):

        @declared.deleted
        async def deleted(_: ChannelContext) -> None:
            """Too late."""


def test_an_app_without_messaging_needs_none(tmp_path: Path) -> None:
    assert match_messaging(manifest(tmp_path, None), []) is None
    assert Manifest.load(ROOT / "manifest.json").messaging == ()


def test_what_pipedrive_requires_is_asked_for(tmp_path: Path) -> None:
    found = manifest(tmp_path, ["postMessage"], "messengers-integration")
    assert problems(found, inbox(Endpoint.POST)) == (
        "messaging inbox: nothing handles getConversations, which Pipedrive requires",
        "messaging inbox: nothing handles getConversationById, which Pipedrive requires",
    )


def test_the_scope_is_asked_for(tmp_path: Path) -> None:
    assert problems(manifest(tmp_path, ALL_THREE), inbox(*REQUIRED)) == (
        "messaging inbox needs the scope messengers-integration in manifest.json",
    )


def test_the_manifest_names_what_is_declared(tmp_path: Path) -> None:
    found = manifest(tmp_path, None, "messengers-integration")
    assert problems(found, inbox(*REQUIRED)) == (
        (
            "messaging inbox: manifest.json must name what is declared: "
            '"messaging": ["getConversations", "getConversationById", "postMessage"]'
        ),
    )
    said = problems(manifest(tmp_path, ALL_THREE, "messengers-integration"))
    assert said == (
        (
            'manifest.json has "messaging", which no Messaging in EXTENSIONS declares; declare one '
            "(docs/messaging.md), or take it out"
        ),
    )


def test_an_app_has_one(tmp_path: Path) -> None:
    found = manifest(tmp_path, ALL_THREE, "messengers-integration")
    assert problems(found, inbox(*REQUIRED), inbox(*REQUIRED, name="other")) == (
        "an app has one Messaging, not 2 (inbox, other)",
    )


def test_an_endpoint_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"manifest\.json: .*getEverything"):
        manifest(tmp_path, ["getEverything"])


def test_an_endpoint_has_one_handler() -> None:
    declared = inbox(Endpoint.DELETED)
    with pytest.raises(ConfigurationError, match="two handlers of deleteChannelById"):

        @declared.deleted
        async def deleted(_: ChannelContext) -> None:
            """The second."""
