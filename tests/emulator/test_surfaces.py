"""The address of each kind of surface, as POST /_emulator/surface gives it."""

import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.emulator.app_behind import CLIENT_ID
from tests.emulator.client import ACME, MARTA, Client
from tests.emulator.json_apps import DOCUMENT

KINDS = {
    "custom_panel": "deal/details",
    "custom_modal": "person/list",
    "floating_window": "",
    "settings_page": "",
    "link_action": "activity/list",
    "json_modal": "deal/details",
}
RECORD = {"resource": "deal", "view": "details", "selectedIds": "7"}
FRAME = {"id", "theme", "token"}


@pytest.fixture
def ask(client: Client) -> Any:
    """The query of one surface, by its kind."""
    registration = client.app.registration()
    surfaces: list[dict[str, Any]] = [
        {"name": kind, "kind": kind, "title": kind, "views": [view] if view else [], "path": f"/{kind}?own=1"}
        for kind, view in KINDS.items()
    ]
    surfaces[-1] |= {"schema": DOCUMENT, "description": "For the query alone."}
    manifest = dict(registration["manifest"]) | {"surfaces": surfaces}
    client.emulator.control("apps", registration | {"manifest": manifest})

    def query(kind: str, **place: Any) -> dict[str, str]:
        order = {"client_id": CLIENT_ID, "company_id": ACME, "user_id": MARTA, "surface": kind}
        url = client.emulator.control("surface", order | place)["url"]
        said = dict(parse_qsl(urlsplit(url).query, keep_blank_values=True))
        assert said.pop("own") == "1"
        assert (said.pop("userId"), said.pop("companyId")) == (str(MARTA), str(ACME))
        return said

    return query


@pytest.mark.parametrize("kind", ["custom_panel", "custom_modal"])
def test_panels_and_modals_are_told_the_record(ask: Any, kind: str) -> None:
    said = ask(kind, resource="deal", record_id=7)
    assert {name: said.pop(name) for name in RECORD} == RECORD
    assert set(said) == FRAME


@pytest.mark.parametrize("kind", ["floating_window", "settings_page"])
def test_floating_window_and_settings_page_stand_beside_no_record(ask: Any, kind: str) -> None:
    assert set(ask(kind, record_id=7)) == FRAME


def test_modal_of_the_sdk_gets_its_data_as_json(ask: Any) -> None:
    data = {"step": "sign", "nested": {"né": [1]}}
    assert json.loads(ask("custom_modal", data=data)["data"]) == data


@pytest.mark.parametrize(
    ("position", "extra"),
    [("json", {"context": '{"tab":"plans","n":2}'}), ("flat", {"tab": "plans", "n": "2"})],
)
def test_settings_page_gets_the_context_of_redirect_to(
    ask: Any, client: Client, position: str, extra: dict[str, str]
) -> None:
    client.emulator.turn(settings_context=position)
    said = ask("settings_page", context={"tab": "plans", "n": 2})
    assert {name: value for name, value in said.items() if name not in FRAME} == extra


LIST = {"view": "list", "selected_ids": [1, 9], "filter": {"everyone": 1}}
REST = {"excludedIds": "", "filter": '{"everyone":1}'}


def test_link_action_in_a_list_is_told_the_selection_and_the_filter(ask: Any) -> None:
    assert (
        ask("link_action", **LIST)
        == {
            "resource": "activity",
            "view": "list",
            "selectedIds": "1,9",
        }
        | REST
    )
    assert ask("link_action", **LIST | {"selected_ids": "", "excluded_ids": [4]})["excludedIds"] == "4"


def test_link_action_carries_a_token_only_when_the_switch_says_so(ask: Any, client: Client) -> None:
    assert "token" not in ask("link_action", record_id=1)
    client.emulator.turn(link_action_token="present")
    assert "token" in ask("link_action", record_id=1)


def test_custom_modal_in_a_list_gets_the_rest_of_the_selection_by_switch(ask: Any, client: Client) -> None:
    assert not set(REST) & set(ask("custom_modal", **LIST))
    client.emulator.turn(modal_list_filter="present")
    assert REST.items() <= ask("custom_modal", **LIST).items()


def test_json_modal_has_no_runtime_id(ask: Any) -> None:
    assert set(ask("json_modal", record_id=7)) == {*RECORD, "token"}


@pytest.mark.parametrize(
    "place",
    [
        {"view": "board"},
        {"record_id": {"id": 1}},
        {"selected_ids": [True]},
        {"data": "text"},
        {"filter": 3},
        {"resource": 3},
    ],
)
def test_place_that_makes_no_sense_is_refused(ask: Any, client: Client, place: dict[str, Any]) -> None:
    assert ask("custom_modal", record_id=7)
    order = {"client_id": CLIENT_ID, "company_id": ACME, "user_id": MARTA, "surface": "custom_modal"}
    refused = client.emulator.ask("surface", order | place)
    assert refused.status_code == 400
    assert next(iter(place)) in refused.json()["error"] or "selected_ids" in refused.json()["error"]
