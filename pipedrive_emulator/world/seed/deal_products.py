"""Products on some of the told deals, chosen so that they add up to the value that the deal has anyway."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from pipedrive_emulator.world import shapes
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.seed.people import HUY, MARTA
from pipedrive_emulator.world.seed.planter import Planter

_MONTHLY = {"billing_frequency": "monthly", "billing_frequency_cycles": 12}

# Deal -> lines of product code, quantity, price, and what else a line says.
_Lines = Mapping[int, tuple[tuple[str, float, float, Mapping[str, Any]], ...]]

_ACME: _Lines = {
    4: (("FBG-2", 12, 2_350, {}), ("SV-INST", 1, 1_700, {"comments": "Two days in Tallinn"})),
    9: (("FBG-2", 5, 2_540, {}), ("SV-INST", 1, 2_130, {}), ("SV-MAIN", 1, 285, _MONTHLY)),
    20: (("DR-5", 60, 20_400, {}), ("FBG-2", 20, 2_540, {}), ("WF-1", 40, 97, {"is_enabled": False})),
}
_SAIGON: _Lines = {
    1: (("MR-3", 6, 185_000_000, {}), ("AR-1", 500, 320_000, {"comments": "Giao từng tháng"})),
    2: (("AR-1", 1_000, 320_000, {}),),
}
# acv, arr and mrr that follow from the lines, so that the first change of such a deal does not alter them.
_YIELDS = {9: (18_250, 3_420, 285)}


def plant_deal_products(planter: Planter) -> None:
    """Lines, one discount and two installments in each company."""
    is_acme = planter.company.domain == "acme"
    codes = {row["code"]: row for row in planter.records.all("products")}
    for deal_id, lines in (_ACME if is_acme else _SAIGON).items():
        deal = planter.records.find("deals", deal_id)
        if deal is None:
            raise LookupError(f"deal {deal_id} is not planted")
        for number, (code, quantity, price, more) in enumerate(lines, 1):
            named = {"product_id": codes[code]["id"], "name": codes[code]["name"], "order_nr": number}
            _plant_line(planter, deal, {**named, "quantity": quantity, "item_price": price, **more})
        acv, arr, mrr = _YIELDS.get(deal_id, (deal["value"], 0, 0)) if is_acme else (deal["value"], 0, 0)
        planter.records.put("deals", deal_id, {**deal, "acv": acv, "arr": arr, "mrr": mrr})
    _plant_terms(planter, is_acme=is_acme)


def _plant_line(planter: Planter, deal: Record, line: Mapping[str, Any]) -> None:
    times = {"add_time": planter.time(-18), "update_time": planter.time(-10)}
    about = {
        "deal_id": deal["id"],
        "currency": deal["currency"],
        "sum": line["quantity"] * line["item_price"],
    }
    planter.add("deal_products", shapes.DEAL_PRODUCT, **times, **about, **line)


def _plant_terms(planter: Planter, *, is_acme: bool) -> None:
    """A discount on the big deal of each company, and its installments."""
    deal_id, owner, amount = (20, MARTA, 24_800) if is_acme else (1, HUY, 20_000_000)
    texts = (
        ("Opening discount", "Deposit", "On delivery") if is_acme else ("Khách quen", "Đặt cọc", "Khi giao")
    )
    discount_id = str(uuid5(NAMESPACE_URL, f"{planter.company.domain}/discounts/1"))
    discount = {"id": discount_id, "description": texts[0], "amount": amount, "type": "amount"}
    stamps = {"created_at": planter.time(-9), "created_by": owner.id}
    stamps |= {"updated_at": planter.time(-9), "updated_by": owner.id}
    planter.records.put("deal_discounts", discount_id, {**discount, "deal_id": deal_id, **stamps})
    value = (planter.records.find("deals", deal_id) or {})["value"]
    for days, text in zip((30, 120), texts[1:], strict=True):
        row = {"description": text, "amount": value // 2, "billing_date": planter.date(owner, days)}
        planter.records.add("deal_installments", {**row, "deal_id": deal_id})
