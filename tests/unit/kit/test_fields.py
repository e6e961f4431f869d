"""Forms and fields of the kit: labels, values, bounds, and where what is wrong is told."""

from typing import Any

import pytest

from tests.harness.parts import Parts, ticket_for
from tests.unit.markup import page_of

TAGS = ("input", "select", "textarea")
KINDS = ("text", "number", "date", "select", "textarea", "checkbox")


def test_a_form_sends_its_fields_and_its_values_to_an_action(parts: Parts) -> None:
    page = page_of(
        parts, "form", "fields", action="save", ticket=ticket_for, submit="Save", values={"id": 1}, id="f"
    )
    assert page.one("form") == {
        "class": "form",
        "method": "dialog",
        "id": "f",
        "data-action": "save",
        "data-ticket": "ticket of save",
        "data-form": '{"id":1}',
    }
    assert page.one("button") == {"type": "submit", "class": "button primary", "id": "f-submit"}
    assert page.text.split() == ["fields", "Save"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_has_a_label_and_a_place_for_what_is_wrong(parts: Parts, kind: str) -> None:
    page = page_of(parts, "field", label="Amount", name="amount", kind=kind)
    control = page.one(*TAGS)
    assert (control["id"], control["name"]) == ("amount", "amount")
    assert page.one("label")["for"] == "amount"
    assert control["aria-describedby"] == "amount-error"
    assert page.elements[-1] == ("p", {"class": "wrong", "id": "amount-error"})
    assert not {"required", "aria-invalid", "min", "max", "maxlength", "checked"} & set(control)


@pytest.mark.parametrize("kind", KINDS)
def test_a_field_tells_its_hint_and_its_error(parts: Parts, kind: str) -> None:
    given: dict[str, Any] = {"id": "own", "hint": "Without tax.", "error": "Too much.", "required": True}
    page = page_of(parts, "field", label="Amount", name="amount", kind=kind, **given)
    control = page.one(*TAGS)
    assert (control["id"], control["name"]) == ("own", "amount")
    assert control["aria-describedby"] == "own-hint own-error"
    assert control["aria-invalid"] == "true"
    assert "required" in control
    assert [attributes["id"] for tag, attributes in page.elements if tag == "p"] == ["own-hint", "own-error"]
    assert " ".join(page.text.split()) == "Amount * Without tax. Too much."


def test_a_place_for_what_is_wrong_is_empty_to_the_last_space(parts: Parts) -> None:
    """Only then the style sheet leaves it out."""
    assert '<p class="wrong" id="x-error"></p>' in parts.html("field", {"label": "x", "name": "x"})


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "a", "a"),
        ("text", None, ""),
        ("number", 0, "0"),
        ("number", 1.5, "1.5"),
        ("date", "2026-12-24", "2026-12-24"),
    ],
)
def test_a_field_shows_its_value(parts: Parts, kind: str, value: object, expected: str) -> None:
    control = page_of(parts, "field", label="x", name="x", kind=kind, value=value).one("input")
    assert (control["type"], control["value"]) == (kind, expected)


def test_bounds_may_be_zero(parts: Parts) -> None:
    control = page_of(parts, "field", label="x", name="x", kind="number", min=0, max=0).one("input")
    assert (control["min"], control["max"], control["step"]) == ("0", "0", "any")


@pytest.mark.parametrize(("value", "chosen"), [("30", ["30"]), (30, ["30"]), ("7", []), (None, [""])])
def test_a_select_has_its_value_chosen(parts: Parts, value: object, chosen: list[str]) -> None:
    choices = [("", "Choose"), (14, "14 days"), ("30", "30 days")]
    page = page_of(parts, "field", label="x", name="x", kind="select", value=value, choices=choices)
    options = [attributes for tag, attributes in page.elements if tag == "option"]
    assert [option["value"] for option in options] == ["", "14", "30"]
    assert [option["value"] for option in options if "selected" in option] == chosen


def test_a_text_area_keeps_its_lines(parts: Parts) -> None:
    """A browser drops the first line break after the tag, so one stands there on purpose."""
    html = parts.html("field", {"label": "x", "name": "x", "kind": "textarea", "value": "\na\nb"})
    assert '">\n\na\nb</textarea>' in html


@pytest.mark.parametrize("checked", [True, False])
def test_a_checkbox_sends_true(parts: Parts, *, checked: bool) -> None:
    control = page_of(parts, "field", label="x", name="x", kind="checkbox", checked=checked).one("input")
    assert (control["value"], "checked" in control) == ("true", checked)
