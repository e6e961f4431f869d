"""The worked examples in the emulated Pipedrive, in both themes and languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Frame, Page, expect

from marketplace_app.cli.local.app_folder import AppFolder
from tests.browser.axe import findings
from tests.browser.gallery import READERS, frame_of
from tests.browser.sightline import Seller, user_named
from tests.harness.stack import Stack, running_stack

EXAMPLES = Path(__file__).parents[2] / "examples"
BILLED = 4


@contextmanager
def running_example(name: str, folder: Path) -> Iterator[Stack]:
    with running_stack(folder, parts=("valkey",)) as stack:
        local, app = stack.local, AppFolder.at(EXAMPLES / name)
        settings = {**local.plan.settings, **app.settings()}
        local.plan = replace(local.plan, manifest=app.manifest, settings=settings)
        local.identity = local.identity.with_surfaces(local.plan.surface_secret_names())
        local.start_emulator()
        local.start_serve()
        stack.control.turn(phone_context="number")
        for reader in READERS.values():
            stack.install(user_named(stack, "acme", reader))
        yield stack


@pytest.fixture(scope="module")
def invoices(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_example("invoices", tmp_path_factory.mktemp("invoices")) as running:
        yield running


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_example("calls", tmp_path_factory.mktemp("calls")) as running:
        yield running


@pytest.fixture(scope="module")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with running_example("inbox", tmp_path_factory.mktemp("inbox")) as running:
        for reader in READERS.values():  # only admins may connect an account
            user = user_named(running, "acme", reader)
            running.control.ask("POST", f"users/{user['id']}", {"is_admin": True})
        yield running


def seller_of(stack: Stack, tab: Page, language: str) -> Seller:
    tab.emulate_media(reduced_motion="reduce")  # colours are read as they stay, not on their way
    return Seller(stack, tab, "acme", user_named(stack, "acme", READERS[language]))


def found_in_both_themes(frame: Frame) -> list[str]:
    found = []
    for theme in ("light", "dark"):
        frame.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        found += findings(frame)
    return found


@pytest.mark.parametrize("language", READERS)
def test_a_call_is_made_and_logged(calls: Stack, browsing: BrowserContext, language: str) -> None:
    tab = browsing.new_page()
    seller_of(calls, tab, language).visit("/person/1")
    number = tab.locator("[data-phone]").first
    number.click()
    window = tab.locator("[data-floating]")
    expect(window).to_be_visible()
    inside = tab.frame_locator("[data-floating] iframe")
    inside.locator("#call-1").wait_for()
    frame = frame_of(tab, calls)
    assert found_in_both_themes(frame) == []
    inside.locator("#call-1").click()
    inside.locator("#end-submit").wait_for()
    expect(window.locator("[data-close]")).to_be_hidden()  # focus mode
    expect(tab.locator("[data-dock]")).to_contain_text("1")
    assert found_in_both_themes(frame) == []
    since = calls.control.ledger()[-1]["n"]
    inside.locator("#note").fill("Wants an offer")
    inside.locator("#end-submit").click()
    expect(window.locator("[data-close]")).to_be_visible()
    inside.locator("#call-1").wait_for()
    expect(tab.locator("[data-dock]")).not_to_contain_text("1")
    written = [each for each in calls.control.ledger(since) if each.get("method") == "POST"]
    assert [each["path"] for each in written] == ["/api/v2/activities"]


@pytest.mark.parametrize("language", READERS)
def test_an_invoice_is_marked_as_sent(invoices: Stack, browsing: BrowserContext, language: str) -> None:
    deal = {"en": BILLED, "vi": 9}[language]
    tab = browsing.new_page()
    panel = seller_of(invoices, tab, language).open_deal(deal)
    panel.locator("#mark-sent").wait_for()
    assert found_in_both_themes(frame_of(tab, invoices)) == []
    label = panel.locator("#mark-sent").inner_text()
    panel.locator("#mark-sent").click()
    tab.get_by_role("alertdialog").or_(tab.get_by_role("dialog")).get_by_role("button", name=label).click()
    expect(panel.locator(".tag.good")).to_be_visible()
    expect(panel.locator("#mark-sent")).to_have_count(0)
    expect(tab.get_by_text(f"Invoice INV-{deal:04d} was sent.")).to_be_visible()
    assert found_in_both_themes(frame_of(tab, invoices)) == []


@pytest.mark.parametrize("language", READERS)
def test_an_account_is_connected_and_answered_in_the_inbox(
    inbox: Stack, browsing: BrowserContext, language: str
) -> None:
    tab = browsing.new_page()
    seller = seller_of(inbox, tab, language)
    settings = f"/settings/marketplace/app/{inbox.identity.client_id}/app-settings"
    seller.visit(settings)
    tab.frame_locator("iframe").locator("#account").fill(f"Chat of {language}")
    frame = frame_of(tab, inbox)
    assert found_in_both_themes(frame) == []
    tab.frame_locator("iframe").locator("#connect-submit").click()
    expect(tab.frame_locator("iframe").locator("#channel-1")).to_contain_text(f"Chat of {language}")
    seller.visit("/leads/messages")
    tab.get_by_role("link", name="Anna Customer").click()
    expect(tab.get_by_role("heading", level=2)).to_have_text("Anna Customer")
    assert findings(tab) == []
    tab.get_by_label("Reply").fill("Good morning <b>Anna</b>")
    tab.get_by_role("button", name="Send").click()
    expect(tab.get_by_role("definition").last).to_have_text("Good morning <b>Anna</b>")
