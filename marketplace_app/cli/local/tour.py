"""What a visitor needs: the app installed for somebody, and the page to look at."""

import http
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from marketplace_app.cli.local.fetch import request
from marketplace_app.cli.local.identity import Identity
from marketplace_app.cli.local.plan import Plan

DOMAIN = "acme"
RECORD = 1


class TourImpossible(Exception):
    """The emulator or the app did not play along; the text says who and how."""


@dataclass(frozen=True, slots=True)
class Visitor:
    user_id: int
    company_id: int
    name: str


def find_visitor(plan: Plan) -> Visitor:
    """The first user of the company that the tour shows."""
    world = _ask(plan, "GET", "world")
    company = next((found for found in world["companies"] if found["domain"] == DOMAIN), None)
    if company is None:
        raise TourImpossible(f"The emulator's world has no company {DOMAIN}; start over with --fresh.")
    user = next(user for user in world["users"] if user["company_id"] == company["id"])
    return Visitor(user["id"], company["id"], user["name"])


def is_installed(plan: Plan, identity: Identity, visitor: Visitor) -> bool:
    """Whether both sides say so: a kept picture may outlive the emulator's world, and the other way round."""
    return _has_granted(plan, identity, visitor) and _shows_a_picture(plan, identity, visitor)


def _has_granted(plan: Plan, identity: Identity, visitor: Visitor) -> bool:
    """The last word of the emulator's ledger on this user and app."""
    said = [entry for entry in _ask(plan, "GET", "ledger")["entries"] if _concerns(entry, identity, visitor)]
    return bool(said) and said[-1]["kind"] == "installed"


def _concerns(entry: dict[str, Any], identity: Identity, visitor: Visitor) -> bool:
    if entry["kind"] == "reset":
        return True
    whose = (entry.get("client_id"), entry["company_id"], entry["user_id"])
    ours = (identity.client_id, visitor.company_id, visitor.user_id)
    return whose == ours and entry["kind"] in {"installed", "uninstalled"}


def _shows_a_picture(plan: Plan, identity: Identity, visitor: Visitor) -> bool:
    """Whether our iframe has anything else than the page that says how to connect."""
    panel = plan.panel()
    if panel is None:
        return True
    asked = {**_ids(identity, visitor), "surface": panel[0], "record_id": RECORD}
    reply = request("GET", _ask(plan, "POST", "surface", asked)["url"])
    if reply.status != http.HTTPStatus.OK:
        raise TourImpossible(f"The app answered its panel with {reply.status}; see its log.")
    return f'href="{plan.install_path}"' not in reply.text


def install(plan: Plan, identity: Identity, visitor: Visitor) -> None:
    """Walks the real OAuth flow as that user, from the Marketplace to our callback's page."""
    _ask(plan, "POST", "install", _ids(identity, visitor))
    if not is_installed(plan, identity, visitor):
        raise TourImpossible(f"The app was installed for {visitor.name} and does not know it; see its log.")


def _ids(identity: Identity, visitor: Visitor) -> dict[str, Any]:
    return {
        "client_id": identity.client_id,
        "company_id": visitor.company_id,
        "user_id": visitor.user_id,
    }


def record_kind(plan: Plan) -> str:
    """Of the record whose page the tour shows: that of the app's first panel."""
    return (plan.panel() or ("", "deal"))[1]


def record_url(plan: Plan, visitor: Visitor) -> str:
    """Signs the visitor in on the way, so that the first click already shows the panel."""
    next_page = f"/{record_kind(plan)}/{RECORD}"
    query = urlencode({"user": visitor.user_id, "next": next_page}, quote_via=quote, safe="/")
    return f"{plan.company_url(DOMAIN)}/login?{query}"


def _ask(plan: Plan, method: str, what: str, body: object = None) -> dict[str, Any]:
    reply = request(method, f"{plan.emulator_url}/_emulator/{what}", body=body, timeout=30.0)
    if reply.status >= 300:  # noqa: PLR2004 - anything but success
        raise TourImpossible(f"The emulator answered {method} {what} with {reply.status}: {reply.text[:300]}")
    answer: dict[str, Any] = reply.json()
    return answer
