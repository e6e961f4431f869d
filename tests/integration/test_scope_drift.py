"""A grant that lacks a scope: a card names it, whoever allows it goes on, and nothing else is lost."""

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx2
import pytest

from tests.harness.drift import ask_for, asked_scopes
from tests.integration.acting import is_done, with_step
from tests.integration.person import Person, button_in
from tests.integration.town import Town, running_town

MANIFEST = Path(__file__).parents[2] / "manifest.json"
LESS = ("deals:full", "contacts:full", "activities:read")
REASONS = {
    "deals:full": "set the close date and the stage when you press the button",
    "contacts:full": "Show the people and the organization of the deal",
    "activities:full": "plan, move and finish it when you press the button",
}


@pytest.fixture(scope="module")
def town_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Its app's registration is turned about."""
    with running_town(tmp_path_factory.mktemp("drift")) as running:
        yield running


@pytest.fixture(scope="module")
def undemanding(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Its app's manifest asks for less than its buttons need."""
    folder = tmp_path_factory.mktemp("undemanding")
    manifest = json.loads(MANIFEST.read_text())
    manifest["scopes"] = [{"name": name, "reason": "For a test."} for name in ("base", *LESS)]
    file = folder / "manifest.json"
    file.write_text(json.dumps(manifest))
    with running_town(folder / "town", settings={"MANIFEST": str(file)}) as running:
        yield running


@pytest.fixture
def drifting(town_apart: Town) -> Iterator[Town]:
    yield town_apart
    ask_for(town_apart.stack, asked_scopes(town_apart.stack))


def installed_with(town: Town, person: Person, *scopes: str) -> Person:
    """Installed when the app asked for less than its manifest does now."""
    ask_for(town.stack, ["base", *scopes])
    person.installed()
    ask_for(town.stack, [*asked_scopes(town.stack), *scopes])
    return person


def card_in(reply: httpx2.Response) -> str:
    """The card of an envelope that refuses, and nothing of the record beside it."""
    assert reply.status_code == 403, reply.text
    body = reply.json()
    assert body["reason"] == "scope_missing"
    assert [command["kind"] for command in body["commands"]] == ["message", "consent"]
    return str(body["commands"][1]["html"])


def names(markup: str) -> set[str]:
    """The scopes that a card names, each with its reason."""
    found = {scope for scope in REASONS if f"<code>{scope}</code>" in markup}
    assert all(REASONS[scope] in markup for scope in found)
    return found


@pytest.mark.parametrize(
    ("granted", "missing"),
    [
        (("deals:full", "contacts:full"), {"activities:full"}),
        (("deals:full", "activities:full"), {"contacts:full"}),
        (("contacts:read", "activities:full"), {"deals:full", "contacts:full"}),
        ((), {"deals:full", "contacts:full", "activities:full"}),
    ],
)
def test_a_panel_names_what_it_may_not_read(
    drifting: Town, granted: tuple[str, ...], missing: set[str]
) -> None:
    marta = installed_with(drifting, drifting.marta, *granted)
    deal = marta.calls("POST", "/api/v2/deals", title="Never shown before", person_id=1)["id"]
    page = marta.opens(deal)
    assert page.status_code == 200
    assert page.headers["surface-state"] == "complete"
    assert names(page.text) == missing
    assert 'data-state="consent"' in page.text
    assert 'href="/oauth/install" target="_blank" rel="noopener"' in page.text
    assert "surface.js" in page.text
    assert names(card_in(marta.refreshes(deal, fresh=True))) == missing
    assert drifting.marta.installed().refreshes(deal, fresh=True).status_code == 200


def test_a_write_that_is_refused_says_so_and_loses_nothing(drifting: Town) -> None:
    jack = installed_with(drifting, drifting.jack, "deals:full", "contacts:full", "activities:read")
    deal, step = with_step(jack, "a write out of scope")
    button = button_in(jack.picture(deal), "done", activity_id=step)
    since = drifting.now()
    assert names(card_in(jack.presses(deal, button))) == {"activities:full"}
    assert not is_done(drifting, jack, step)
    refused = [call for call in drifting.calls(since) if call["status"] == 403]
    assert len(refused) == 1  # asked once, not again
    assert jack.opens(deal).headers["surface-state"] == "complete"
    assert "a write out of scope" in jack.opens(deal).text
    jack.installed()
    assert jack.presses(deal, button).status_code == 200  # the very same press, its ticket still good
    assert is_done(drifting, jack, step)


def test_the_page_waits_for_consent_and_not_for_a_picture(drifting: Town) -> None:
    """What may be read can be read all along: only the scopes tell whether the viewer has been there."""
    jack = installed_with(drifting, drifting.jack, "deals:full", "contacts:full", "activities:read")
    url = f"{drifting.stack.app_url}/surfaces/deal-panel/sections/consent?selectedIds=2"
    for _ in range(2):
        assert names(card_in(drifting.http.get(url, headers=jack.bearer()))) == {"activities:full"}
        assert jack.refreshes(2, fresh=True).status_code == 200
    jack.installed()
    reply = drifting.http.get(url, headers=jack.bearer())
    assert reply.status_code == 200
    assert [command["kind"] for command in reply.json()["commands"]] == ["fragment"]


def test_the_card_is_in_the_viewers_language(drifting: Town) -> None:
    linh = installed_with(drifting, drifting.person("Nguyễn Thùy Linh"), "deals:full")
    for markup in (card_in(linh.refreshes(3, fresh=True)), linh.opens(3).text):
        assert "Cho phép trong Pipedrive" in markup
        assert "Hiển thị bước tiếp theo" in markup
    assert 'lang="vi"' in linh.opens(3).text


def test_a_permission_that_nobody_knows_of_is_a_sentence(undemanding: Town) -> None:
    """All that the app asks for is granted, and Pipedrive wants yet another."""
    scopes = ["base", *LESS]
    ask_for(undemanding.stack, scopes)
    victor = undemanding.victor.installed()
    deal, step = with_step(victor, "a permission that nobody knows of")
    card = card_in(victor.presses(deal, button_in(victor.picture(deal), "done", activity_id=step)))
    assert "every permission that it asks for" in card
    assert names(card) == set()
    assert "/oauth/install" not in card  # a new consent would change nothing
    assert '{"kind":"refresh"}' in unescape(card)


def test_a_colleagues_grant_is_a_matter_of_its_own(drifting: Town) -> None:
    installed_with(drifting, drifting.marta, "deals:full")
    drifting.jack.installed()
    assert drifting.jack.refreshes(1, fresh=True).status_code == 200
    assert card_in(drifting.marta.refreshes(1, fresh=True))


def test_added_scopes_disturb_nobody_who_does_not_need_them(drifting: Town) -> None:
    """Access tokens end when an app asks for more, and are renewed with what was allowed before."""
    ask_for(drifting.stack, asked_scopes(drifting.stack))
    jack = drifting.jack.installed()
    ask_for(drifting.stack, [*asked_scopes(drifting.stack), "leads:full"])
    since = drifting.now()
    assert jack.refreshes(1, fresh=True).status_code == 200
    assert len(drifting.ledger(since, "token_refreshed")) == 1
