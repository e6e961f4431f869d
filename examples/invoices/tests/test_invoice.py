from typing import Any

from marketplace_app.testing.surface import Surface

BILLED, WITH_A_LINE_THAT_IS_OFF, EMPTY = 4, 20, 1


def asked(pipedrive: Any, surface: Surface, path: str) -> list[dict[str, Any]]:
    """The API, as the person who looks and beside the app."""
    found: list[dict[str, Any]] | None = pipedrive.call(surface.person.id, "GET", path)["data"]
    return found or []


def notes_of(pipedrive: Any, surface: Surface) -> list[str]:
    return [each["content"] for each in asked(pipedrive, surface, f"/api/v1/notes?deal_id={BILLED}")]


def test_it_lists_the_products_of_the_deal_that_are_billed(surface: Surface, pipedrive: Any) -> None:
    page = surface.open("invoice", deal=WITH_A_LINE_THAT_IS_OFF)
    lines = asked(pipedrive, surface, f"/api/v2/deals/{WITH_A_LINE_THAT_IS_OFF}/products")
    assert {each["is_enabled"] for each in lines} == {True, False}
    assert all((each["name"] in page.text) is each["is_enabled"] for each in lines)
    assert "Invoice INV-0020" in page.text
    assert "Draft" in page.text


def test_it_is_marked_as_sent_once_after_a_question(surface: Surface, pipedrive: Any) -> None:
    page = surface.open("invoice", deal=BILLED)
    colleague = surface.as_user("Jack").open("invoice", deal=BILLED)
    before = notes_of(pipedrive, surface)
    question = page.press("Mark as sent")
    assert question.command("show_confirmation")["args"]["title"] == "Mark INV-0004 as sent?"
    assert notes_of(pipedrive, surface) == before
    reply = question.confirm()
    assert reply.snackbars == ["INV-0004 is marked as sent"]
    assert "Sent today" in reply.page.text
    assert len(notes_of(pipedrive, surface)) == len(before) + 1
    assert colleague.press("Mark as sent").confirm().snackbars == reply.snackbars
    assert len(notes_of(pipedrive, surface)) == len(before) + 1
    assert "Sent today" in surface.as_user("Jack").open("invoice", deal=BILLED).text


def test_a_deal_without_products_has_nothing_to_bill(surface: Surface) -> None:
    page = surface.open("invoice", deal=EMPTY)
    assert "There is nothing to bill" in page.text
    assert page.buttons == []


def test_admins_number_the_invoices_of_their_company(surface: Surface) -> None:
    reply = surface.open("invoice-settings").press("Save", prefix="NW/", days_to_pay="30")
    assert reply.snackbars == ["Saved"]
    assert "Invoice NW/0004" in surface.open("invoice", deal=BILLED).text
    theirs = surface.as_user("Huy").open("invoice-settings")
    assert 'value="INV-"' in theirs.html


def test_what_is_wrong_in_a_setting_stands_at_its_field(surface: Surface) -> None:
    reply = surface.open("invoice-settings").press("Save", prefix="<b>", days_to_pay="0")
    assert reply.errors == {"days_to_pay": "At least 1."}
    reply = surface.open("invoice-settings").press("Save", prefix="<b>", days_to_pay="14")
    assert reply.errors == {"prefix": "At most eight letters, digits, dashes and slashes."}


def test_others_see_the_settings_and_change_nothing(surface: Surface) -> None:
    page = surface.as_user("Jack").open("invoice-settings")
    assert "An admin of your company can change this." in page.text
    assert page.buttons == []


def test_it_is_read_in_the_viewers_language(surface: Surface) -> None:
    page = surface.as_user("Nguyễn Thùy Linh", "acme").open("invoice", deal=BILLED)
    assert "Hóa đơn INV-0004" in page.text
    assert "Bản nháp" in page.text
