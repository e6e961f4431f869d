"""The keys of products, their prices and variations in API v2, with what a bare one says."""

from typing import Any

PRODUCT: dict[str, Any] = {
    "name": None,
    "code": "",
    "description": "",
    "unit": "",
    "tax": 0,
    "category": None,
    "is_linkable": True,
    "is_deleted": False,
    "visible_to": 3,
    "owner_id": None,
    "add_time": None,
    "update_time": None,
    "billing_frequency": "one-time",
    "billing_frequency_cycles": None,
    "prices": [],
}
PRICE: dict[str, Any] = {"price": 0, "currency": None, "cost": 0, "direct_cost": None, "notes": ""}
