"""Users, roles, permission sets, teams: who works here, who sees and may do what."""

from typing import Any

import pytest

from tests.emulator.client import ACME, JACK, LINH, MAI, MARTA, VICTOR
from tests.emulator.direct import Direct, direct
from tests.emulator.process import EmulatorProcess

NOT_ALLOWED = "You do not have permissions to do this."


@pytest.fixture
def admin(emulator: EmulatorProcess) -> Direct:
    return direct(emulator, MARTA)


@pytest.fixture
def jack(emulator: EmulatorProcess) -> Direct:
    return direct(emulator, JACK)


def trainee(emulator: EmulatorProcess, admin: Direct, user_id: int) -> str:
    """Give the user the company's trainee set; its id."""
    sets = admin.get("/v1/permissionSets", app="sales")
    chosen: str = next(row["id"] for row in sets if row["type"] == "custom")
    emulator.control(f"users/{user_id}", {"access": {"sales": chosen}})
    return chosen


def test_find_matches_names_or_addresses(admin: Direct) -> None:
    assert [user["id"] for user in admin.get("/v1/users/find", term="THÙY linh")] == [LINH]
    assert admin.get("/v1/users/find", term="acme.example") == []
    by_email = admin.get("/v1/users/find", term="linh@acme", search_by_email=1)
    assert [user["id"] for user in by_email] == [LINH]
    assert "term" in admin.refused("GET", "/v1/users/find", 400)["error"]


def test_no_other_companys_user_is_found(admin: Direct) -> None:
    for path in (f"/v1/users/{MAI}", f"/v1/users/{MAI}/permissions", "/v1/users/x", "/v1/users/1"):
        body = admin.refused("GET", path, 404)
        assert body == {"success": False, "error": "User not found or not accessible."}


def test_an_invited_user_gets_the_access_asked_for(emulator: EmulatorProcess, admin: Direct) -> None:
    access = [{"app": "sales"}, {"app": "global", "admin": True}]
    made = admin.write("POST", "/v1/users", email="new@acme.example", access=access)
    assert [(row["app"], row["admin"]) for row in made["access"]] == [("sales", False), ("global", True)]
    assert (made["activated"], made["last_login"], made["active_flag"]) == (False, None, True)
    assert made["id"] in [user["id"] for user in admin.get("/v1/users")]
    own = direct(emulator, made["id"])
    assert own.get("/v1/users/me")["company_id"] == ACME


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "nobody"},
        {"email": "Linh@ACME.example"},
        {"email": "a@b.example", "access": [{"app": "sales", "permission_set_id": "x"}]},
        {"email": "a@b.example", "access": [{"app": "garden"}]},
        {"email": "a@b.example", "access": "sales"},
    ],
)
def test_a_bad_invitation_is_refused(admin: Direct, body: dict[str, Any]) -> None:
    admin.refused("POST", "/v1/users", 400, json=body)


def test_a_deactivated_user_is_out_and_cannot_be_the_caller(admin: Direct, jack: Direct) -> None:
    assert admin.write("PUT", f"/v1/users/{JACK}", active_flag=0)["active_flag"] is False
    jack.refused("GET", "/v1/users/me", 401)
    assert (
        admin.refused("PUT", f"/v1/users/{MARTA}", 403, json={"active_flag": False})["error"] == NOT_ALLOWED
    )
    admin.write("PUT", f"/v1/users/{JACK}", active_flag=True)
    assert jack.get("/v1/users/me")["id"] == JACK


def test_users_and_roles_are_changed_by_admins_alone(jack: Direct) -> None:
    writes = {
        "/v1/users": ("POST", {"email": "a@b.example"}),
        f"/v1/users/{LINH}": ("PUT", {"active_flag": False}),
        "/v1/roles": ("POST", {"name": "Mine"}),
        "/v1/roles/2/assignments": ("POST", {"user_id": JACK}),
        "/v1/legacyTeams": ("POST", {"name": "Mine", "manager_id": JACK}),
    }
    for path, (method, body) in writes.items():
        assert jack.refused(method, path, 403, json=body)["error"] == NOT_ALLOWED


def test_the_permissions_of_a_user_are_those_of_the_sets(emulator: EmulatorProcess, admin: Direct) -> None:
    assert all(admin.get(f"/v1/users/{MARTA}/permissions").values())
    before = admin.get(f"/v1/users/{JACK}/permissions")
    chosen = trainee(emulator, admin, JACK)
    after = admin.get(f"/v1/users/{JACK}/permissions")
    (one,) = admin.get(f"/v1/permissionSets/{chosen}")
    assert (before["can_delete_deals"], after["can_delete_deals"]) == (True, False)
    assert {name for name, has in after.items() if has} == set(one["contents"])
    assert one["assignment_count"] == 1
    (row,) = admin.get(f"/v1/permissionSets/{chosen}/assignments")
    assert (row["user_id"], row["permission_set_id"]) == (JACK, chosen)
    admin.refused("GET", "/v1/permissionSets/nothing", 404)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", "/api/v2/deals/{deal}", None),
        ("PATCH", "/api/v2/deals/{deal}", {"visible_to": 1}),
        ("POST", "/api/v2/dealFields", {"field_name": "Mood", "field_type": "varchar"}),
        ("PUT", "/v1/deals/{deal}/merge", {"merge_with_id": 1}),
    ],
)
def test_what_a_set_withholds_is_refused(
    emulator: EmulatorProcess, admin: Direct, jack: Direct, method: str, path: str, body: Any
) -> None:
    deal = jack.write("POST", "/api/v2/deals", title="Mine")["id"]
    trainee(emulator, admin, JACK)
    assert jack.refused(method, path.format(deal=deal), 403, json=body)["error"] == NOT_ALLOWED
    jack.write("PATCH", f"/api/v2/deals/{deal}", title="Still mine")
    emulator.control(f"users/{JACK}", {"access": None})
    assert jack.request(method, path.format(deal=deal), json=body).status_code != 403


def test_whoever_may_not_see_others_is_alone(emulator: EmulatorProcess, admin: Direct, jack: Direct) -> None:
    trainee(emulator, admin, JACK)
    assert [user["id"] for user in jack.get("/v1/users")] == [JACK]
    assert jack.get("/v1/users/find", term="linh") == []
    jack.refused("GET", f"/v1/users/{LINH}", 404)


def test_whoever_may_not_use_the_api_is_refused_everywhere(
    emulator: EmulatorProcess, admin: Direct, jack: Direct
) -> None:
    rows = admin.get("/v1/permissionSets", app="global")
    regular = next(row["id"] for row in rows if row["type"] == "regular")
    emulator.control(f"users/{JACK}", {"access": {"global": regular}})
    assert jack.refused("GET", "/v1/users/me", 403)["error"] == NOT_ALLOWED


def test_roles_stand_below_one_another_but_never_below_themselves(admin: Direct) -> None:
    top = admin.write("POST", "/v1/roles", name="North")["id"]
    below = admin.write("POST", "/v1/roles", name="Far north", parent_role_id=top)["id"]
    rows = {row["id"]: row for row in admin.get("/v1/roles")}
    assert (rows[top]["level"], rows[top]["sub_role_count"], rows[below]["level"]) == (1, "1", 2)
    for parent in (top, below, 999):
        admin.refused("PUT", f"/v1/roles/{top}", 400, json={"parent_role_id": parent})
    admin.write("DELETE", f"/v1/roles/{top}")
    assert admin.get(f"/v1/roles/{below}")["parent_role_id"] is None
    admin.refused("GET", f"/v1/roles/{top}", 404)


def test_a_deleted_roles_users_go_to_the_default_one(admin: Direct) -> None:
    role = admin.write("POST", "/v1/roles", name="North")["id"]
    assert admin.write("POST", f"/v1/roles/{role}/assignments", user_id=VICTOR) == {
        "user_id": VICTOR,
        "role_id": role,
    }
    (row,) = admin.get(f"/v1/users/{VICTOR}/roleAssignments")
    assert (row["role_id"], row["name"]) == (role, "North")
    admin.write("DELETE", f"/v1/roles/{role}")
    assert admin.get(f"/v1/users/{VICTOR}")["role_id"] == 1
    admin.refused("DELETE", "/v1/roles/1", 400)


def test_taking_a_user_out_of_a_role_needs_them_to_be_in_it(admin: Direct) -> None:
    admin.refused("DELETE", "/v1/roles/2/assignments", 400, json={"user_id": JACK})
    admin.refused("POST", "/v1/roles/2/assignments", 400, json={"user_id": MAI})
    assert admin.write("DELETE", "/v1/roles/2/assignments", user_id=VICTOR) == {"id": 2}
    assert VICTOR in [row["user_id"] for row in admin.get("/v1/roles/1/assignments")]


def test_the_plan_decides_which_levels_of_visibility_there_are(
    emulator: EmulatorProcess, admin: Direct
) -> None:
    wish = {"setting_key": "deal_default_visibility", "value": 5}
    assert admin.write("POST", "/v1/roles/2/settings", **wish) == {"id": 2, "deal_default_visibility": 5}
    assert admin.get(f"/v1/users/{VICTOR}/roleSettings")["deal_default_visibility"] == 5
    emulator.control(f"companies/{ACME}", {"plan": "Growth"})
    assert "1, 3" in admin.refused("POST", "/v1/roles/2/settings", 400, json=wish)["error"]


def test_pipelines_are_hidden_from_a_role_and_shown_again(admin: Direct) -> None:
    path = "/v1/roles/2/pipelines"
    wish = {"visible_pipeline_ids": {"add": "[]", "remove": "[1]"}}
    assert admin.write("PUT", path, **wish) == {"pipeline_ids": [2], "visible": True}
    assert admin.get(path, visible="false") == {"pipeline_ids": [1], "visible": False}
    assert admin.write("PUT", path, visible_pipeline_ids={"add": [1]})["pipeline_ids"] == [1, 2]
    for bad in ({"add": "[99]"}, {"remove": "one"}, {"add": 7}):
        admin.refused("PUT", path, 400, json={"visible_pipeline_ids": bad})


def test_a_hidden_pipeline_takes_its_stages_and_deals_along(
    emulator: EmulatorProcess, admin: Direct, jack: Direct
) -> None:
    own = jack.write("POST", "/api/v2/deals", title="Mine", stage_id=7)["id"]
    other = admin.write("POST", "/api/v2/deals", title="Hers", stage_id=7, visible_to=7)["id"]
    admin.write("PUT", "/v1/roles/1/pipelines", visible_pipeline_ids={"remove": "[2]"})
    assert [row["id"] for row in jack.get("/api/v2/pipelines")] == [1]
    assert {row["pipeline_id"] for row in jack.get("/api/v2/stages")} == {1}
    jack.refused("GET", "/api/v2/stages/7", 404)
    jack.refused("GET", f"/api/v2/deals/{other}", 404)
    assert jack.get(f"/api/v2/deals/{own}")["id"] == own
    assert admin.get(f"/api/v2/deals/{other}")["id"] == other
    emulator.control(f"companies/{ACME}", {"plan": "Growth"})
    assert jack.get(f"/api/v2/deals/{other}")["id"] == other


def test_a_team_keeps_its_members_once(admin: Direct) -> None:
    team = admin.write("POST", "/v1/legacyTeams", name="Coffee", manager_id=LINH, users=[LINH])
    path = f"/v1/legacyTeams/{team['id']}"
    assert admin.write("POST", f"{path}/users", users=[LINH, JACK]) == [LINH, JACK]
    assert team["id"] in [row["id"] for row in admin.get(f"/v1/legacyTeams/user/{JACK}")]
    assert admin.write("DELETE", f"{path}/users", users=[LINH]) == [JACK]
    assert "users" not in admin.get(path, skip_users=1)
    admin.write("PUT", path, deleted_flag=1)
    assert admin.refused("GET", path, 404)["error"] == f"Team {team['id']} does not exist"


@pytest.mark.parametrize(
    "body", [{"name": "x"}, {"name": " ", "manager_id": LINH}, {"name": "x", "manager_id": MAI}]
)
def test_a_team_needs_a_name_and_people_who_work_here(admin: Direct, body: dict[str, Any]) -> None:
    admin.refused("POST", "/v1/legacyTeams", 400, json=body)


def test_settings_and_addons_answer_as_the_plan_is(emulator: EmulatorProcess, admin: Direct) -> None:
    assert admin.get("/v1/userSettings")["list_limit"] == 100
    before = admin.get("/v1/billing/subscriptions/addons")
    emulator.control(f"companies/{ACME}", {"plan": "Lite"})
    assert before
    assert admin.get("/v1/billing/subscriptions/addons") == []
