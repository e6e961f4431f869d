"""What an author writes with the fixture `surface`; test_surface.py runs it in a pytest of its own."""

from typing import Any

import pytest

from marketplace_app.testing.surface import Surface


def test_a_panel_is_opened_and_its_button_pressed(surface: Surface) -> None:
    page = surface.open("tasks", deal=1)
    assert (page.status, page.state) == (200, "complete")
    assert [button.label for button in page.buttons] == [
        "Rename",
        "Close",
        "New person",
        "All deals",
        "Add task",
    ]
    reply = page.press("Rename")
    assert reply.snackbars == ["Done"]
    assert reply.page.text.startswith("Renamed")
    assert [(call["method"], call["path"]) for call in reply.api_calls] == [("PATCH", "/api/v2/deals/1")]
    assert reply.page.press("Rename this deal").status == 200


def test_the_next_test_begins_anew(surface: Surface, pipedrive: Any) -> None:
    assert pipedrive.records("deals")[1]["title"] != "Renamed"
    assert surface.as_user("Marta", installed=False).open("tasks", deal=1).state == "connect"
    assert pipedrive.api_calls() == []


def test_a_form_is_filled_in(surface: Surface, pipedrive: Any) -> None:
    page = surface.open("tasks", deal=1)
    since = pipedrive.ledger()[-1]["n"]
    reply = page.press("Add task", subject="Call", days=3, is_urgent=True)
    assert reply.snackbars == ["Added"]
    assert "refresh" in reply.kinds
    assert reply.page.state == "complete"
    subjects = [each["subject"] for each in pipedrive.records("activities").values()]
    assert "Call, in 3 days, urgent" in subjects
    assert [call["method"] for call in pipedrive.api_calls(since)] == ["POST", "GET"]


def test_what_is_wrong_stands_at_its_field(surface: Surface) -> None:
    page = surface.open("tasks", deal=1)
    reply = page.press("add", subject="", days="many")
    assert reply.status == 400
    assert reply.errors == {"subject": "Fill this in.", "days": "Write a whole number."}
    assert reply.messages
    assert page.button("add").press(subject="Call").snackbars == ["Added"]


def test_a_question_is_answered(surface: Surface, pipedrive: Any) -> None:
    reply = surface.open("tasks", deal=1).press("Close")
    assert reply.command("show_confirmation")["args"]["title"] == "Close this deal?"
    assert reply.api_calls == ()
    assert reply.confirm().snackbars == ["Closed"]
    assert pipedrive.records("deals")[1]["status"] == "lost"


def test_a_dialog_of_pipedrives_gives_its_record(surface: Surface, pipedrive: Any) -> None:
    reply = surface.open("tasks", deal=1).press("New person")
    assert reply.made(7).snackbars == ["Linked"]
    assert pipedrive.records("deals")[1]["person_id"] == 7


def test_a_control_that_needs_no_server_is_a_command(surface: Surface) -> None:
    assert surface.open("tasks", deal=1).press("All deals").command("redirect_to")["args"] == {
        "view": "deals"
    }


def test_a_modal_has_rows_and_data(surface: Surface) -> None:
    page = surface.on(selected=[1, 2]).open("bulk", data={"words": "to finish"})
    assert page.text.startswith("2 deals to finish")
    reply = page.press("Finish")
    assert reply.kinds == ["snackbar", "close_modal"]
    assert [call["path"] for call in reply.api_calls] == ["/api/v2/deals/1", "/api/v2/deals/2"]


def test_what_stands_alone_needs_no_record(surface: Surface) -> None:
    assert surface.open("calls").text.startswith("Calling nobody")
    page = surface.open("calls", data={"phone": "+1"})
    assert page.text.startswith("Calling +1")
    assert page.press("Hang up").command("set_notification")["args"] == {"number": 3}


def test_settings_are_each_users_own(surface: Surface) -> None:
    page = surface.open("preferences")
    assert page.text.startswith("Hello")
    assert page.press("Save", greeting="Xin chào").page.text.startswith("Xin chào")
    assert surface.open("preferences").text.startswith("Xin chào")
    assert surface.as_user("Jack").open("preferences").text.startswith("Hello")


def test_a_link_leads_away(surface: Surface) -> None:
    page = surface.open("street-map", deal=2)
    assert (page.status, page.location) == (303, "https://maps.example.com/?q=2")


def test_others_look_at_their_own(surface: Surface) -> None:
    ours, theirs = surface.open("tasks", deal=1), surface.as_user("Huy").open("tasks", deal=1)
    assert ours.text != theirs.text
    assert {call["company_id"] for call in theirs.api_calls} == {surface.as_user("Huy").person.company_id}
    assert surface.as_user(surface.person.id).person == surface.person


def test_time_is_moved_for_both(surface: Surface) -> None:
    page = surface.open("tasks", deal=1)
    surface.advance(3601)
    assert page.press("Rename").status == 409
    assert page.refresh().press("Rename").snackbars == ["Done"]


def test_what_is_not_there_is_told_with_what_is(surface: Surface) -> None:
    with pytest.raises(LookupError, match=r"no surface 'task'; it has: tasks, bulk"):
        surface.open("task", deal=1)
    with pytest.raises(LookupError, match="beside a deal: open it with deal=1"):
        surface.open("tasks", person=1)
    with pytest.raises(LookupError, match="no user 'Nobody'; there are: Marta Kask"):
        surface.as_user("Nobody")
    with pytest.raises(LookupError, match="'Linh' may be any of"):
        surface.as_user("Linh")
    page = surface.open("tasks", deal=1)
    with pytest.raises(LookupError, match=r"no button 'Dome'; it shows: 'Rename' \(rename\)"):
        page.press("Dome")
    with pytest.raises(LookupError, match="no field 'subjekt'; it has: subject, days, is_urgent"):
        page.press("add", subjekt="x")
    with pytest.raises(LookupError, match="no command 'show_confirmation'; it has: snackbar, fragment"):
        page.press("rename").confirm()


def test_what_was_put_off_is_done_when_it_is_due(surface: Surface, pipedrive: Any) -> None:
    page = surface.on(selected=[1, 2]).open("bulk")
    assert page.press("Remind me").snackbars == ["You will be reminded"]
    assert page.refresh().press("Remind me").snackbars == ["You will be reminded"]
    early = surface.run_jobs()
    assert (early.done, early.api_calls) == (0, ())
    surface.advance(601)
    ran = surface.run_jobs()
    assert (ran.done, ran.put_off, ran.dead) == (2, 0, 0)
    assert [call["path"] for call in ran.api_calls] == ["/api/v2/activities"] * 2
    assert "job done" in ran.log
    assert sum(each["subject"] == "Reminder" for each in pipedrive.records("activities").values()) == 2
    assert surface.run_jobs().done == 0
