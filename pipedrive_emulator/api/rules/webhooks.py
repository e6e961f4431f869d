"""Webhooks, https://developers.pipedrive.com/docs/api/v1/Webhooks; what they then do is in webhooks/.

An app sees and ends only what it made itself, a user without an app only their own.
"""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.errors import ApiError
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.webhooks import subscriptions
from pipedrive_emulator.webhooks.order_form import complaints, version_of
from pipedrive_emulator.webhooks.subscriptions import DELETED, MOST
from pipedrive_emulator.world.company import User

_OK = {"status": "ok"}


def all_webhooks(call: Call) -> Answer:
    """One that was given up shows up still, with its reason, unless the switch says otherwise."""
    rows = subscriptions.held_by(call.records, call.user.id, call.client_id)
    if call.switches.get("failed_webhook") == "listed":
        rows += subscriptions.died(call.records, call.user.id, call.client_id)
    return Answer([subscriptions.shown(row) for row in sorted(rows, key=lambda row: row["id"])], extra=_OK)


def create(call: Call) -> Answer:
    body: Mapping[str, Any] = call.body if isinstance(call.body, dict) else {}
    errors = complaints(body, call.switches.get("webhook_url_policy"), call.origin)
    user = _permission_user(call, body.get("user_id"))
    if user is None:
        errors["user_id"] = ["not found"]
    if errors or user is None:
        raise _refused(400, errors)
    if len(subscriptions.held_by(call.records, call.user.id, call.client_id)) >= MOST:
        raise _refused(422, {"webhooks": [f"no more than {MOST} webhooks are allowed"]})
    row = subscriptions.subscribe(call.records, call.company, _row(call, body, user))
    return Answer(subscriptions.shown(row), extra=_OK)


def delete(call: Call) -> Answer:
    row = subscriptions.find_active(call.records, whole_number(call.variables["id"]) or 0)
    if row is None:
        raise _refused(404, {"id": ["not found"]})
    if (row["owner_id"], row["client_id"]) != (call.user.id, call.client_id):
        raise ApiError(403, {"message": "Forbidden"})
    subscriptions.end(call.records, row, DELETED, call.now)
    return Answer(None, extra=_OK, has_data=False)


def _permission_user(call: Call, given: Any) -> User | None:
    """Whose permissions decide what the webhook hears of: the caller unless the body names another."""
    if given is None:
        return call.user
    number = whole_number(str(given)) if not isinstance(given, bool) else None
    user = call.colleague(number)
    return user if user is not None and user.active else None


def _row(call: Call, body: Mapping[str, Any], user: User) -> dict[str, Any]:
    return {
        "owner_id": call.user.id,
        "admin_id": call.user.id,
        "user_id": user.id,
        "event_action": body["event_action"],
        "event_object": body["event_object"],
        "subscription_url": body["subscription_url"],
        "version": version_of(body),
        "add_time": subscriptions.moment(call.now),
        "type": "application" if call.client_id else "general",
        "client_id": call.client_id,
        "http_auth_user": body.get("http_auth_user"),
        "http_auth_password": body.get("http_auth_password"),
        "name": body["name"],
    }


def _refused(status: int, errors: Mapping[str, list[str]]) -> ApiError:
    return ApiError(status, {"status": "error", "errors": dict(errors)})


OPERATIONS = {
    "GET v1/webhooks": all_webhooks,
    "POST v1/webhooks": create,
    "DELETE v1/webhooks/{id}": delete,
}
