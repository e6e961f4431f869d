from typing import Any

import pytest

from examples.calls.call import number_of
from marketplace_app.testing.surface import Surface

UNKNOWN = "+999 000 111 222"


def somebody(pipedrive: Any) -> tuple[int, str, str]:
    """Id, name and number of a person of Marta's company whose number nobody else has."""
    people = [each for each in pipedrive.records("persons").values() if each.get("phones")]
    numbers = [each["phones"][0]["value"] for each in people]
    found = next(each for each in people if numbers.count(each["phones"][0]["value"]) == 1)
    return found["id"], found["name"], found["phones"][0]["value"]


def calls_of(pipedrive: Any) -> dict[int, dict[str, Any]]:
    return {
        number: each for number, each in pipedrive.records("activities").items() if each["type"] == "call"
    }


def test_a_call_is_logged_by_one_press(surface: Surface, pipedrive: Any) -> None:
    person, name, number = somebody(pipedrive)
    before = calls_of(pipedrive)
    page = surface.open("call", data={"number": number})
    assert name in page.text
    begun = page.press(f"Call {name}")
    assert begun.kinds == ["set_focus_mode", "set_notification", "fragment"]
    assert begun.command("set_focus_mode")["args"] is True
    assert "On the phone" in begun.page.text
    surface.advance(125)
    ended = begun.page.press("End and log the call", note="Wants an offer")
    assert ended.snackbars == ["The call is logged"]
    assert ended.command("set_focus_mode")["args"] is False
    assert ended.command("set_notification")["args"] == {"number": 0}
    (logged,) = [each for key, each in calls_of(pipedrive).items() if key not in before]
    assert (logged["subject"], logged["done"], logged["duration"]) == (
        f"Call with {number}",
        True,
        "00:03:00",
    )
    assert "Wants an offer" in logged["note"]
    assert person in [each["person_id"] for each in logged["participants"]]


def test_a_number_that_nobody_has_is_logged_without_a_person(surface: Surface, pipedrive: Any) -> None:
    before = calls_of(pipedrive)
    page = surface.open("call", data={"call": {"number": UNKNOWN}})
    assert "Nobody in Pipedrive has this number" in page.text
    page.press("Call").page.press("End and log the call")
    (logged,) = [each for key, each in calls_of(pipedrive).items() if key not in before]
    assert logged["subject"] == f"Call with {UNKNOWN}"
    assert not logged["participants"]


def test_without_a_number_it_says_what_to_do(surface: Surface) -> None:
    page = surface.open("call")
    assert "Press a phone number anywhere in Pipedrive." in page.text
    assert page.press("Hide this window").kinds == ["hide_floating_window"]


@pytest.mark.parametrize(
    ("data", "number"),
    [
        ({"number": "1"}, "1"),
        ({"phoneNumber": "2"}, "2"),
        ({"call": {"number": "3"}}, "3"),
        ({"call": "4"}, ""),
        ({"number": ["5"]}, ""),
        ({}, ""),
    ],
)
def test_the_number_is_found_wherever_it_stands(data: dict[str, Any], number: str) -> None:
    assert number_of(data) == number
