"""Each part's markup, as a browser would read it, and what becomes of hostile values in it."""

import json
import re
from typing import Any

import pytest
from jinja2 import UndefinedError

from tests.harness.parts import EXAMPLES, HOSTILE, Example, Parts, ticket_for
from tests.unit.markup import Page, page_of

IDS = [f"{example.part}-{number}" for number, example in enumerate(EXAMPLES)]


def shape(html: str) -> list[tuple[str, list[str]]]:
    return [(tag, sorted(attributes)) for tag, attributes in Page(html).elements]


# ---- every part


def test_the_examples_give_every_argument_of_every_part(parts: Parts) -> None:
    given: dict[str, set[str]] = {}
    for example in EXAMPLES:
        given.setdefault(example.part, set()).update(example.given)
    assert given == parts.arguments()


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_nothing_in_a_part_needs_a_looser_policy(parts: Parts, example: Example) -> None:
    page = Page(parts.html(example.part, example.given, example.inside))
    assert not {tag for tag, _ in page.elements} & {"script", "style", "iframe", "img"}
    names = {name for _, attributes in page.elements for name in attributes}
    assert not [name for name in names if name == "style" or name.startswith("on")]


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_hostile_values_change_neither_elements_nor_attributes(parts: Parts, example: Example) -> None:
    sound = shape(parts.html(example.part, example.given, example.inside))
    for text in HOSTILE:
        for name, html in parts.spoilt(example, text):
            if name not in ("href", "items"):  # where a link may come out as none
                assert shape(html) == sound, (name, text)


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_no_value_becomes_a_link_that_runs(parts: Parts, example: Example) -> None:
    for text in HOSTILE:
        for name, html in parts.spoilt(example, text):
            for link in Page(html).having("href"):
                assert re.match(r"(https?|mailto|tel):|[^:]*([/?#]|$)", link["href"]), (name, text)


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_what_is_referred_to_is_there(parts: Parts, example: Example) -> None:
    page = Page(parts.html(example.part, example.given, example.inside))
    ids = [attributes["id"] for attributes in page.having("id")]
    assert len(set(ids)) == len(ids)
    for name in ("for", "aria-describedby", "aria-labelledby"):
        told = {word for attributes in page.having(name) for word in attributes[name].split()}
        assert told <= set(ids)


def test_a_word_that_is_not_known_is_an_error(parts: Parts) -> None:
    with pytest.raises(UndefinedError):
        parts.html("field", {"label": "x", "name": "x", "kind": "colour"})
    with pytest.raises(UndefinedError):
        parts.html("card", {"title": "x", "level": 4}, "x")


# ---- what is pressed


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"action": "done"}, {"data-action": "done", "data-ticket": "ticket of done"}),
        (
            {"action": "done", "form": {"id": 1, "name": 'a "b" <c>'}},
            {
                "data-action": "done",
                "data-ticket": "ticket of done",
                "data-form": '{"id":1,"name":"a \\"b\\" <c>"}',
            },
        ),
        (
            {"modal": {"type": "person"}, "then": "link-person"},
            {
                "data-command": '{"kind":"open_modal","args":{"type":"person"},"press":'
                '{"action":"link-person","ticket":"ticket of link-person","form":{}}}'
            },
        ),
        (
            {"modal": {"type": "deal"}},
            {"data-command": '{"kind":"open_modal","args":{"type":"deal"}}'},
        ),
        (
            {"redirect": {"view": "deals", "id": 1}},
            {"data-command": '{"kind":"redirect_to","args":{"view":"deals","id":1}}'},
        ),
        ({"refreshes": True}, {"data-command": '{"kind":"refresh"}'}),
        ({"closes": True}, {"data-command": '{"kind":"close_modal"}'}),
        (
            {"refreshes": True, "of_menu": "more-items"},
            {
                "data-command": '{"kind":"refresh"}',
                "popovertarget": "more-items",
                "popovertargetaction": "hide",
            },
        ),
        ({"hint": "Move on", "name": "Go to Offer"}, {"title": "Move on", "aria-label": "Go to Offer"}),
        ({"hint": "Go"}, {}),
    ],
)
def test_a_button_says_what_it_does(parts: Parts, given: dict[str, Any], expected: dict[str, str]) -> None:
    found = page_of(parts, "button", label="Go", id="go", ticket=ticket_for, **given).one("button")
    place = {"type": "button", "class": "item" if "of_menu" in given else "button", "id": "go"}
    assert found == place | expected


def test_what_acts_needs_a_ticket(parts: Parts) -> None:
    with pytest.raises(UndefinedError, match="'ticket' is undefined"):
        parts.html("button", {"label": "Go", "action": "go"})
    with pytest.raises(UndefinedError, match="'ticket' is undefined"):
        parts.html("menu", {"label": "More", "id": "more", "items": [{"label": "Go", "action": "go"}]})


def test_a_link_opens_a_tab_without_a_way_back_and_moves_pipedrive_where_it_can(parts: Parts) -> None:
    page = page_of(
        parts, "button", label="Open", href="https://a.example/?a=1&b=2", redirect={"view": "deals"}
    )
    assert page.one("a") == {
        "class": "button",
        "href": "https://a.example/?a=1&b=2",
        "target": "_blank",
        "rel": "noopener noreferrer",
        "data-command": '{"kind":"redirect_to","args":{"view":"deals"}}',
    }


@pytest.mark.parametrize("part", ["link", "button", "row"])
def test_a_link_that_would_run_something_is_only_its_label(parts: Parts, part: str) -> None:
    label = {"title": "Open"} if part == "row" else {"label": "Open"}
    page = page_of(parts, part, href="javascript:alert(1)", id="open", **label)
    assert page.having("href") == []
    assert "Open" in page.text
    assert "javascript" not in page.text


def test_a_menu_is_the_browsers_own(parts: Parts) -> None:
    items = [{"label": "Copy", "action": "copy", "form": {"id": 1}}, {"label": "Open", "href": "/x"}]
    page = page_of(parts, "menu", label="More", id="more", items=items, ticket=ticket_for, name="More of A-1")
    opener, copy = [attributes for tag, attributes in page.elements if tag == "button"]
    assert opener == {
        "type": "button",
        "class": "button",
        "id": "more",
        "popovertarget": "more-items",
        "aria-label": "More of A-1",
    }
    assert page.one("ul") == {
        "class": "items",
        "id": "more-items",
        "popover": "auto",
        "aria-labelledby": "more",
    }
    assert (copy["popovertarget"], copy["popovertargetaction"]) == ("more-items", "hide")
    assert (copy["data-action"], copy["data-form"]) == ("copy", '{"id":1}')
    assert [attributes.get("data-action") for attributes in page.having("autofocus")] == ["copy"]
    assert page.one("a")["class"] == "item"


# ---- what stands there


def test_a_card_is_a_section_with_its_heading(parts: Parts) -> None:
    page = page_of(parts, "card", "within", title="Invoices", note="3")
    assert page.one("section") == {"class": "card", "aria-label": "Invoices"}
    assert page.text.split() == ["Invoices", "3", "within"]
    assert [tag for tag, _ in page.elements] == ["section", "h2", "span"]
    first = page_of(parts, "card", "within", title="Invoices", level=1)
    assert [tag for tag, _ in first.elements] == ["section", "h1"]


def test_a_card_without_a_title_has_no_heading(parts: Parts) -> None:
    assert page_of(parts, "card", "within").elements == [("section", {"class": "card"})]


def test_a_row_has_its_title_its_detail_its_mark_and_what_is_pressed(parts: Parts) -> None:
    page = page_of(parts, "row", "pressed", title="A-17", detail="€ 12", mark="late", tone="bad")
    assert page.text.split() == ["A-17", "late", "€", "12", "pressed"]
    assert [attributes.get("class") for _, attributes in page.elements] == [
        "row",
        "what",
        "name",
        None,
        "tag bad",
        "detail",
        "controls",
    ]


def test_a_row_may_be_a_title_alone(parts: Parts) -> None:
    assert [tag for tag, _ in page_of(parts, "row", title="A-17").elements] == ["li", "div", "p", "span"]


def test_a_row_that_leads_somewhere_is_a_link(parts: Parts) -> None:
    page = page_of(parts, "row", title="A-17", href="https://a.example", redirect={"view": "deals", "id": 1})
    link = page.one("a")
    assert (link["class"], link["href"]) == ("link", "https://a.example")
    assert json.loads(link["data-command"])["args"] == {"view": "deals", "id": 1}


def test_an_empty_state_says_what_to_do(parts: Parts) -> None:
    page = page_of(parts, "empty", "pressed", title="No invoices", advice="Make the first.")
    assert " ".join(page.text.split()) == "No invoices Make the first. pressed"
    assert page.one("svg")["aria-hidden"] == "true"


@pytest.mark.parametrize(("language", "text"), [("en", "Try again"), ("vi", "Thử lại")])
def test_an_error_offers_another_try_where_that_helps(parts: Parts, language: str, text: str) -> None:
    page = Page(parts.html("error", {"sentence": "Not loaded.", "id": "again"}, language=language))
    assert page.one("button") == {
        "type": "button",
        "class": "button quiet",
        "id": "again",
        "data-command": '{"kind":"refresh"}',
    }
    assert page.text.strip() == f"Not loaded. {text}"
    assert "button" not in dict(page_of(parts, "error", sentence="Hidden.", can_retry=False).elements)


@pytest.mark.parametrize(("language", "text"), [("en", "Loading"), ("vi", "Đang tải")])
def test_a_skeleton_is_seen_as_bars_and_heard_as_a_word(parts: Parts, language: str, text: str) -> None:
    page = Page(parts.html("skeleton", {"bars": ["wide", "tall"]}, language=language))
    assert page.text.strip() == text
    assert [attributes["class"] for tag, attributes in page.elements if tag == "i"] == ["wide", "tall"]
    assert page.one("div") == {"class": "skeleton", "aria-hidden": "true"}
