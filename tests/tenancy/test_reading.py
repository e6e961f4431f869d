"""Nobody reads a byte of another company, or of a colleague's hidden deal: cold, warm, or by any id."""

import re
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from urllib.parse import urlsplit

import httpx2
import pytest
from redis import Redis

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.storage import keys
from tests.integration.person import Person
from tests.makers import seeded
from tests.tenancy.conftest import ACME_ONLY, BOTH, HIDDEN, NOWHERE, Companies, assert_nobodys, assert_own

IDS = (*BOTH, *ACME_ONLY, *NOWHERE, *HIDDEN.values())


def calls_of(companies: Companies, since: int) -> set[tuple[int, int]]:
    return {(call["company_id"], call["user_id"]) for call in companies.town.calls(since)}


def test_every_deal_shows_its_own_company_cold_and_warm(companies: Companies) -> None:
    for person in companies.installed:
        since = companies.town.now()
        for deal_id in IDS:
            assert_own(person.opens(deal_id), person)
            assert_own(person.refreshes(deal_id), person)
        assert calls_of(companies, since) == {person.ids}
    for person in companies.installed:  # now every picture is kept, everybody's
        for deal_id in IDS:
            assert_own(person.opens(deal_id), person)
            assert_own(person.refreshes(deal_id, fresh=True), person)


def test_the_canaries_would_be_noticed(companies: Companies) -> None:
    """The panels are full of them, so a panel of somebody else would be too."""
    for person in (companies.marta, companies.huy):
        assert f"CANARY-{person.company['domain']}-seen" in person.refreshes(1).text
    with pytest.raises(AssertionError):
        assert_own(companies.huy.refreshes(1), companies.marta)
    hidden = companies.marta.refreshes(HIDDEN["acme"])
    assert hidden.status_code == 200


def test_an_id_of_the_other_company_alone_looks_like_one_that_does_not_exist(companies: Companies) -> None:
    pages = {deal_id: companies.huy.opens(deal_id) for deal_id in (*ACME_ONLY, *NOWHERE)}
    for page in pages.values():
        assert page.status_code == 200
        assert_nobodys(page)
    assert len({without_reference(page) for page in pages.values()}) == 1


def without_reference(page: httpx2.Response) -> str:
    text = re.sub(r'nonce="[\w-]+"', "", page.text)
    return "\n".join(line for line in text.splitlines() if "E-" not in line)


def test_a_colleagues_hidden_deal_is_hidden_after_she_has_looked(companies: Companies) -> None:
    """Also from the lists of linked deals of the organization that it belongs to."""
    companies.marta.refreshes(HIDDEN["acme"], fresh=True)
    companies.marta.refreshes(4, fresh=True)
    for colleague in (companies.jack, companies.linh_here):
        for deal_id in (HIDDEN["acme"], 4):
            for fresh in (False, True):
                assert "-secret" not in colleague.refreshes(deal_id, fresh=fresh).text
            assert "-secret" not in colleague.opens(deal_id).text


def test_who_has_no_installation_gets_connect_however_warm_it_is(companies: Companies) -> None:
    for deal_id in (1, 2, 4):
        companies.marta.refreshes(deal_id)
    since = companies.town.now()
    for deal_id in IDS:
        page = companies.victor.opens(deal_id)
        assert page.status_code == 200
        assert 'id="connect"' in page.text
        assert_nobodys(page)
        for fresh in (False, True):
            reply = companies.victor.refreshes(deal_id, fresh=fresh)
            assert (reply.status_code, reply.json()["reason"]) == (403, "not_installed")
            assert_nobodys(reply)
    assert companies.town.calls(since) == []


def test_the_token_alone_says_who_looks(companies: Companies) -> None:
    """Everything else of another one's URL with one's own token is a contradiction, or means oneself."""
    for mine, theirs in permutations(companies.installed, 2):
        token = mine.token()
        stolen = urlsplit(theirs.panel_url(1))
        since = companies.town.now()
        crossed = companies.town.http.get(stolen._replace(query=f"{stolen.query}&token={token}").geturl())
        assert crossed.status_code in (400, 401)
        assert_nobodys(crossed)
        contradicting = theirs.opens(1, token=token)
        assert contradicting.status_code == 400
        assert_nobodys(contradicting)
        assert companies.town.calls(since) == []
        assert_own(theirs.opens(1, token=token, companyId=None, userId=None), mine)


def test_ids_elsewhere_in_a_request_change_nothing(companies: Companies) -> None:
    town, huy, marta = companies.town, companies.huy, companies.marta
    company_id, user_id = marta.ids
    base = f"{town.stack.app_url}/surfaces/deal-panel/sections/all"
    since = town.now()
    for query in (
        f"company_id={company_id}",
        f"user_id={user_id}&company={company_id}",
        "tenant=acme",
        "host=acme",
    ):
        assert_own(town.http.get(f"{base}?selectedIds=1&fresh=1&{query}", headers=huy.bearer()), huy)
    for headers in (
        {"Host": "acme.localhost"},
        {"X-Forwarded-Host": "acme.localhost"},
        {"X-Company-Id": str(company_id), "X-User-Id": str(user_id)},
        {"Cookie": f"companyId={company_id}; userId={user_id}; token={marta.token()}"},
        {"X-Original-URL": f"/surfaces/deal-panel?companyId={company_id}"},
    ):
        reply = town.http.get(f"{base}?selectedIds=1&fresh=1", headers={**huy.bearer(), **headers})
        assert_own(reply, huy)
    assert calls_of(companies, since) == {huy.ids}


@pytest.mark.parametrize(
    "path", ["/sections/..%2f..%2fother", "/sections/all/13000037", "/../deal-panel/13000037", "//13000037"]
)
def test_no_id_in_a_path_means_anything(companies: Companies, path: str) -> None:
    url = f"{companies.town.stack.app_url}/surfaces/deal-panel{path}?selectedIds=1"
    reply = companies.town.http.get(url, headers=companies.huy.bearer())
    assert reply.status_code in (400, 404, 405)
    assert_nobodys(reply)


def test_values_that_were_moved_in_redis_are_shown_to_nobody(companies: Companies) -> None:
    """A picture, names and an installation of another, put where one's own should lie."""
    marta, jack, huy = companies.marta, companies.jack, companies.huy
    for person in (marta, jack, huy):
        person.refreshes(1, fresh=True)
    owners = {id(p): Principal(CompanyId(p.ids[0]), UserId(p.ids[1])) for p in (marta, jack, huy)}
    with Redis.from_url(companies.town.stack.local.redis_url) as raw:
        before = {name: raw.dump(name) for name in raw.keys("app:{*")}
        for mine, theirs in permutations((marta, jack, huy), 2):
            for key in (keys.installation, lambda p: keys.kept(p, "deal-panel", "1", "picture")):
                moved = before[key(owners[id(theirs)]).encode()]
                raw.restore(key(owners[id(mine)]), 0, moved, replace=True)
                page = mine.opens(1)
                assert page.status_code in (200, 503)
                assert_own(page, mine)
                if mine.company is theirs.company and page.status_code == 200:
                    assert mine.user["language_code"] in page.text
                raw.restore(key(owners[id(mine)]), 0, before[key(owners[id(mine)]).encode()], replace=True)
        for name in (name.decode() for name in before if b"look-up" in name):
            other = name.replace(str(marta.ids[0]), "x").replace(str(huy.ids[0]), str(marta.ids[0]))
            other = other.replace("x", str(huy.ids[0]))
            raw.restore(name, 0, before[other.encode()], replace=True)
        for person in (marta, huy):
            assert_own(person.refreshes(1, fresh=True), person)


def test_a_crowd_that_comes_and_goes_sees_its_own(companies: Companies) -> None:
    """Some four hundred requests of everybody at once; every third one hangs up early."""
    random = seeded(3)
    visits: list[tuple[Person, int, bool, float]] = [
        (
            random.choice(companies.installed),
            random.choice(BOTH),
            random.random() < 0.3,
            random.choice((30, 30, 0.02)),
        )
        for _ in range(400)
    ]
    tokens = {person.ids: person.token() for person in companies.installed}

    def visit(planned: tuple[Person, int, bool, float]) -> bool:
        person, deal_id, is_fresh, patience = planned
        query = f"selectedIds={deal_id}{'&fresh=1' if is_fresh else ''}"
        url = f"{companies.town.stack.app_url}/surfaces/deal-panel/sections/all?{query}"
        try:
            reply = companies.town.http.get(url, headers=person.bearer(tokens[person.ids]), timeout=patience)
        except httpx2.TimeoutException:
            return False
        assert reply.status_code in (200, 403)  # a deal of another visibility group
        assert_own(reply, person)
        return True

    with ThreadPoolExecutor(16) as pool:
        answered = sum(pool.map(visit, visits))
    assert answered > 200
