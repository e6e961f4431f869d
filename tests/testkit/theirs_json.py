"""What an author of JSON surfaces writes; test_surface.py runs it on the app of JSON surfaces."""

from typing import Any

import pytest

from marketplace_app.testing.surface import Surface


def test_a_json_panel_has_its_rows(surface: Surface, pipedrive: Any) -> None:
    page = surface.open("offers", deal=1)
    assert page.status == 200
    assert page.json["data"][0]["header"] == pipedrive.records("deals")[1]["title"]
    assert [call["path"] for call in page.api_calls] == ["/api/v2/deals/1"]


def test_a_form_is_sent_with_what_it_holds(surface: Surface, pipedrive: Any) -> None:
    page = surface.open("note", deal=1)
    assert page.form is not None
    title = pipedrive.records("deals")[1]["title"]
    assert page.form.body == {"kind": "offer", "due": "", "note": title, "origin": "menu"}
    reply = page.press("Create", note="From the form")
    assert reply.snackbars == ["Renamed"]
    assert pipedrive.records("deals")[1]["title"] == "From the form"
    assert page.press("create", note="And again").snackbars == ["Renamed"]
    assert pipedrive.records("deals")[1]["title"] == "And again"


def test_a_change_is_asked_about(surface: Surface) -> None:
    page = surface.open("note", deal=1).change("kind", kind="contract")
    assert page.form is not None
    assert page.json["data"]["blocks"]["due"]["value"] == "2027-01-01"
    assert "due" not in page.form.body  # seen of an offer alone
    assert page.form.values["due"] == "2027-01-01"
    assert page.press("Create", kind="offer", note="x").status == 200


def test_errors_are_told_at_their_blocks(surface: Surface) -> None:
    reply = surface.open("note", deal=1).press("Create", note="field")
    assert reply.errors == {"due": "Choose a working day"}
    assert surface.open("note", deal=1).press("Create", note="fail refused").messages


def test_what_is_not_there_is_told_with_what_is(surface: Surface) -> None:
    page = surface.open("note", deal=1)
    with pytest.raises(
        LookupError, match=r"no button 'Make'; it has: 'Cancel' \(stop\), 'Create' \(create\)"
    ):
        page.press("Make")
    with pytest.raises(LookupError, match="no block 'notes'; it has: kind, due, note, origin"):
        page.press("Create", notes="x")
    with pytest.raises(LookupError, match="offers is no JSON modal"):
        surface.open("offers", deal=1).change("kind")


def test_who_is_not_connected_is_told(surface: Surface) -> None:
    absent = surface.as_user("Victor", installed=False)
    assert absent.open("note", deal=1).status == 401
    assert absent.open("offers", deal=1).status == 403
