"""What a surface was opened for: read from an unsigned query, so whatever is odd selects nothing."""

import json
from datetime import date
from urllib.parse import unquote

import pytest

from marketplace_app.domain.selection import MOST_SELECTED, ListFilter, Selection
from marketplace_app.domain.surface import Surface, SurfaceKind
from tests.unit.domain.test_ids import ODD_SPELLINGS

PANEL = Surface("deal-panel", SurfaceKind.CUSTOM_PANEL, "T", "", ("deal/details",), "/p", "s")
MODAL = Surface("sweep", SurfaceKind.CUSTOM_MODAL, "T", "", ("deal/list",), "/m", "s")


@pytest.mark.parametrize("text", ODD_SPELLINGS)
def test_a_panel_stands_beside_one_record(text: str) -> None:
    selection = Selection.of(PANEL, {"selectedIds": text})
    assert (selection.record_id, selection.ids, selection.subject) == (None, (), "")


def test_a_panels_record_is_its_subject() -> None:
    selection = Selection.of(PANEL, {"selectedIds": "42", "resource": "person", "data": '{"x":1}'})
    assert (selection.resource, selection.record_id, selection.subject) == ("deal", 42, "42")
    assert selection.data == {}
    assert Selection.of(PANEL, {}).record_id is None


def test_a_modal_may_have_many_rows() -> None:
    asked = {"resource": "deal", "view": "list", "selectedIds": "41,57", "excludedIds": "", "filter": ""}
    selection = Selection.of(MODAL, asked)
    assert (selection.ids, selection.record_id, selection.is_all) == ((41, 57), None, False)
    assert Selection.of(MODAL, {"view": "details", "selectedIds": "41"}).record_id == 41


@pytest.mark.parametrize(
    "text", ["1,", ",1", "1,,2", "1,1", "1, 2", "1,x", "1;2", ",".join(map(str, range(1, MOST_SELECTED + 2)))]
)
def test_one_bad_row_spoils_them_all(text: str) -> None:
    assert Selection.of(MODAL, {"view": "list", "selectedIds": text}).ids == ()


def test_as_many_rows_as_a_page_has_are_read() -> None:
    text = ",".join(map(str, range(1, MOST_SELECTED + 1)))
    assert len(Selection.of(MODAL, {"view": "list", "selectedIds": text}).ids) == MOST_SELECTED


def test_select_all_is_told_apart_from_nothing() -> None:
    everything = {"view": "list", "selectedIds": "", "excludedIds": "7,9", "filter": '{"everyone":1}'}
    selection = Selection.of(MODAL, everything)
    assert (selection.is_all, selection.excluded_ids, selection.filter) == (True, (7, 9), ListFilter())
    assert not Selection.of(MODAL, {"view": "list"}).is_all
    assert not Selection.of(MODAL, {"view": "list", "selectedIds": ""}).is_all
    assert not Selection.of(MODAL, {"view": "details", "selectedIds": ""}).is_all


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"filter_id":42}', ListFilter(filter_id=42)),
        ('{"user_id":42}', ListFilter(user_id=42)),
        ('{"user_id":"42"}', ListFilter(user_id=42)),
        (
            unquote("%7B%22everyone%22%3A1%2C%22activity_type%22%3A%22call%2Cmeeting%22%7D"),
            ListFilter(activity_types=("call", "meeting")),
        ),
        (
            '{"everyone":1,"activity_type":"","activity_start_date":"2026-11-01","activity_end_date":"2026-11-30"}',
            ListFilter(activity_start=date(2026, 11, 1), activity_end=date(2026, 11, 30)),
        ),
        ("", None),
        ("{}", None),
        ("[]", None),
        ("[" * 100_000, None),
        ('{"filter_id":"x"}', None),
        ('{"filter_id":true}', None),
        ('{"user_id":-1}', None),
        ('{"everyone":1,"activity_start_date":"soon"}', None),
        ('{"filter_id":1,"x":"' + "x" * 5000 + '"}', None),
    ],
)
def test_a_filter_is_understood_or_none(text: str, expected: ListFilter | None) -> None:
    assert Selection.of(MODAL, {"filter": text}).filter == expected


@pytest.mark.parametrize("name", ["data", "context"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [('{"step":"sign"}', {"step": "sign"}), ("[1]", {}), ("x", {}), ('{"a":' * 5000, {}), ('"' * 5000, {})],
)
def test_what_the_opener_hands_over_is_an_object(name: str, text: str, expected: dict[str, str]) -> None:
    assert Selection.of(MODAL, {name: text}).data == expected


def test_the_context_of_a_settings_page_may_come_as_names_of_its_own() -> None:
    page = Surface("settings", SurfaceKind.SETTINGS_PAGE, "T", "", (), "/s", "s")
    asked = {"foo": "bar", "userId": "1", "companyId": "2", "id": "rt", "theme": "dark", "token": "t"}
    selection = Selection.of(page, asked)
    assert selection.data == {"foo": "bar"}
    assert selection.subject != Selection.of(page, asked | {"foo": "baz"}).subject
    assert Selection.of(page, asked | {"context": '{"a":1}'}).data == {"a": 1}
    assert Selection.of(page, asked | {"fresh": "1"}) == selection  # a word of surface.js, not of Pipedrive
    assert Selection.of(MODAL, asked).data == {}


@pytest.mark.parametrize("text", ["//evil.example", "list/..", "deal 1", "<b>", "a" * 41, "détails"])
def test_what_is_no_word_is_no_view_and_no_resource(text: str) -> None:
    selection = Selection.of(MODAL, {"resource": text, "view": text})
    assert (selection.resource, selection.view) == ("", "")


def test_every_part_of_a_selection_makes_another_subject() -> None:
    plain = {
        "resource": "deal",
        "view": "list",
        "selectedIds": "1,2",
        "token": "a",
        "id": "rt_1",
        "theme": "dark",
    }
    changes: list[dict[str, str]] = [
        {},
        {"resource": "person"},
        {"view": "details"},
        {"selectedIds": "1"},
        {"selectedIds": "12"},
        {"excludedIds": ""},
        {"excludedIds": "3"},
        {"filter": json.dumps({"filter_id": 1})},
        {"data": "{}"},
        {"context": "{}"},
        {"objectId": "5"},
        {"fieldKey": "5"},
    ]
    subjects = [Selection.of(MODAL, plain | change).subject for change in changes]
    assert len(set(subjects)) == len(changes)
    again = Selection.of(MODAL, plain | {"token": "b", "id": "rt_2", "theme": "light", "userId": "9"})
    assert again.subject == subjects[0]
    assert Selection.of(MODAL, {}).subject == "none"
