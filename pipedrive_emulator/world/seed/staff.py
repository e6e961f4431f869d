"""Who works together: permission sets, roles, teams, and the goals that they have."""

from pipedrive_emulator.clock import v1_time
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.seed.people import HUY, JACK, LINH, LINH_SAIGON, MAI, MARTA, SAIGON, VICTOR
from pipedrive_emulator.world.seed.planter import DAY, Planter
from pipedrive_emulator.world.staff import new_role, permission_sets

_SALES, _PARTNERS = 1, 2  # pipelines
_CALL, _MEETING = 1, 2  # activity types


def plant_staff(planter: Planter) -> None:
    """After pipelines and activity types, to which goals refer by number."""
    for row in permission_sets(planter.company.id):
        planter.records.put("permissionSets", row["id"], row)
    planter.records.add("roles", new_role("(Unassigned users)"))
    plant = _plant_saigon if planter.company == SAIGON else _plant_acme
    plant(planter)


def _plant_acme(planter: Planter) -> None:
    planter.records.add("roles", new_role("Partner team"))
    planter.records.add("roles", new_role("Partner support", parent_role_id=2))
    _team(planter, "Inside sales", "Tallinn and Hà Nội", MARTA, (MARTA, LINH, JACK))
    _team(planter, "Partners", "Whoever sells through others", VICTOR, (VICTOR,))
    _goal(planter, "Deals won by Linh", LINH, "deals_won", {"pipeline_id": [_SALES]}, target=4)
    calls = {"activity_type_id": [_CALL, _MEETING]}
    _goal(planter, "Talk to customers", MARTA, "activities_completed", calls, target=20)
    _goal(
        planter,
        "Everybody's pipeline",
        None,
        "deals_started",
        {"pipeline_id": [_SALES, _PARTNERS]},
        target=15,
    )


def _plant_saigon(planter: Planter) -> None:
    _team(planter, "Bán hàng", "Khách trong nước", HUY, (HUY, MAI))
    _team(planter, "Export", "Orders from abroad", LINH_SAIGON, (LINH_SAIGON,))
    _goal(planter, "Chốt đơn của Mai", MAI, "deals_won", {"pipeline_id": [_SALES]}, target=3)


def _team(planter: Planter, name: str, description: str, manager: User, members: tuple[User, ...]) -> None:
    row = {"name": name, "description": description, "manager_id": manager.id}
    row |= {"users": [user.id for user in members], "active_flag": 1, "deleted_flag": 0}
    made = {"add_time": v1_time(planter.now - 120 * DAY), "created_by_user_id": manager.id}
    planter.records.add("teams", row | made)


def _goal(
    planter: Planter, title: str, whose: User | None, kind: str, params: dict[str, list[int]], target: int
) -> None:
    """``whose`` None: the whole company's; it began a month ago and has no end."""
    owner = whose or MARTA
    key = planter.code(f"goal {title}")[:32]
    assignee = {"type": "person" if whose else "company", "id": whose.id if whose else planter.company.id}
    row = {
        "id": key,
        "owner_id": owner.id,
        "title": title,
        "type": {"name": kind, "params": {"pipeline_id": None, "activity_type_id": None} | params},
        "assignee": assignee,
        "interval": "monthly",
        "duration": {"start": planter.date(owner, -30), "end": None},
        "expected_outcome": {"target": target, "tracking_metric": "quantity"},
        "report_ids": [planter.code(f"report {title}")[:32]],
        "is_deleted": False,
    }
    planter.records.put("goals", key, row)
