"""An app with a JSON panel and a JSON modal: its schema files, its registration, and what it answers."""

from typing import Any

from tests.emulator.app_behind import AppBehind

CLIENT_ID = "json-client"
PANEL_SECRET = "json-panel-secret-0123456789"
BASIC = ("panel-user", "panel-password")


def field(kind: str, label: str | None = None) -> dict[str, str]:
    return {"$ref": f"#/definitions/{kind}", **({"label": label} if label else {})}


OFFERS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["id", "header"],
        "properties": {
            "id": field("numerical"),
            "header": field("header"),
            "state": field("label", "State"),
            "signed_on": field("date", "Signed on"),
            "total": field("currency", "Total"),
            "open_doc": field("link", "Document"),
            "remarks": field("text", "Remarks"),
            "topics": field("tags", "Topics"),
        },
    },
}
PERSON: dict[str, Any] = {
    "type": "object",
    "required": ["mail"],
    "properties": {
        "mail": field("email", "Email"),
        "call": field("phone", "Phone"),
        "home": field("address", "Address"),
        "score": field("numerical", "Score"),
        "wake": field("time", "Wakes up"),
        "seen": field("date-time", "Last seen"),
        "site": field("link"),
    },
}
OFFER: dict[str, Any] = {
    "id": 31,
    "header": "Offer 2026-031",
    "state": {"color": "yellow", "label": "Waiting for signature"},
    "signed_on": None,
    "total": {"code": "EUR", "value": 18400},
    "open_doc": {"label": "Open offer", "value": "https://app.example.test/o/31", "external": True},
    "remarks": {
        "markdown": True,
        "value": "Ask **legal** about [clause 7](https://app.example.test/o/31#c7).",
    },
    "topics": ["Annual", "Onsite"],
}
ANSWER: dict[str, Any] = {
    "data": [OFFER],
    "settings": {"url": "https://app.example.test/settings"},
    "external_link": {"url": "https://app.example.test/offers", "label": "All offers"},
}


def block(kind: str, **options: Any) -> dict[str, Any]:
    return {"$ref": f"#/definitions/element-{kind}", **({"options": options} if options else {})}


def action(kind: str, label: str, handler: str, **options: Any) -> dict[str, Any]:
    shown = {"label": label, "handler": handler, **options}
    return {"$ref": f"#/definitions/action-{kind}", "options": shown}


def form_schema(blocks: dict[str, Any], actions: dict[str, Any] | None = None) -> dict[str, Any]:
    given = actions or {
        "stop": action("secondary", "Cancel", "cancel"),
        "go": action("primary", "Create", "request"),
    }
    parts = {"blocks": blocks, "actions": given}
    return {
        "type": "object",
        "properties": {name: {"type": "object", "properties": rows} for name, rows in parts.items()},
    }


KINDS = [{"label": "Offer", "value": "offer"}, {"label": "Contract", "value": "contract"}]
DOCUMENT = form_schema(
    {
        "kind": block("select", label="Document kind", isRequired=True, fetchOnChange=True, items=KINDS),
        "due": block(
            "datepicker", label="Valid until", allowClear=True, visibleOn={"kind": {"equals": "offer"}}
        ),
        "note": block("textarea", label="Note", resize=True),
        "origin": block("input", label="Origin", value="menu", visibleOn="never"),
    }
)
FIRST = {"data": {"blocks": {"kind": {"value": "offer"}}, "actions": {}}}


def surface(name: str, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "title": name.replace("-", " ").capitalize(),
        "path": f"/{name}",
        **more,
    }


def surfaces() -> list[dict[str, Any]]:
    panel = {"http_auth": {"user": BASIC[0], "password": BASIC[1]}, "jwt_secret": "panels"}
    return [
        surface("offers", "json_panel", schema=OFFERS, view="deal", **panel),
        surface("contact", "json_panel", schema=PERSON, view="person", jwt_secret="panels"),
        surface("document", "json_modal", schema=DOCUMENT, views=["deal/details", "deal/list"]),
    ]


def registration(app: AppBehind, *more: dict[str, Any]) -> dict[str, Any]:
    manifest = {
        "format": "marketplace-app/1",
        "name": "Offers",
        "description": "Offers beside the deal.",
        "install_path": "/oauth/install",
        "callback_path": "/oauth/callback",
        "scopes": [],
        "surfaces": list(more) or surfaces(),
    }
    return {
        "manifest": manifest,
        "base_url": app.url,
        "client_id": CLIENT_ID,
        "client_secret": "json-client-secret-0123456789",
        "surface_secrets": {"panels": PANEL_SECRET},
    }
