"""The ways in: companies, log in as, switching users; nobody is led astray."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.host import Host


def test_front_page_lists_the_companies_and_leads_in(host: Host, tab: Page) -> None:
    tab.goto(host.emulator)
    tab.get_by_role("link", name="Acme Trading").click()
    tab.wait_for_url(f"{host.acme}/login?next=/deals")
    tab.get_by_role("link", name="Nguyễn Thùy Linh").click()
    tab.wait_for_url(f"{host.acme}/deals")
    expect(tab.get_by_role("button", name="Nguyễn Thùy Linh")).to_be_visible()


def test_page_asked_for_is_reached_after_logging_in(host: Host, tab: Page) -> None:
    tab.goto(f"{host.acme}/deal/1")
    tab.get_by_role("link", name="Marta Kask").click()
    tab.wait_for_url(f"{host.acme}/deal/1")


def test_user_menu_names_the_language_and_switches_the_user(host: Host, tab: Page) -> None:
    host.open(tab, "/deals", host.users["Nguyễn Thùy Linh"])
    tab.locator("#user-menu-button").click()
    expect(tab.get_by_role("menu").get_by_text("Language vi-VN")).to_be_visible()
    tab.get_by_role("menuitem", name="Jack Miller").click()
    expect(tab.locator("#user-menu-button")).to_contain_text("Jack Miller")
    tab.wait_for_url(f"{host.acme}/deals")


@pytest.mark.parametrize("astray", ["//evil.example", "https://evil.example", "/\\evil.example", "evil"])
def test_log_in_leads_only_to_pages_of_this_host(host: Host, tab: Page, astray: str) -> None:
    tab.goto(f"{host.acme}/login?user={host.somebody}&next={astray}")
    assert tab.url == f"{host.acme}/deals"


def test_user_of_another_company_cannot_be_chosen(host: Host, tab: Page) -> None:
    stranger = next(
        one["id"] for one in host.control("world")["users"] if one["id"] not in host.users.values()
    )
    tab.goto(f"{host.acme}/login?user={stranger}")
    expect(tab.get_by_role("heading", name="Log in to Acme Trading")).to_be_visible()


def test_logging_out_ends_the_open_pages(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    tab.locator("#user-menu-button").click()
    tab.get_by_role("menuitem", name="Log out").click()
    tab.wait_for_url(f"{host.acme}/login")
    assert tab.evaluate("fetch('/_host/revision').then(answer => answer.status)") == 401


def test_pages_carry_a_policy_that_lets_in_frames_only(host: Host, tab: Page) -> None:
    host.open(tab, "/deals")
    answer = tab.goto(f"{host.acme}/deals")
    assert answer is not None
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
