"""What the two companies sell."""

from typing import Any

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.product_shapes import PRICE, PRODUCT
from pipedrive_emulator.world.seed.people import HUY, JACK, LINH, LINH_SAIGON, MAI, MARTA
from pipedrive_emulator.world.seed.planter import Planter

_COFFEE, _EQUIPMENT, _SERVICE = 1, 2, 3
_MONTHLY = {"billing_frequency": "monthly", "billing_frequency_cycles": 12}
_Row = tuple[str, str, User, int, dict[str, float], dict[str, Any]]

_ACME: tuple[_Row, ...] = (
    ("Arabica green beans, 60 kg", "GB-AR-60", MARTA, _COFFEE, {"EUR": 410, "USD": 445}, {"unit": "bag"}),
    ("Robusta green beans, 60 kg", "GB-RO-60", MARTA, _COFFEE, {"EUR": 240, "USD": 262}, {"unit": "bag"}),
    ("Espresso blend, 1 kg", "EB-1", LINH, _COFFEE, {"EUR": 18.5, "VND": 495_000}, {"unit": "kg", "tax": 8}),
    ("Cà phê phin, hộp 10 gói", "CP-10", LINH, _COFFEE, {"EUR": 6.9, "VND": 180_000}, {"unit": "hộp"}),
    ("Drum roaster R5", "DR-5", JACK, _EQUIPMENT, {"EUR": 18_900, "USD": 20_400}, {"unit": "pc", "tax": 20}),
    ("Flat burr grinder", "FBG-2", JACK, _EQUIPMENT, {"EUR": 2_350, "USD": 2_540}, {"unit": "pc", "tax": 20}),
    ("Packaging line P3", "PL-3", MARTA, _EQUIPMENT, {"EUR": 64_000}, {"unit": "pc", "tax": 20}),
    ("Water filter", "WF-1", JACK, _EQUIPMENT, {"EUR": 89, "USD": 97}, {"unit": "pc", "tax": 20}),
    ("Installation and training", "SV-INST", MARTA, _SERVICE, {"EUR": 1_200}, {"unit": "day"}),
    ("Maintenance contract", "SV-MAIN", JACK, _SERVICE, {"EUR": 260, "USD": 285}, _MONTHLY),
    ("Sample box", "SB-0", LINH, _COFFEE, {"EUR": 0}, {"is_linkable": False}),
    ("Prototype cooler", "X-COOL", JACK, _EQUIPMENT, {"USD": 3_000}, {"visible_to": 1}),
)
_SAIGON: tuple[_Row, ...] = (
    ("Cà phê Arabica Cầu Đất, 1 kg", "AR-1", HUY, _COFFEE, {"VND": 320_000, "USD": 13}, {"unit": "kg"}),
    ("Cà phê Robusta Buôn Ma Thuột, 1 kg", "RO-1", HUY, _COFFEE, {"VND": 190_000, "USD": 8}, {"unit": "kg"}),
    ("Trà ô long, 500 g", "OL-500", MAI, _COFFEE, {"VND": 260_000}, {"unit": "gói"}),
    ("Máy rang 3 kg", "MR-3", HUY, _EQUIPMENT, {"VND": 185_000_000, "USD": 7_400}, {"tax": 10}),
    ("Ly giấy 12 oz, thùng 1000", "LG-12", MAI, _EQUIPMENT, {"VND": 720_000}, {"unit": "thùng"}),
    ("Green beans, 20 ft container", "GB-20", LINH_SAIGON, _COFFEE, {"USD": 68_000, "EUR": 63_500}, {}),
    ("Đào tạo barista", "DT-B", MAI, _SERVICE, {"VND": 4_500_000}, {"unit": "người"}),
    ("Bảo trì máy", "BT-M", HUY, _SERVICE, {"VND": 1_500_000}, _MONTHLY),
)
_VARIATIONS = {"EB-1": ("Whole beans", "Ground"), "AR-1": ("Nguyên hạt", "Xay"), "DR-5": ("Red", "Black")}


def plant_products(planter: Planter) -> None:
    for name, code, owner, category, amounts, more in _ACME if planter.company.domain == "acme" else _SAIGON:
        row = {"name": name, "code": code, "owner_id": owner.id, "category": category}
        times = {"add_time": planter.time(-320), "update_time": planter.time(-40)}
        prices = [
            PRICE | {"currency": currency, "price": amount, "cost": round(amount * 0.6, 2)}
            for currency, amount in amounts.items()
        ]
        product = planter.add("products", PRODUCT, **row, **times, prices=prices, **more)
        for variation in _VARIATIONS.get(code, ()):
            shape = {"name": variation, "product_id": product["id"], "prices": prices}
            planter.records.add("product_variations", shape)
