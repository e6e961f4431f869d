"""What a viewer finds in markup."""

import json

import pytest

from marketplace_app.testing.forms import filled_in
from marketplace_app.testing.markup import Pressable, read_markup

FORM = """
<form data-action="save" data-ticket="T" data-form='{"id": 4}'>
<label for="a">Name</label><input id="a" name="name" value="An &amp; Co">
<input type="hidden" name="kind" value="x"><input type="submit" name="ignored" value="y">
<input type="checkbox" name="on" checked><input type="checkbox" name="off" value="yes">
<input type="radio" name="size" value="s"><input type="radio" name="size" value="m" checked>
<select name="stage"><option value="1">One</option><option value="2" selected>Two</option></select>
<select name="first"><option value="f">First</option><option value="g">Second</option></select>
<textarea name="note">
Two
lines</textarea>
<button type="button" data-action="other" data-ticket="U">Other</button>
<button>Save <b>it</b></button>
</form>
"""


def test_a_form_has_its_fields_as_they_are_filled_in() -> None:
    save, other = read_markup(FORM).pressables
    assert (save.label, save.action, save.ticket, save.form) == ("Save it", "save", "T", {"id": 4})
    assert save.fields == {
        "name": "An & Co",
        "kind": "x",
        "on": "on",
        "off": None,
        "size": "m",
        "stage": "2",
        "first": "f",
        "note": "Two\nlines",
    }
    assert (other.label, other.action, other.fields) == ("Other", "other", None)


def test_a_form_is_sent_as_a_browser_sends_it() -> None:
    save = read_markup(FORM).pressables[0]
    sent = filled_in(save, {"name": "B", "off": True, "on": False, "stage": 3})
    assert sent == {
        "id": 4,
        "name": "B",
        "kind": "x",
        "off": "yes",
        "size": "m",
        "stage": "3",
        "first": "f",
        "note": "Two\nlines",
    }
    assert filled_in(save, {"on": True})["on"] == "on"
    with pytest.raises(LookupError, match="no field 'nme'"):
        filled_in(save, {"nme": "B"})


def test_what_is_not_seen_is_not_read() -> None:
    found = read_markup(
        "<head><title>No</title></head><body data-state='complete'><script>no()</script>"
        "<template><p>No</p></template><div hidden><p>No <span>No</span></p><br></div>"
        "<p>Yes,</p><p>in<b>deed</b>\n and <br>again</p><style>no</style></body>"
    )
    assert found.text == "Yes, indeed and again"
    assert found.body == {"data-state": "complete"}
    assert found.pressables == []


def test_a_button_is_found_by_what_is_read_out_too() -> None:
    (button,) = read_markup('<button data-action="a" aria-label="Remind An">Remind</button>').pressables
    assert all(button.answers_to(name) for name in ("Remind", "Remind An", "a"))
    assert not button.answers_to("b")


@pytest.mark.parametrize("tag", ["button", "a"])
def test_what_needs_no_server_is_a_command(tag: str) -> None:
    command = {"kind": "redirect_to", "args": {"view": "deals"}}
    (found,) = read_markup(f"<{tag} data-command='{json.dumps(command)}'>D</{tag}>").pressables
    assert found.command == command
    assert found.action == ""


def test_what_does_nothing_is_no_button() -> None:
    assert (
        read_markup("<button>Idle</button><a href='x'>Link</a><form><button>S</button></form>").pressables
        == []
    )
    assert filled_in(Pressable("a", "T", {"id": 1}), {"more": 2}) == {"id": 1, "more": 2}
