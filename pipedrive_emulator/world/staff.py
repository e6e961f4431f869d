"""Permission sets and roles (Pipedrive's visibility groups): facts that seed and API share.

https://developers.pipedrive.com/docs/api/v1/PermissionSets and .../Roles.
"""

import uuid
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.records import Record, Records

APPS = ("sales", "global", "account_settings")
DEFAULT_ROLE = 1
SETTINGS = tuple(f"{noun}_default_visibility" for noun in ("deal", "lead", "org", "person", "product"))

# What a regular user may do from the start, by app.
_REGULAR: Mapping[str, tuple[str, ...]] = {
    "sales": (
        "can_add_products",
        "can_add_prospects_as_leads",
        "can_bulk_edit_items",
        "can_change_visibility_of_items",
        "can_convert_deals_to_leads",
        "can_delete_activities",
        "can_delete_deals",
        "can_edit_deals_closed_date",
        "can_edit_products",
        "can_edit_shared_filters",
        "can_export_data_from_lists",
        "can_merge_deals",
        "can_see_deals_list_summary",
        "can_see_other_users",
        "can_share_filters",
        "can_use_api",
        "can_use_email_tracking",
    ),
    "global": (
        "can_add_custom_fields",
        "can_create_own_workflow",
        "can_edit_custom_fields",
        "can_follow_other_users",
        "can_merge_organizations",
        "can_merge_people",
        "can_modify_labels",
        "can_see_company_wide_statistics",
        "can_see_hidden_items_names",
        "can_see_other_users_statistics",
        "can_share_insights",
    ),
    "account_settings": (),
}
_ADMINS_BESIDES: Mapping[str, tuple[str, ...]] = {
    "sales": (),
    "global": ("can_delete_custom_fields", "can_use_import"),
    "account_settings": ("can_see_security_dashboard",),
}
PERMISSIONS = tuple(
    sorted({name for table in (_REGULAR, _ADMINS_BESIDES) for row in table.values() for name in row})
)
_ALL = frozenset(PERMISSIONS)
_TRAINEE = ("can_add_products", "can_use_api")

_NAMES: Mapping[tuple[str, str], tuple[str, str]] = {
    ("sales", "admin"): ("Deals admin", "All deals and leads, and the setup of pipelines and lost reasons"),
    ("sales", "regular"): ("Deals regular user", "Deals and leads, as far as the permissions go"),
    ("sales", "custom"): ("Deals trainee", "Adds deals and products, deletes and merges nothing"),
    ("global", "admin"): ("Global admin", "All contacts, activities and reports, and what belongs to them"),
    ("global", "regular"): ("Global regular user", "Contacts, activities and reports, as far as permitted"),
    ("account_settings", "admin"): ("Account settings", "Billing, security, company settings, users"),
}


def set_id(company_id: int, app: str, kind: str) -> str:
    """The id of one of the sets that every company has."""
    said = str(kind == "admin") if kind in ("admin", "regular") else kind
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{company_id}/{app}/{said}"))


def permission_sets(company_id: int) -> list[Record]:
    return [
        {
            "id": set_id(company_id, app, kind),
            "name": name,
            "description": description,
            "app": app,
            "type": kind,
            "contents": list(_contents(app, kind)),
        }
        for (app, kind), (name, description) in _NAMES.items()
    ]


def access(user: User) -> Mapping[str, str]:
    """App -> permission set, by id; whoever was given none has the ones of admins or of regular users."""
    if user.access is not None:
        return user.access
    kind, apps = ("admin", APPS) if user.is_admin else ("regular", APPS[:2])
    return {app: set_id(user.company_id, app, kind) for app in apps}


def permissions(records: Records, user: User) -> AbstractSet[str]:
    """Everything that the user's permission sets allow; admins may do all."""
    if user.is_admin:
        return _ALL
    sets = [records.find("permissionSets", name) for name in access(user).values()]
    return {name for one in sets if one for name in one["contents"]}


def hidden_pipelines(records: Records, user: User) -> Sequence[int]:
    """The pipelines that the user's role does not see, by id; admins see all."""
    role = None if user.is_admin else records.find("roles", user.visibility_group)
    return role["hidden_pipeline_ids"] if role else ()


def new_role(name: str, parent_role_id: int | None = None) -> dict[str, Any]:
    """Without a parent it stands at the top; ``hidden_pipeline_ids`` are the pipelines it does not see."""
    visibility = dict.fromkeys(SETTINGS, 3)
    return {"name": name, "parent_role_id": parent_role_id, "hidden_pipeline_ids": [], "settings": visibility}


def _contents(app: str, kind: str) -> tuple[str, ...]:
    if kind == "custom":
        return _TRAINEE
    return tuple(sorted((*_REGULAR[app], *(_ADMINS_BESIDES[app] if kind == "admin" else ()))))
