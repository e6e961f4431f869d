"""GET of the deal panel's iframe: its answers in their order, and what each of them carries."""

import re

import httpx2
import pytest

from tests.integration.person import PANEL, Person
from tests.integration.town import Town
from tests.makers import claims_of, sign

SKELETON_SECONDS = 3.0


def own(town: Town, person: Person, **changes: object) -> str:
    """A token with the panel's own secret."""
    now = town.time()
    company_id, user_id = person.ids
    claims = claims_of(company_id, user_id, now=now) | changes
    return sign(claims, town.stack.identity.surface_secrets["deal-panel"].encode())


def bad_tokens(town: Town, person: Person) -> dict[str, str | None]:
    good = own(town, person)
    company_id, user_id = person.ids
    now = town.time()
    claims = claims_of(company_id, user_id, now=now)
    return {
        "missing": None,
        "empty": "",
        "garbage": "x",
        "forged": sign(claims, b"another secret of at least 32 bytes"),
        "of the client secret": sign(claims, town.stack.identity.client_secret.encode()),
        "expired": own(town, person, exp=now - 60, iat=now - 360),
        "of next year": own(town, person, exp=now + 10**7),
        "without an algorithm": sign(claims, header={"alg": "none", "typ": "JWT"}),
        "with a spoilt signature": good[:-2] + ("AA" if good[-2:] != "AA" else "BA"),
        "with a boolean for a company": own(town, person, companyId=True),
        "with a company in quotes": own(town, person, companyId=str(company_id)),
        "very long": own(town, person, note="x" * 5000),
    }


def assert_page(reply: httpx2.Response, status: int) -> None:
    """A whole page that the SDK brings to life, framed by Pipedrive, kept by nobody, without a cookie."""
    assert reply.status_code == status
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    (nonce,) = re.findall(r"script-src 'nonce-([\w-]{22})';", reply.headers["content-security-policy"])
    for script in ("sdk/index.umd", "surface"):
        tag = rf'<script src="/static/{re.escape(script)}\.js\?v=\w+" defer nonce="{nonce}"></script>'
        assert re.search(tag, reply.text)
    assert "Traceback" not in reply.text
    assert "frame-ancestors http://*.localhost:" in reply.headers["content-security-policy"]
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["surface-state"] in ("complete", "skeleton")
    assert "set-cookie" not in reply.headers
    assert "access-control-allow-origin" not in reply.headers


def test_a_good_token_shows_the_deal(town: Town) -> None:
    assert "Next step" in town.marta.installed().picture(1)
    reply = town.marta.opens(1)
    assert_page(reply, 200)
    assert "Next step" in reply.text


def test_no_two_pages_have_the_same_nonce(town: Town) -> None:
    town.marta.installed()
    policies = {town.marta.opens(1).headers["content-security-policy"] for _ in range(5)}
    assert len(policies) == 5


def test_every_bad_token_is_a_page_that_says_to_reload(town: Town) -> None:
    town.marta.installed()
    since = town.now()
    for name, token in bad_tokens(town, town.marta).items():
        reply = town.marta.opens(1, token=token)
        assert_page(reply, 401)
        assert "Reload" in reply.text, name
    assert town.calls(since) == []


def test_the_token_comes_before_everything_else(town: Town) -> None:
    reply = town.marta.opens(1, token="x", companyId="2", selectedIds="y")
    assert_page(reply, 401)


@pytest.mark.parametrize(
    "changes",
    [
        {"companyId": "13000482"},
        {"companyId": "13000037 "},
        {"companyId": "013000037"},
        {"companyId": ""},
        {"companyId": "\u0661\u0663\u0660\u0660\u0660\u0660\u0663\u0667"},
        {"companyId": "13000037.0"},
        {"companyId": "9007199254740993"},
        {"userId": "19100377"},
        {"userId": "19100351,19100377"},
        {"userId": "[19100351]"},
        {"companyId": "13000482", "userId": "19104020"},
    ],
)
def test_a_query_that_contradicts_the_token_is_refused(town: Town, changes: dict[str, str]) -> None:
    town.marta.installed()
    since = town.now()
    assert_page(town.marta.opens(1, **changes), 400)
    assert town.calls(since) == []


@pytest.mark.parametrize(
    "more",
    [
        "selectedIds=2",
        "selectedIds=1",
        "companyId=13000037",
        "token=x",
        "theme=dark",
        "selected%49ds=2",
        "x=1&x=1",
    ],
)
def test_a_key_that_is_given_twice_is_refused(town: Town, more: str) -> None:
    url = town.marta.installed().panel_url(1)
    since = town.now()
    assert_page(town.http.get(f"{url}&{more}"), 400)
    assert town.calls(since) == []


def test_a_query_without_ids_is_enough(town: Town) -> None:
    assert_page(town.marta.installed().opens(1, companyId=None, userId=None, id=None, theme=None), 200)


def test_connect_is_the_same_for_whoever_has_no_installation(town: Town) -> None:
    """Never installed, uninstalled, or of a company that nobody knows."""
    town.marta.installed().opens(1)
    gone = town.person("Nguyễn Thùy Linh").installed()
    gone.opens(1)
    gone.uninstalls()
    pages = {
        "never": town.victor.opens(1),
        "uninstalled": gone.opens(1),
        "unknown company": town.victor.opens(
            1, token=own(town, town.victor, companyId=999, userId=999), companyId=None, userId=None
        ),
        "unknown user": town.victor.opens(1, token=own(town, town.victor, userId=999), userId=None),
        "without a record": town.victor.opens(None),
        "with an odd record": town.victor.opens(1, selectedIds="x"),
    }
    for reply in pages.values():
        assert_page(reply, 200)
        assert 'href="/oauth/install" target="_blank"' in reply.text
        assert "Coffee roasting" not in reply.text
    assert len({re.sub(r'nonce="[\w-]+"', "", reply.text) for reply in pages.values()}) == 1


@pytest.mark.parametrize(
    "selected", [None, "", "x", "0", "-1", "1,2", "1.0", " 1", "\u0661", "1e3", "9" * 30, "../1", "1%00"]
)
def test_a_missing_or_odd_record_is_a_sentence_in_the_panel(town: Town, selected: str | None) -> None:
    town.marta.installed()
    since = town.now()
    reply = town.marta.opens(None, selectedIds=selected)
    assert_page(reply, 200)
    assert "Open a record to see it here" in reply.text
    assert town.calls(since) == []


@pytest.mark.parametrize("deal_id", [999, 2**53 - 1])
def test_a_record_that_does_not_exist_is_a_sentence_in_the_panel(town: Town, deal_id: int) -> None:
    reply = town.marta.installed().opens(deal_id)
    assert_page(reply, 200)
    assert "data-action" not in reply.text


def test_a_deleted_deal_is_a_sentence_in_the_panel(town: Town) -> None:
    for switch in ("shown", "not_found"):
        town.stack.control.turn(deleted_record=switch)
        deal_id = town.huy.calls("POST", "/api/v2/deals", title="To be deleted")["id"]
        town.huy.calls("DELETE", f"/api/v2/deals/{deal_id}")
        reply = town.huy.installed().opens(deal_id)
        assert_page(reply, 200)
        assert "data-action" not in reply.text
    town.stack.control.turn(deleted_record="shown")


def test_a_deal_that_the_viewer_may_not_see_is_a_sentence_in_the_panel(town: Town) -> None:
    assert "Confidential" in town.records("deals", town.marta)[15]["title"]
    reply = town.jack.installed().opens(15)
    assert_page(reply, 200)
    assert "Confidential" not in reply.text
    assert "data-action" not in reply.text


def test_the_theme_is_one_of_two_words(town: Town) -> None:
    town.marta.installed()
    assert 'data-theme="dark"' in town.marta.opens(1, theme="dark").text
    for theme in ("blue", '"><script>', "dark\n", ""):
        page = town.marta.opens(1, theme=theme).text
        assert "data-theme" not in page
        assert "<script>" not in page


def test_nothing_of_the_query_comes_back_in_page_or_header(town: Town) -> None:
    town.marta.installed()
    canary = "canary'\"><img src=x onerror=alert(1)>"
    for name in ("theme", "id", "view", "resource", "selectedIds", "extra"):
        reply = town.marta.opens(1, **{name: canary})
        assert "canary" not in reply.text + str(reply.headers)


def test_a_slow_api_gives_a_skeleton_at_once_and_the_picture_later(town: Town) -> None:
    town.jack.installed()
    company_id = town.jack.company["id"]
    fault = {"route": "/api/v2/deals/5", "kind": "delay:5", "company_id": company_id, "count": 1}
    town.stack.control.fail(fault)
    reply = town.jack.opens(5)
    assert_page(reply, 200)
    assert reply.headers["surface-state"] == "skeleton"
    assert reply.elapsed.total_seconds() < SKELETON_SECONDS
    later = town.jack.refreshes(5)
    assert later.status_code == 200
    assert "Next step" in later.json()["commands"][0]["html"]
    warm = town.jack.opens(5)
    assert warm.headers["surface-state"] == "complete"


def test_a_warm_panel_asks_pipedrive_nothing(town: Town) -> None:
    town.marta.installed().picture(4)
    since = town.now()
    reply = town.marta.opens(4)
    assert reply.headers["surface-state"] == "complete"
    assert town.calls(since) == []


@pytest.mark.parametrize(
    ("deal_id", "kind"),
    list(enumerate(["status:503", "status:429", "status:500", "garbage", "reset", "status:402"], 21)),
)
def test_an_api_in_trouble_is_a_page_that_initialises(town: Town, deal_id: int, kind: str) -> None:
    town.marta.installed()
    town.stack.control.fail({"route": f"/api/v2/deals/{deal_id}", "kind": kind, "count": 6})
    reply = town.marta.opens(deal_id)
    assert_page(reply, 200)
    assert "data-action" not in reply.text


@pytest.mark.parametrize("path", ["", "/sections/all", "/actions/done"])
@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_not_taken(town: Town, path: str, method: str) -> None:
    reply = town.http.request(method, f"{town.stack.app_url}{PANEL}{path}")
    assert reply.status_code == 405
    assert reply.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in reply.headers


def test_head_is_as_get_without_a_body(town: Town) -> None:
    reply = town.http.head(town.marta.installed().panel_url(1))
    assert (reply.status_code, reply.content) == (200, b"")
