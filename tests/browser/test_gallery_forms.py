"""The kit's forms in a real browser: what is sent, and where what is wrong is told."""

from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.axe import findings
from tests.browser.gallery import address, frame_of, opened, settings_page
from tests.harness.stack import Stack


def test_a_form_sends_what_was_typed(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    panel.get_by_label("Customer *").fill("Saigon Harvest")
    panel.get_by_label("Send me a copy").check()
    panel.get_by_label("Customer *").press("Enter")
    expect(tab.get_by_text("Saved")).to_be_visible()
    expect(panel.get_by_label("Customer *")).to_have_value("Saigon Harvest")
    expect(panel.get_by_label("Send me a copy")).to_be_checked()


def test_what_is_wrong_is_told_at_its_field_and_the_first_has_the_focus(
    gallery: Stack, browsing: BrowserContext
) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    order, region, agree = panel.locator("#reference"), panel.locator("#region"), panel.locator("#agree")
    order.fill("004211")
    panel.get_by_role("button", name="Check again").click()
    expect(region).to_be_focused()
    expect(order).to_have_accessible_description("")
    expect(order).to_have_attribute("aria-invalid", "false")
    expect(region).to_have_accessible_description("Choose where the invoice is sent.")
    expect(agree).to_have_accessible_description("Tick this before you send the invoice.")
    assert findings(frame_of(tab, gallery)) == []
    region.select_option("hcm")
    agree.check()
    panel.get_by_role("button", name="Check again").click()
    expect(tab.get_by_text("Saved")).to_be_visible()
    expect(panel.locator("#again .wrong")).to_have_text(["", "", ""])


def test_what_the_form_itself_refuses_is_told_at_its_field(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    customer = panel.locator("#customer")
    customer.fill(" ")
    panel.get_by_role("button", name="Save").click()
    expect(customer).to_be_focused()
    expect(customer).to_have_accessible_description("Fill this in.")
    customer.fill("Saigon Harvest")
    panel.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Saved")).to_be_visible()
    expect(customer).to_have_accessible_description("")


def test_a_hint_and_an_error_are_both_read_out(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    panel = opened(gallery, tab)
    panel.locator("#amount").evaluate("field => { field.type = 'text'; field.value = 'much' }")
    panel.get_by_role("button", name="Save").click()
    expect(panel.locator("#amount")).to_have_accessible_description(
        "In the currency of the deal, without tax. Write a number."
    )


def test_a_form_on_the_settings_page_is_sent_too(gallery: Stack, browsing: BrowserContext) -> None:
    tab = browsing.new_page()
    page = settings_page(gallery, tab)
    page.get_by_label("Customer *").fill("Saigon Harvest")
    page.get_by_role("button", name="Save").click()
    expect(tab.get_by_text("Saved")).to_be_visible()
    expect(page.get_by_label("Customer *")).to_have_value("Saigon Harvest")


def test_without_script_all_is_read_and_nothing_typed_goes_into_the_address(
    gallery: Stack, browser: Browser
) -> None:
    url = address(gallery)
    with browser.new_context(java_script_enabled=False) as browsing:
        tab = browsing.new_page()
        tab.goto(url)
        expect(tab.get_by_role("heading")).to_have_count(8)
        tab.get_by_label("Customer *").fill("CANARY")
        tab.get_by_role("button", name="Save").click()
        tab.get_by_label("Customer *").press("Enter")
        expect(tab.get_by_label("Customer *")).to_have_value("CANARY")
        assert tab.url == url
