"""What the permission sets of a user forbid, operation by operation; admins may do all.

https://support.pipedrive.com/en/article/permission-sets; the refusal is the documented 403.
"""

from collections.abc import Iterator, Mapping

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import not_allowed
from pipedrive_emulator.world.staff import permissions


def _field_rows() -> Iterator[tuple[str, str]]:
    for noun in ("deal", "person", "organization", "product", "project"):
        for version, key in (("v1", "{id}"), ("v2", "{field_code}")):
            path = f"{version}/{noun}Fields"
            yield f"POST {path}", "can_add_custom_fields"
            yield f"PUT {path}/{key}", "can_edit_custom_fields"
            yield f"PATCH {path}/{key}", "can_edit_custom_fields"
            yield f"DELETE {path}", "can_delete_custom_fields"
            yield f"DELETE {path}/{key}", "can_delete_custom_fields"
            for method in ("POST", "PATCH", "DELETE"):
                yield f"{method} {path}/{key}/options", "can_edit_custom_fields"


NEEDED: Mapping[str, str] = {
    "DELETE v2/deals/{id}": "can_delete_deals",
    "DELETE v2/activities/{id}": "can_delete_activities",
    "PUT v1/deals/{id}/merge": "can_merge_deals",
    "PUT v1/persons/{id}/merge": "can_merge_people",
    "PUT v1/organizations/{id}/merge": "can_merge_organizations",
    "POST v2/deals/{id}/convert/lead": "can_convert_deals_to_leads",
    "POST v2/products": "can_add_products",
    "POST v2/products/{id}/duplicate": "can_add_products",
    "PATCH v2/products/{id}": "can_edit_products",
    "GET v1/deals/summary": "can_see_deals_list_summary",
    "GET v1/deals/summary/archived": "can_see_deals_list_summary",
    **dict(_field_rows()),
}
# Changes of these keys, whatever the record is.
_KEYS: Mapping[str, str] = {
    "visible_to": "can_change_visibility_of_items",
    "won_time": "can_edit_deals_closed_date",
    "lost_time": "can_edit_deals_closed_date",
    "close_time": "can_edit_deals_closed_date",
}


def check(call: Call) -> None:
    """Raises ApiError 403 when the operation, or a key of the body, needs what the user may not."""
    if call.user.is_admin:
        return
    needed = {NEEDED.get(call.operation.name)}
    if isinstance(call.body, dict) and call.operation.method in ("PATCH", "PUT"):
        needed |= {_KEYS.get(key) for key in call.body}
    if (needed - {None}) - permissions(call.records, call.user):
        raise not_allowed()
