"""Followers: who watches a record, in both versions, and what following lets them see."""

import pytest

from tests.emulator.client import HUY, JACK, LINH, MARTA, VICTOR, ApiAs, Client
from tests.emulator.direct import direct
from tests.emulator.process import EmulatorProcess

FOLLOWED = (("deals", 1, "deal_id"), ("persons", 1, "person_id"), ("organizations", 1, "org_id"))


def follow(api: ApiAs, path: str, user_id: int) -> None:
    reply = api.request("POST", f"/api/v2/{path}/followers", json={"user_id": user_id})
    assert reply.status_code == 201, reply.text
    assert reply.json()["data"]["user_id"] == user_id


@pytest.mark.parametrize(("table", "key", "name"), FOLLOWED)
def test_both_versions_show_the_same_followers_in_their_own_words(
    marta: ApiAs, table: str, key: int, name: str
) -> None:
    before = marta.get(f"/api/v2/{table}/{key}/followers")
    follow(marta, f"{table}/{key}", VICTOR)
    added = marta.get(f"/api/v1/{table}/{key}/followers")[-1]
    assert (added["user_id"], added[name]) == (VICTOR, key)
    assert added["add_time"] == marta.get(f"/api/v2/{table}/{key}/followers")[-1]["add_time"].replace(
        "T", " "
    ).rstrip("Z")
    assert marta.write("DELETE", f"/api/v1/{table}/{key}/followers/{added['id']}") == {"id": added["id"]}
    assert marta.get(f"/api/v2/{table}/{key}/followers") == before


def test_a_user_follows_once(marta: ApiAs) -> None:
    follow(marta, "deals/2", VICTOR)
    body = marta.refused("POST", "/api/v2/deals/2/followers", 400, json={"user_id": VICTOR})
    assert body["code"] == "ERR_SCHEMA_VALIDATION_FAILED"
    marta.refused("POST", "/api/v1/deals/2/followers", 400, json={"user_id": VICTOR})


@pytest.mark.parametrize("user_id", [HUY, 5])
def test_only_colleagues_can_follow(marta: ApiAs, user_id: int) -> None:
    marta.refused("POST", "/api/v2/deals/2/followers", 400, json={"user_id": user_id})
    marta.refused("POST", "/api/v1/deals/2/followers", 400, json={"user_id": user_id})


def test_the_user_is_what_v2_unfollows(marta: ApiAs) -> None:
    follow(marta, "persons/2", VICTOR)
    assert marta.write("DELETE", f"/api/v2/persons/2/followers/{VICTOR}") == {"user_id": VICTOR}
    marta.refused("DELETE", f"/api/v2/persons/2/followers/{VICTOR}", 404)
    marta.refused("DELETE", "/api/v1/persons/2/followers/9999", 404)


def test_the_changelog_of_followers_says_who_did_what(marta: ApiAs) -> None:
    follow(marta, "organizations/2", VICTOR)
    marta.write("DELETE", f"/api/v2/organizations/2/followers/{VICTOR}")
    rows = marta.everything("/api/v2/organizations/2/followers/changelog", limit=1)
    said = [(row["action"], row["actor_user_id"], row["follower_user_id"]) for row in rows][-2:]
    assert said == [("added", MARTA, VICTOR), ("removed", MARTA, VICTOR)]


def test_a_follower_sees_what_only_its_owner_may_see(client: Client, marta: ApiAs) -> None:
    jack = client.as_user(JACK)
    jack.refused("GET", "/api/v2/deals/15", 404)
    follow(marta, "deals/15", JACK)
    assert jack.get("/api/v2/deals/15")["visible_to"] == 1
    assert 15 in [deal["id"] for deal in jack.everything("/api/v2/deals")]
    marta.write("DELETE", f"/api/v2/deals/15/followers/{JACK}")
    jack.refused("GET", "/api/v2/deals/15", 404)


def test_what_cannot_be_seen_cannot_be_followed(client: Client) -> None:
    jack = client.as_user(JACK)
    jack.refused("POST", "/api/v2/deals/15/followers", 404, json={"user_id": JACK})
    jack.refused("GET", "/api/v2/deals/15/followers", 404)
    jack.refused("GET", "/api/v2/deals/14/followers", 404)


def test_followers_of_a_user_are_for_that_user_and_admins(emulator: EmulatorProcess) -> None:
    marta, jack = direct(emulator, MARTA), direct(emulator, JACK)
    followers = marta.get(f"/api/v1/users/{JACK}/followers")
    assert [row["user_id"] for row in marta.get(f"/api/v2/users/{JACK}/followers")] == followers
    assert followers == jack.get(f"/api/v1/users/{JACK}/followers") == [MARTA]
    jack.refused("GET", f"/api/v1/users/{LINH}/followers", 403)
    marta.refused("GET", f"/api/v1/users/{HUY}/followers", 404)
