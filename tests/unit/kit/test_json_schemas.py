"""The schema file that was uploaded, compared with the code it was made of."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace_app.kit.json_modal import ModalShape
from marketplace_app.kit.json_panel import PanelShape
from marketplace_app.kit.json_schemas import file_text, first_difference
from tests.unit.kit.json_examples import Document, Everything

SCHEMA = PanelShape.of(Everything, is_list=True).schema()
FORM = ModalShape.of(Document).schema()


@pytest.mark.parametrize("schema", [SCHEMA, FORM])
def test_a_written_file_does_not_differ(schema: dict[str, Any]) -> None:
    text = file_text(schema)
    assert text.endswith("}\n")
    assert first_difference(schema, json.loads(text)) == ""


def changed(schema: dict[str, Any], *path: str, to: Any = None) -> dict[str, Any]:
    """A copy in which that place has another value, or is gone."""
    made = copy.deepcopy(schema)
    place = made
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return made


FIELDS = ("items", "properties")


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (changed(SCHEMA, "type", to="object"), '/type is "object" in the file and "array" in code'),
        (changed(SCHEMA, *FIELDS, "mail"), "/items/properties/mail is in code and not in the file"),
        (
            changed(SCHEMA, *FIELDS, "old", to={}),
            "/items/properties/old is in the file and not in code",
        ),
        (
            changed(SCHEMA, *FIELDS, "score", "label", to="Score"),
            '/items/properties/score/label is "Score" in the file and "Score of the year" in code',
        ),
        (changed(SCHEMA, "items", "required", to=["id"]), "/items/required has 1 parts in the file and 3"),
        (changed(SCHEMA, "items", "required", to=["id", "mail", "state"]), "/items/required/1 is"),
        ([], "the whole is [] in the file"),
        (1, "the whole is 1 in the file"),
    ],
)
def test_the_first_difference_is_told_with_its_place(file: Any, sentence: str) -> None:
    assert first_difference(SCHEMA, file).startswith(sentence)


def test_the_order_of_fields_counts_and_that_of_other_keys_does_not() -> None:
    turned = copy.deepcopy(SCHEMA)
    properties = turned["items"]["properties"]
    turned["items"]["properties"] = dict(reversed(properties.items()))
    assert "/items/properties has the order topics, total" in first_difference(SCHEMA, turned)
    assert first_difference(SCHEMA, dict(reversed(SCHEMA.items()))) == ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a"]),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.sampled_from("abc"), part),
)


@settings(deadline=None)
@given(json_values, json_values)
def test_two_values_differ_exactly_when_their_texts_do(code: Any, file: Any) -> None:
    is_same = json.dumps(code, sort_keys=True) == json.dumps(file, sort_keys=True)
    assert (first_difference(code, file) == "") == is_same
