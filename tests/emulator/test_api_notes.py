"""Notes and their comments: always about something, harmless, and theirs who may see it."""

from typing import Any

import pytest

from pipedrive_emulator.api.html import sanitised
from tests.emulator.client import HUY, JACK, LINH, MARTA, VICTOR, ApiAs, Client

HOUR = 3600.0
BAD: list[tuple[dict[str, Any], str]] = [
    ({"deal_id": 1}, "content is required"),
    ({"content": "", "deal_id": 1}, "content is required"),
    ({"content": "<script>x</script>", "deal_id": 1}, "content is required"),
    ({"content": "x"}, "one of lead_id, deal_id, person_id, org_id, project_id, task_id is required"),
    ({"content": "x", "deal_id": 999}, "Deal 999 was not found"),
    ({"content": "x", "task_id": 999}, "Task 999 was not found"),
    ({"content": "x", "lead_id": "nothing"}, "Lead nothing was not found"),
    ({"content": "x", "deal_id": 1, "pinned_to_person_flag": 1}, "pinned_to_person_flag needs person_id"),
    ({"content": "x", "deal_id": 1, "pinned_to_deal_flag": 2}, "pinned_to_deal_flag must be 0 or 1"),
    ({"content": "x" * 100_001, "deal_id": 1}, "content is longer than 100000 bytes"),
    ({"content": "x", "deal_id": 1, "add_time": "yesterday"}, "'add_time' is not a valid datetime"),
    ({"content": "x", "deal_id": 1, "user_id": HUY}, f"User {HUY} was not found"),
]

HTML = [
    ("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"),
    ("a<script>alert(1)</script>b", "ab"),
    ("<img src=x onerror=alert(1)>", "<img>"),
    ('<a href="javascript:alert(1)">x</a>', "<a>x</a>"),
    ('<a href=" java\nscript:alert(1)">x</a>', "<a>x</a>"),
    ('<a href="https://a.example/?a=1&amp;b=2">x</a>', '<a href="https://a.example/?a=1&amp;b=2">x</a>'),
    ('<p style="position:fixed" onclick="x()">x</p>', "<p>x</p>"),
    ("<iframe src=//evil.example><b>x</b></iframe>y", "y"),
    ("<svg><script>x</script></svg>1 &lt; 2 &#8364;", "1 &lt; 2 &#8364;"),
    ("<!-- x -->a < b", "a &lt; b"),
    ("<br><hr/>", "<br><hr>"),
]


def add(api: ApiAs, **body: Any) -> dict[str, Any]:
    note: dict[str, Any] = api.write("POST", "/api/v1/notes", **body)
    return note


def numbers(api: ApiAs, **query: Any) -> list[int]:
    return [note["id"] for note in api.get("/api/v1/notes", **query)]


@pytest.mark.parametrize(("body", "complaint"), BAD, ids=range(len(BAD)))
def test_a_bad_note_is_refused(marta: ApiAs, body: dict[str, Any], complaint: str) -> None:
    before = numbers(marta)
    assert complaint in marta.refused("POST", "/api/v1/notes", 400, json=body)["error"]
    assert numbers(marta) == before


@pytest.mark.parametrize(("text", "kept"), HTML)
def test_html_is_made_harmless(text: str, kept: str) -> None:
    assert sanitised(text) == kept


def test_a_note_tells_what_it_is_about(marta: ApiAs) -> None:
    note = add(marta, content="<p onclick=x>Call</p>", deal_id=1, pinned_to_deal_flag="1", user_id=JACK)
    assert note["content"] == "<p>Call</p>"
    assert note["deal"] == {"title": marta.get("/api/v2/deals/1")["title"]}
    assert (note["person"], note["pinned_to_deal_flag"], note["user_id"]) == (None, True, JACK)
    assert note["user"]["is_you"] is False
    assert marta.get(f"/api/v1/notes/{note['id']}") == note


def test_only_admins_write_in_the_name_of_others(client: Client) -> None:
    linh = client.as_user(LINH)
    body = {"content": "x", "deal_id": 16, "user_id": JACK}
    linh.refused("POST", "/api/v1/notes", 403, json=body)
    assert add(linh, **body | {"user_id": LINH})["user_id"] == LINH


def test_a_note_keeps_its_time_and_tells_who_changed_it(marta: ApiAs) -> None:
    note = add(marta, content="x", person_id=1, add_time="2020-02-03 04:05:06")
    assert note["add_time"] == "2020-02-03 04:05:06"
    assert note["last_update_user_id"] is None
    marta.emulator.control("clock", {"advance_seconds": HOUR / 2})
    changed = marta.write("PUT", f"/api/v1/notes/{note['id']}", content="y")
    assert (changed["content"], changed["last_update_user_id"]) == ("y", MARTA)
    assert changed["update_time"] > note["update_time"]


def test_a_note_moves_but_never_loses_its_last_link(marta: ApiAs) -> None:
    path = f"/api/v1/notes/{add(marta, content='x', deal_id=1, pinned_to_deal_flag=1)['id']}"
    assert "is required" in marta.refused("PUT", path, 400, json={"deal_id": None})["error"]
    moved = marta.write("PUT", path, deal_id=None, org_id=1)
    assert (moved["deal_id"], moved["pinned_to_deal_flag"], moved["org_id"]) == (None, False, 1)


def test_notes_are_found_by_link_pin_author_day_and_change(marta: ApiAs) -> None:
    old = add(marta, content="old", deal_id=2, add_time="2020-02-03 23:00:00", user_id=JACK)["id"]
    new = add(marta, content="new", deal_id=2, person_id=1, pinned_to_person_flag=1)["id"]
    of_deal = numbers(marta, deal_id=2)
    assert {old, new} <= set(of_deal)
    assert old not in numbers(marta, person_id=1)
    assert numbers(marta, deal_id=2, pinned_to_person_flag=1) == [new]
    assert old in numbers(marta, user_id=JACK)
    assert new not in numbers(marta, user_id=JACK)
    assert numbers(marta, end_date="2020-02-03") == [old]
    assert old not in numbers(marta, start_date="2020-02-04")
    assert numbers(marta, deal_id=2, sort="id DESC") == sorted(of_deal, reverse=True)
    marta.refused("GET", "/api/v1/notes", 400, params={"sort": "colour"})


def test_updated_since_finds_what_changed(marta: ApiAs) -> None:
    first = add(marta, content="x", deal_id=2)["id"]
    marta.emulator.control("clock", {"advance_seconds": HOUR / 2})
    second = add(marta, content="x", deal_id=2)
    since = second["update_time"].replace(" ", "T") + "Z"
    assert numbers(marta, updated_since=since) == [second["id"]]
    marta.write("PUT", f"/api/v1/notes/{first}", content="y")
    assert numbers(marta, updated_since=since) == [first, second["id"]]


def test_a_note_is_seen_with_what_it_is_about(client: Client, marta: ApiAs) -> None:
    hidden = add(marta, content="x", deal_id=15)["id"]
    shown = add(marta, content="x", deal_id=1)["id"]
    victor = client.as_user(VICTOR)
    victor.refused("GET", f"/api/v1/notes/{hidden}", 404)
    assert hidden not in numbers(victor)
    assert shown in numbers(client.as_user(JACK))


def test_a_deleted_note_is_gone_and_no_longer_counted(marta: ApiAs) -> None:
    def count() -> int:
        return int(marta.get("/api/v2/deals/2", include_fields="notes_count")["notes_count"])

    before = count()
    note = add(marta, content="x", deal_id=2)["id"]
    assert count() == before + 1
    assert marta.write("DELETE", f"/api/v1/notes/{note}") is True
    marta.refused("GET", f"/api/v1/notes/{note}", 404)
    marta.refused("DELETE", f"/api/v1/notes/{note}", 404)
    assert count() == before
    assert note not in numbers(marta)


def test_comments_belong_to_a_note_and_their_authors(client: Client, marta: ApiAs) -> None:
    path = f"/api/v1/notes/{add(marta, content='x', deal_id=1)['id']}/comments"
    other = f"/api/v1/notes/{add(marta, content='y', deal_id=1)['id']}/comments"
    first = marta.write("POST", path, content="<b>one</b><script>x</script>")
    jack = client.as_user(JACK)
    second = jack.write("POST", path, content="two")
    assert [row["content"] for row in jack.get(path)] == ["<b>one</b>", "two"]
    assert [row["content"] for row in jack.get(path, start=1, limit=1)] == ["two"]
    jack.refused("PUT", f"{path}/{first['uuid']}", 403, json={"content": "z"})
    jack.refused("GET", f"{other}/{first['uuid']}", 404)
    assert marta.write("PUT", f"{path}/{second['uuid']}", content="2")["updater_id"] == MARTA
    assert jack.write("DELETE", f"{path}/{second['uuid']}") is True
    assert [row["uuid"] for row in marta.get(path)] == [first["uuid"]]
    marta.refused("POST", path, 400, json={"content": " "})
