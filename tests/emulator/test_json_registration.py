"""What Developer Hub would not save is refused at registration, with the place where it stands."""

from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from pipedrive_emulator.apps import Apps
from pipedrive_emulator.registration import RegistrationRefused, read_app
from pipedrive_emulator.store import MemoryStore
from tests.emulator import json_apps
from tests.emulator.app_behind import AppBehind
from tests.emulator.json_apps import DOCUMENT, OFFERS, PERSON, block, field, form_schema, surface, surfaces

HERE = AppBehind("http://127.0.0.1:9")
Change = Callable[[dict[str, Any]], Any]


def refusal(*rows: dict[str, Any]) -> str:
    try:
        read_app(json_apps.registration(HERE, *rows), Apps(MemoryStore()), Path())
    except RegistrationRefused as refused:
        return str(refused)
    return ""


def panel(schema: Any = OFFERS, **more: Any) -> dict[str, Any]:
    return surface(
        "offers", "json_panel", **{"schema": schema, "view": "deal", "jwt_secret": "panels", **more}
    )


def form(schema: Any = DOCUMENT, **more: Any) -> dict[str, Any]:
    return surface("document", "json_modal", schema=schema, **more)


def test_good_schemas_are_kept_with_everything_that_belongs_to_them() -> None:
    app = read_app(json_apps.registration(HERE), Apps(MemoryStore()), Path())
    first = app.surfaces[0]
    assert (first.schema, first.basic, first.secret) == (OFFERS, json_apps.BASIC, json_apps.PANEL_SECRET)


def test_a_schema_may_stand_in_a_file_beside_the_manifest(tmp_path: Path) -> None:
    (tmp_path / "offers.json").write_text('{"type": "object", "properties": {}}')
    with pytest.raises(RegistrationRefused, match=r"/surfaces/0/schema/properties \(offers\)"):
        read_app(json_apps.registration(HERE, panel("offers.json")), Apps(MemoryStore()), tmp_path)


def listing(**properties: Any) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "object", "properties": properties}}


FIELDS = {f"f{number}": field("text") for number in range(21)}
BLOCKS = {f"b{number}": block("separator") for number in range(11)}
BUTTON = json_apps.action("primary", "Go", "request")
MANY = {f"a{number}": BUTTON for number in range(3)}
BAD_SCHEMAS: list[tuple[dict[str, Any], str]] = [
    (panel(None), "/schema (offers): a json_panel needs its JSON schema"),
    (panel([]), "/schema (offers): the whole should be object"),
    (
        panel({"type": "object", "properties": {}}),
        "/schema/properties (offers): should NOT have fewer than 1",
    ),
    (
        panel(listing(a={"$ref": "#/definitions/money"})),
        "/schema/items/properties/a/$ref (offers): should be equal",
    ),
    (
        panel(listing(a={"type": "string"})),
        "/schema/items/properties/a (offers): should have required property '$ref'",
    ),
    (panel(listing(a=field("text"))), "needs a header, because the panel lists several objects"),
    (panel(listing(header=field("header"), again=field("header"))), "has 2 headers"),
    (panel(listing(header=field("header"), **FIELDS)), "has 21 fields; Pipedrive shows at most 20"),
    (
        panel({**PERSON, "required": ["nobody"]}),
        "/schema/required (offers): names 'nobody', which is no property",
    ),
    (form(None), "/schema (document): a json_modal needs its JSON schema"),
    (
        form({"type": "object", "properties": {}}),
        "/schema/properties (document): should have required property",
    ),
    (form(form_schema(BLOCKS)), "blocks/properties (document): should NOT have more than 10 properties"),
    (form(form_schema({})), "blocks/properties (document): should NOT have fewer than 1 properties"),
    (
        form(form_schema({"a": block("separator")}, MANY)),
        "actions/properties (document): should NOT have more than 2",
    ),
    (
        form(form_schema({"a": block("toggle", label="A")})),
        "/schema/properties/blocks/properties/a/$ref (document): should be equal",
    ),
    (
        form(form_schema({"a": block("input", labels="A")})),
        "blocks/properties/a/options (document): should NOT have additional property 'labels'",
    ),
    (
        form(form_schema({"a": block("input", label="A", visibleOn={"b": "not_empty"})})),
        "a/options/visibleOn (document): should NOT have additional property 'b'",
    ),
    (
        form(form_schema({"a": block("datepicker", label="A", value="tomorrow")})),
        'a/options/value (document): should match format "date"',
    ),
]


@pytest.mark.parametrize(("row", "words"), BAD_SCHEMAS)
def test_a_schema_that_the_hub_would_not_take_is_refused_with_a_pointer(
    row: dict[str, Any], words: str
) -> None:
    said = refusal(row)
    assert said.startswith("/surfaces/0/schema"), said
    assert words in said


def menu(number: int, kind: str = "link_action") -> dict[str, Any]:
    return surface(f"link-{number}", kind, views=["deal/list"])


def at_the_limit() -> dict[str, Any]:
    fields = {f"f{number}": field("text") for number in range(20)}
    return listing(header=field("header"), **fields)


BAD_APPS: list[tuple[list[dict[str, Any]], str]] = [
    ([panel(title="x" * 31)], "/surfaces/0/title (offers): a name has 1 to 30 characters, this one 31"),
    ([panel(title="")], "/surfaces/0/title"),
    ([panel(description="x" * 151)], "/description (offers): at most 150 characters"),
    ([panel(view=None)], "/views (offers): a json_panel needs at least one view"),
    ([panel(views=["deal/list"])], "/views/0 (offers): a json_panel stands in deal/details"),
    ([menu(1) | {"views": ["activity/details"]}], "not in 'activity/details'"),
    ([menu(1, "widget")], "/kind (link-1): 'widget' is none of custom_panel"),
    ([panel(jwt_secret=None)], "/http_auth (offers): a JSON panel needs http_auth, or a JWT secret"),
    ([panel(), surface("own", "custom_panel", view="deal")], "2 panels stand in deal/details"),
    ([menu(number) for number in range(4)], "4 actions stand in the menu of deal/list; an app has at most 3"),
    ([panel(), panel()], "2 are named 'offers'"),
    ([surface(f"w{number}", "floating_window") for number in "12"], "an app has one floating_window, not 2"),
    ([panel(main_action="nothing")], "/main_action (offers): the app has no action 'nothing'"),
    ([panel(object_actions=["x"])], "/object_actions/0 (offers): the app has no action 'x'"),
    ([panel(field_actions={"total": "x"})], "/field_actions/total (offers): the app has no action 'x'"),
    (
        [panel(field_actions={"nope": "link-1"}), menu(1)],
        "/field_actions/nope (offers): the schema has no such field",
    ),
    (
        [panel(PERSON, object_actions=["link-1"]), menu(1)],
        "only a panel of several objects has actions on its objects",
    ),
    ([panel(object_actions=["link-1"] * 4), menu(1)], "/object_actions (offers): at most 3"),
    (
        [panel(field_actions=dict.fromkeys(("id", "state", "total", "topics"), "link-1")), menu(1)],
        "/field_actions (offers): at most 3",
    ),
]


@pytest.mark.parametrize(("rows", "words"), BAD_APPS)
def test_what_breaks_a_limit_of_the_hub_is_refused(rows: list[dict[str, Any]], words: str) -> None:
    assert words in refusal(*rows)


GOOD = [
    [panel(at_the_limit(), title="x" * 30, description="x" * 150)],
    [menu(number) for number in range(3)],
    [form(form_schema(dict(list(BLOCKS.items())[:10]), dict(list(MANY.items())[:2])))],
    [panel(object_actions=["link-1"] * 3, main_action="link-1", field_actions={"total": "link-1"}), menu(1)],
    [form(views=[])],
]


@pytest.mark.parametrize("rows", GOOD)
def test_what_just_keeps_the_limits_is_taken(rows: list[dict[str, Any]]) -> None:
    assert refusal(*deepcopy(rows)) == ""


def test_the_whole_sample_is_taken() -> None:
    assert refusal(*surfaces()) == ""
