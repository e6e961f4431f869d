"""Moments to come back to: by hand, after other work, and after a kill."""

from pathlib import Path
from typing import Any

import pytest

from tests.emulator.app_behind import CLIENT_ID, MANIFEST, AppBehind
from tests.emulator.client import HUY, MARTA, ApiAs, Client
from tests.emulator.process import EmulatorProcess, running_emulator


def state(emulator: EmulatorProcess) -> tuple[Any, ...]:
    """All that a snapshot holds and control can show."""
    return (emulator.control("world"), emulator.control("switches"), emulator.control("faults"))


def disturb(client: Client, api: ApiAs) -> None:
    """Change something of every kind."""
    api.write("PATCH", "/api/v2/deals/1", title="Disturbed")
    api.write("POST", "/api/v2/activities", subject="Disturbed")
    client.emulator.turn(deny_error="access_denied", refresh_rotation="single_use")
    client.emulator.control("faults", [{"route": "/v1/users", "kind": "status:503", "count": 7}])
    client.emulator.control(
        "apps", {"manifest": MANIFEST | {"name": "Another"}, "base_url": client.app.url, "client_id": "more"}
    )
    client.emulator.advance(3 * 86_400)


def test_restoring_brings_back_everything_but_the_ledger(client: Client, marta: ApiAs) -> None:
    marta.write("PATCH", "/api/v2/deals/2", title="As it was")
    client.emulator.turn(deny_error="access_denied")
    client.emulator.advance(1000)
    code, refresh_token = client.code(HUY), client.grant(HUY)["refresh_token"]
    before, noted = state(client.emulator), len(client.emulator.ledger())
    taken = client.emulator.control("snapshot", {"name": "before"})
    disturb(client, marta)
    assert state(client.emulator) != before
    assert client.refresh(refresh_token).json()["refresh_token"] != refresh_token
    restored = client.emulator.control("restore", {"name": "before"})
    assert restored == taken
    assert state(client.emulator) == before
    assert 0 <= client.emulator.control("clock")["now"] - taken["at"] < 60
    assert marta.get("/api/v2/deals/2")["title"] == "As it was"
    assert client.exchange(code).status_code == 200
    entries = client.emulator.ledger()
    assert len(entries) > noted
    assert [entry["n"] for entry in entries] == list(range(entries[0]["n"], entries[0]["n"] + len(entries)))


def test_one_snapshot_serves_many_times_and_is_replaced_by_its_name(client: Client, marta: ApiAs) -> None:
    for title in ("First", "Second"):
        marta.write("PATCH", "/api/v2/deals/1", title=title)
        client.emulator.control("snapshot", {"name": "same"})
        for _ in range(2):
            marta.write("PATCH", "/api/v2/deals/1", title="Disturbed")
            client.emulator.control("restore", {"name": "same"})
            assert marta.get("/api/v2/deals/1")["title"] == title
    names = [row["name"] for row in client.emulator.control("snapshots")["snapshots"]]
    assert names.count("same") == 1


def test_a_snapshot_outlives_a_reset(client: Client, marta: ApiAs) -> None:
    marta.write("PATCH", "/api/v2/deals/1", title="Kept aside")
    client.emulator.control("snapshot", {"name": "aside"})
    client.emulator.control("reset", {})
    client.emulator.control("restore", {"name": "aside"})
    assert marta.get("/api/v2/deals/1")["title"] == "Kept aside"


def test_an_open_page_notices_each_restoring_and_reset(client: Client) -> None:
    client.emulator.control("snapshot", {"name": "page"})
    headers = client.browser_headers(MARTA)
    seen = set()
    for what in ("snapshot", "restore", "restore", "reset", "restore"):
        client.emulator.control(what, {"name": "page"})
        seen.add(client.emulator.http.get("/_host/revision", headers=headers).text.split("/")[0])
    assert len(seen) == 5


def test_what_began_after_the_snapshot_is_forgotten(client: Client) -> None:
    client.emulator.control("snapshot", {"name": "before"})
    tokens = {user["id"]: user["api_token"] for user in client.emulator.control("world")["users"]}
    for _ in range(2):
        reply = client.token(grant_type="exchange_api_token", api_token=tokens[MARTA])
        assert reply.status_code == 200
        client.emulator.control("restore", {"name": "before"})


def test_apps_stay_in_the_order_in_which_they_came(tmp_path: Path, app: AppBehind) -> None:
    file = ("--state", str(tmp_path / "emulator.db"))
    order = ["zebra", "apple", "mango"]
    for arguments in ((), file):
        with running_emulator(*arguments) as emulator:
            for name in order:
                form = {"name": name, "client_id": name, "callback_url": app.callback}
                emulator.control("apps", form)
            emulator.control("reset", {})
            assert [row["name"] for row in emulator.control("apps")["apps"]] == order
    with running_emulator(*file) as emulator:
        assert [row["name"] for row in emulator.control("apps")["apps"]] == order


def test_numbers_go_on_from_where_the_snapshot_was(client: Client, marta: ApiAs) -> None:
    client.emulator.control("snapshot", {"name": "numbers"})
    first = marta.write("POST", "/api/v2/activities", subject="A")["id"]
    client.emulator.control("restore", {"name": "numbers"})
    assert marta.write("POST", "/api/v2/activities", subject="B")["id"] == first


@pytest.mark.parametrize("restored_before_the_kill", [True, False])
def test_snapshots_and_what_was_restored_outlive_a_kill(
    tmp_path: Path, app: AppBehind, *, restored_before_the_kill: bool
) -> None:
    file = ("--state", str(tmp_path / "emulator.db"))
    with running_emulator(*file) as emulator:
        emulator.control("apps", app.registration())
        client = Client(emulator, app)
        marta = client.as_user(MARTA)
        marta.write("PATCH", "/api/v2/deals/1", title="As it was")
        emulator.control("faults", [{"route": "/v1/users/me", "kind": "status:503", "count": 2}])
        marta.request("GET", "/v1/users/me")
        before = state(emulator)
        emulator.control("snapshot", {"name": "before"})
        disturb(client, marta)
        if restored_before_the_kill:
            emulator.control("restore", {"name": "before"})
        emulator.kill()
    with running_emulator(*file) as emulator:
        if not restored_before_the_kill:
            emulator.control("restore", {"name": "before"})
        assert state(emulator) == before
        again = ApiAs(emulator, marta.access_token)
        again.refused("GET", "/v1/users/me", 503)
        assert again.get("/api/v2/deals/1")["title"] == "As it was"


@pytest.mark.parametrize("name", ["", "a/b", "x" * 65, 7, None, "-leading"])
def test_a_name_that_will_not_do_is_explained(client: Client, name: Any) -> None:
    refused = client.emulator.ask("snapshot", {"name": name})
    assert (refused.status_code, "letters, digits" in refused.json()["error"]) == (400, True)


@pytest.mark.parametrize("name", ["never", None, 7, ["before"]])
def test_an_unknown_name_is_refused_and_changes_nothing(client: Client, marta: ApiAs, name: Any) -> None:
    marta.write("PATCH", "/api/v2/deals/1", title="Untouched")
    refused = client.emulator.ask("restore", {"name": name})
    assert (refused.status_code, "There is no snapshot" in refused.json()["error"]) == (400, True)
    assert marta.get("/api/v2/deals/1")["title"] == "Untouched"
    assert client.emulator.control("world")["apps"][0]["client_id"] == CLIENT_ID


def test_a_position_of_the_command_line_gives_way_to_the_snapshots() -> None:
    with running_emulator("--set", "deny_error=access_denied") as emulator:
        emulator.turn(deny_error="user_denied")
        emulator.control("snapshot", {"name": "turned"})
        emulator.control("reset", {})
        assert emulator.control("switches")["deny_error"]["value"] == "access_denied"
        emulator.control("restore", {"name": "turned"})
        assert emulator.control("switches")["deny_error"]["value"] == "user_denied"
