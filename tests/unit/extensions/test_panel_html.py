"""The template, with every state in it, as a browser would read it."""

import json
import re

import pytest

from marketplace_app.extensions import EXTENSIONS
from marketplace_app.extensions.facts import DealFacts, Part, Trouble
from marketplace_app.extensions.picture import picture
from marketplace_app.kit.extension import Screen
from marketplace_app.pipedrive.resources.activities import Activity
from marketplace_app.pipedrive.resources.organizations import Organization
from marketplace_app.pipedrive.resources.persons import ContactPoint
from marketplace_app.pipedrive.resources.stages import Stage
from marketplace_app.web.templates import Templates
from tests.unit.extensions.examples import DAY, NOW, TODAY, activity, deal, facts, field, person, stand
from tests.unit.markup import Page

EVIL = "<img src=x onerror=alert(1)> \"'`{{7*7}}"
LONG = ("Hợp đồng cung cấp thiết bị làm lạnh công nghiệp và dịch vụ bảo trì " * 5)[:300]

STATES = {
    "good order": facts(activities=[activity(), activity(id=78)]),
    "every gap": facts(
        deal=deal(
            expected_close_date=TODAY - DAY,
            update_time=NOW - 30 * DAY,
            last_outgoing_mail_time=NOW - 9 * DAY,
            participants_count=1,
        ),
        activities=[activity(due_date=TODAY - DAY)],
        persons=[person(phones=[], emails=[])],
        fields=[field("Budget", required=[2, 3])],
        other_deals=[deal(id=13), deal(id=14), deal(id=15, currency="VND"), deal(id=16, owner_id=3)],
    ),
    "nobody": facts(deal=deal(person_id=None), activities=[], persons=[]),
    "new": facts(deal=deal(person_id=None, org_id=None), activities=[], persons=[], organization=None),
    "many people": facts(persons=[person(id=number, name=f"N{number}") for number in range(5, 12)]),
    "troubles": facts(activities=[], troubles=dict.fromkeys(Part, Trouble.FAILED)),
    "hidden": facts(persons=[], organization=None, troubles=dict.fromkeys(Part, Trouble.HIDDEN)),
    "won": facts(deal=deal(status="won", won_time=NOW)),
    "lost": facts(deal=deal(status="lost", lost_time=NOW, lost_reason=EVIL)),
    "archived": facts(deal=deal(is_archived=True)),
    "deleted": facts(deal=deal(is_deleted=True)),
}
TEMPLATES = Templates()


def html_of(known: DealFacts, language: str = "en", *, done: Activity | None = None) -> str:
    shown = EXTENSIONS[0].shown
    assert isinstance(shown, Screen)
    view = picture(known, stand(language), done=done)
    return TEMPLATES.render(shown.template, language, view=view, ticket=lambda action: f"<{action}>")


@pytest.fixture(params=STATES)
def known(request: pytest.FixtureRequest) -> DealFacts:
    return STATES[request.param]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_state_is_sound_markup(known: DealFacts, language: str) -> None:
    page = Page(html_of(known, language))
    assert [tag for tag, _ in page.elements].count("h1") == 1
    ids = [attributes["id"] for attributes in page.having("id")]
    assert len(set(ids)) == len(ids)


def test_nothing_in_it_needs_a_looser_policy(known: DealFacts) -> None:
    """The page's policy allows no style, script or handler in the markup."""
    page = Page(html_of(known, done=activity(done=True)))
    assert not {tag for tag, _ in page.elements} & {"script", "style", "iframe", "img"}
    names = {name for _, attributes in page.elements for name in attributes}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on")]


def test_every_control_can_be_found_again_after_a_swap(known: DealFacts) -> None:
    page = Page(html_of(known))
    controls = [
        attributes
        for tag, attributes in page.elements
        if tag in ("button", "a", "summary", "input", "details")
    ]
    assert all(attributes.get("id") for attributes in controls)


def test_every_action_has_a_ticket_of_its_own_and_a_form_that_reads(known: DealFacts) -> None:
    page = Page(html_of(known, done=activity(done=True)))
    for attributes in page.having("data-action"):
        assert attributes["data-action"] in EXTENSIONS[0].actions
        assert attributes["data-ticket"] == f"<{attributes['data-action']}>"
        assert isinstance(json.loads(attributes["data-form"]), dict)
    commands = [json.loads(attributes["data-command"]) for attributes in page.having("data-command")]
    assert {each["kind"] for each in commands} <= {"open_modal", "redirect_to", "refresh"}
    assert all(isinstance(each["args"], dict) for each in commands if each["kind"] != "refresh")
    for press in (each["press"] for each in commands if "press" in each):
        assert press["action"] in EXTENSIONS[0].actions
        assert press["ticket"] == f"<{press['action']}>"


def test_labels_name_what_they_label(known: DealFacts) -> None:
    page = Page(html_of(known))
    ids = {attributes["id"] for attributes in page.having("id")}
    assert {attributes["aria-labelledby"] for attributes in page.having("aria-labelledby")} <= ids


def test_links_open_in_a_tab_of_their_own_without_a_way_back(known: DealFacts) -> None:
    links = [attributes for tag, attributes in Page(html_of(known)).elements if tag == "a"]
    for link in links:
        assert re.match(r"https://acme\.pipedrive\.com/|tel:|mailto:", link["href"])
        if link["href"].startswith("https:"):
            assert (link["target"], link["rel"]) == ("_blank", "noopener noreferrer")


def everywhere(text: str) -> DealFacts:
    """The same text in every place that people fill."""
    stages = [
        Stage(id=2, name=text, pipeline_id=1, order_nr=2),
        Stage(id=3, name=text, pipeline_id=1, order_nr=3),
    ]
    points = [ContactPoint(text, primary=True)]
    return facts(
        deal=deal(title=text),
        activities=[activity(subject=text, type=text)],
        persons=[
            person(name=text, emails=points, phones=points),
            person(id=6, name=text, emails=[], phones=[]),
        ],
        stages=stages,
        fields=[field(text, required=[2, 3])],
        organization=Organization(id=9, name=text),
        other_deals=[deal(id=13, title=text)],
    )


def test_names_with_markup_in_them_are_shown_as_text() -> None:
    page = Page(html_of(everywhere(EVIL), done=activity(subject=EVIL, done=True)))
    assert "img" not in {tag for tag, _ in page.elements}
    assert page.text.count(EVIL) >= 8
    assert "49" not in page.text


def test_a_reason_with_markup_in_it_is_shown_as_text() -> None:
    page = Page(html_of(STATES["lost"]))
    assert "img" not in {tag for tag, _ in page.elements}
    assert f"Reason: {EVIL}" in page.text


def test_three_hundred_characters_of_vietnamese_arrive_whole() -> None:
    page = Page(html_of(everywhere(LONG), "vi"))
    assert page.text.count(LONG) >= 6
    assert len(LONG) == 300


def test_what_is_missing_is_said_in_words() -> None:
    text = Page(html_of(facts(persons=[person(phones=[], emails=[])]))).text
    assert "no phone" in text
    assert "no e-mail" in text


def test_the_score_is_read_as_a_sentence() -> None:
    assert "65 of 100, Needs attention, 2 gaps" in Page(html_of(STATES["new"])).text


def refreshes(page: Page) -> list[str]:
    """The ids of what draws the panel anew."""
    commands = {each["id"]: json.loads(each["data-command"]) for each in page.having("data-command")}
    return [name for name, command in commands.items() if command == {"kind": "refresh"}]


def test_only_what_failed_can_be_tried_again() -> None:
    """Beside the Refresh at the end."""
    assert refreshes(Page(html_of(STATES["troubles"]))) == [
        "again-next-step",
        "again-next-stage",
        "again-people",
        "again-organization",
        "again-linked",
        "refresh",
    ]
    assert refreshes(Page(html_of(STATES["hidden"]))) == ["refresh"]


def test_a_deal_that_is_gone_offers_nothing() -> None:
    for state in ("archived", "deleted"):
        assert not {"button", "a", "form"} & {tag for tag, _ in Page(html_of(STATES[state])).elements}
