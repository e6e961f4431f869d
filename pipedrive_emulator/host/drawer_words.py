"""The developer drawer's words: what a kind of entry is called, and what to do when it went wrong."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Entry = Mapping[str, Any]


class Kind(NamedTuple):
    """``group`` is one of the drawer's filters; ``title`` names keys of the entry in braces."""

    group: str
    title: str
    tone: str = ""


KINDS: dict[str, Kind] = {
    "api_call": Kind("api", "{method} {path}"),
    "json_request": Kind("json", "{method} {url}"),
    "messaging_request": Kind("json", "{endpoint} of channel {channel}"),
    "panel_feedback": Kind("json", "Thumb {thumb} for {surface}"),
    "surface_token": Kind("token", "Token signed for {surface}"),
    "surface_hidden": Kind("page", "{surface} was hidden", "negative"),
    "resize_out_of_range": Kind("page", "{surface} asked for a size out of range", "warning"),
    "code_issued": Kind("oauth", "Authorization code issued"),
    "token_issued": Kind("oauth", "Access and refresh token issued", "positive"),
    "token_refreshed": Kind("oauth", "Access token refreshed", "positive"),
    "token_refused": Kind("oauth", "Token refused: {error}", "negative"),
    "token_revoked": Kind("oauth", "Token revoked", "warning"),
    "installed": Kind("oauth", "App installed", "positive"),
    "uninstalled": Kind("oauth", "App uninstalled by {by}", "warning"),
    "uninstall_delivered": Kind("oauth", "App told of the uninstall, attempt {attempt}"),
    "share_delivered": Kind("oauth", "App told of the sharing, attempt {attempt}"),
    "sharing": Kind("oauth", "Sharing changed"),
    "scopes_added": Kind("oauth", "The app asks for more scopes", "warning"),
    "app_deleted": Kind("oauth", "App left the Marketplace", "warning"),
    "webhook_event": Kind("webhook", "{event} {entity_id} for webhook {webhook_id}"),
    "webhook_delivered": Kind("webhook", "{event} {entity_id} delivered, attempt {attempt}", "positive"),
    "webhook_failed": Kind("webhook", "{event} {entity_id} not delivered, attempt {attempt}", "negative"),
    "webhook_lost": Kind("webhook", "{event} {entity_id} is lost", "negative"),
    "webhook_banned": Kind("webhook", "Webhook {webhook_id} is banned", "negative"),
    "webhook_removed": Kind("webhook", "Webhook {webhook_id} ended", "warning"),
    "crowd": Kind("other", "{companies} companies planted, {users} users each"),
    "company_changed": Kind("other", "Company changed"),
    "user_changed": Kind("other", "User changed"),
    "fault": Kind("fault", "Fault {fault} on {method} {path}", "warning"),
    "timer_failed": Kind("other", "Later work failed: {error}", "negative"),
    "clock": Kind("other", "Clock moved {advance_seconds} seconds"),
    "switch": Kind("other", "Switches turned"),
    "reset": Kind("other", "World planted anew", "warning"),
    "snapshot": Kind("other", "Snapshot {name} taken"),
    "restore": Kind("other", "Snapshot {name} restored", "warning"),
}

# Answers of the API that have one usual cause, in the words of somebody whose panel stays empty.
API_HINTS = {
    400: "Pipedrive did not take what was sent: the answer's error names the parameter or key.",
    401: "The token is unknown, expired or revoked. Refresh it; if that fails, the user installs again.",
    402: "The company is closed: its trial is over or nobody paid.",
    403: "The token's scopes or the user's permissions do not allow this. New scopes need a new consent.",
    404: "There is no such record for this user. It may be deleted, or hidden by its visibility.",
    429: "Too many requests, or no API tokens left today. Wait as the headers say, then go on.",
    501: "The emulator does not serve this operation.",
}
_OAUTH_HINTS = {
    "invalid_client": "client_id and client_secret do not match the registration.",
    "invalid_grant": "The code or refresh token is spent, expired, revoked or another app's. Install again.",
    "invalid_request": "A parameter of the request is missing or malformed.",
}
_KIND_HINTS = {
    "surface_hidden": "Pipedrive hides a surface whose SDK is not initialized within 10 seconds. "
    "Is the app running, does it accept the token, does its page call initialize()?",
    "resize_out_of_range": "Every surface has its limits. The messages say what was asked for.",
    "webhook_failed": "Only a 2xx within 10 seconds counts, and no redirect is followed. It is sent again "
    "after 3, 30 and 150 seconds, then dropped.",
    "webhook_lost": "The webhook is banned: what happens meanwhile is not kept.",
    "webhook_banned": "Ten first attempts failed. For 30 minutes nothing is sent, and nothing is kept.",
    "fault": "Ordered through POST /_emulator/faults; DELETE /_emulator/faults ends it.",
}


def kind_of(entry: Entry) -> Kind:
    """A kind that the table lacks is still shown, under its own name."""
    name = str(entry["kind"])
    group = "webhook" if name.startswith("webhook") else "other"
    return KINDS.get(name) or Kind(group, name.replace("_", " ").capitalize())


def title_of(entry: Entry) -> str:
    return kind_of(entry).title.format_map(_Blank(entry))


def tone_of(entry: Entry) -> str:
    """positive, warning, negative or nothing: of the status where there is one, else of the kind."""
    status = entry.get("status")
    if entry.get("failure") or entry.get("errors") or entry.get("complaints"):
        return "negative"
    if isinstance(status, int):
        return "negative" if status >= 400 else "positive"  # noqa: PLR2004 - HTTP's border
    return kind_of(entry).tone


def result_of(entry: Entry) -> str:
    """The status, or what stands for it."""
    if entry.get("status") is not None:
        return str(entry["status"])
    return "no answer" if "status" in entry else ""


def hint_of(entry: Entry) -> str:
    """What was the matter and its usual cause, empty when all is well or nothing is known."""
    find = _HINTS.get(str(entry["kind"]))
    if find:
        return find(entry)
    told = _sentence(entry.get("reason"))
    return f"{told} {_KIND_HINTS.get(str(entry['kind']), '')}".strip()


def _sentence(words: Any) -> str:
    text = str(words or "")
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _json_hint(entry: Entry) -> str:
    if entry.get("failure"):
        return f"{_sentence(entry['failure'])} Pipedrive waits 10 seconds and follows no redirect."
    if entry.get("errors"):
        return "The answer does not fit the schema that was registered; the errors say where."
    return ""


_HINTS: dict[str, Callable[[Entry], str]] = {
    "api_call": lambda entry: API_HINTS.get(entry["status"], ""),
    "json_request": _json_hint,
    "messaging_request": lambda entry: _sentence("; ".join(entry["complaints"])),
    "token_refused": lambda entry: _OAUTH_HINTS.get(entry["error"], ""),
}


class _Blank(dict[str, Any]):
    """An entry for a format; what it lacks is a question mark."""

    def __missing__(self, _: str) -> str:
        return "?"
