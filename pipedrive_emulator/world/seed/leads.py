"""Leads with their labels: what may become a deal one day."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.seed.people import HUY, JACK, LINH, LINH_SAIGON, MAI, MARTA, VICTOR
from pipedrive_emulator.world.seed.planter import Planter

_LABELS = (("Hot", "red"), ("Warm", "yellow"), ("Cold", "blue"))

# Title, owner, days old, person, organization, label, and what else is known.
_Row = tuple[str, User, float, int | None, int | None, str, Mapping[str, Any]]

_ACME: tuple[_Row, ...] = (
    ("Second roastery for Saigon Harvest", MARTA, 3, 1, 1, "Hot", {"value": (52_000, "EUR"), "closes": 45}),
    ("Sổ lead hội chợ cà phê Đà Nẵng", LINH, 6, 7, 4, "Warm", {"source_name": "Import"}),
    ("Tasting room in Tallinn", MARTA, 10, 6, 5, "Warm", {"value": (8_400, "EUR"), "was_seen": True}),
    ("Peter Novak asks about grinders", JACK, 14, 12, None, "Cold", {"source_name": "Web forms"}),
    (
        "Hudson Roasters: filters for five shops",
        JACK,
        1,
        8,
        3,
        "Hot",
        {"value": (2_600, "USD")},
    ),
    ("Tiles for a café chain", VICTOR, 20, 9, 7, "Cold", {}),
    ("Supplier that wants to sell", MARTA, 5, None, 6, "Warm", {"visible_to": 1, "was_seen": True}),
    ("Fair 2025, never answered", JACK, 200, 4, 2, "Cold", {"is_archived": True, "was_seen": True}),
)
_SAIGON: tuple[_Row, ...] = (
    ("Quầy cà phê sảnh khách sạn", HUY, 2, 1, 1, "Hot", {"value": (180_000_000, "VND"), "closes": 30}),
    ("Sen Vàng mở chi nhánh Quy Nhơn", MAI, 8, 3, 2, "Warm", {"was_seen": True}),
    (
        "Samples for Cork",
        LINH_SAIGON,
        12,
        5,
        3,
        "Cold",
        {"value": (4_000, "EUR"), "source_name": "Web forms"},
    ),
    ("Nhà hàng Bến Nghé đổi máy", MAI, 150, None, 4, "Cold", {"is_archived": True}),
)


def plant_leads(planter: Planter) -> None:
    """The three labels that every company starts with, and leads under ids that never change."""
    since = planter.time(-380)
    for name, colour in _LABELS:
        label = {"id": _id(planter, f"leadLabels/{name}"), "name": name, "color": colour}
        planter.records.put("leadLabels", label["id"], label | {"add_time": since, "update_time": since})
    for number, row in enumerate(_ACME if planter.company.domain == "acme" else _SAIGON, 1):
        _plant(planter, _id(planter, f"leads/{number}"), row)


def _plant(planter: Planter, lead_id: str, row: _Row) -> None:
    title, owner, age, person_id, organization_id, label, known = row
    more = {"source_name": "Manually created", **known}
    amount, closes = more.pop("value", None), more.pop("closes", None)
    lead = {
        "id": lead_id,
        **shapes.LEAD,
        "title": title,
        "owner_id": owner.id,
        "creator_id": owner.id,
        "label_ids": [_id(planter, f"leadLabels/{label}")],
        "person_id": person_id,
        "organization_id": organization_id,
        "origin": more["source_name"].title().replace(" ", ""),
        "value": {"amount": amount[0], "currency": amount[1]} if amount else None,
        "expected_close_date": planter.date(owner, closes) if closes else None,
        "add_time": planter.time(-age),
        "update_time": planter.time(-age / 2),
        "archive_time": planter.time(-age / 2) if more.get("is_archived") else None,
        "is_deleted": False,
        "custom_fields": {},
    }
    planter.records.put("leads", lead_id, lead | more)


def _id(planter: Planter, path: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{planter.company.domain}/{path}"))
