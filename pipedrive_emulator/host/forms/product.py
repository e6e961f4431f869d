"""The form for a product, new or existing: its price in the user's own currency."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.host.as_user import Record
from pipedrive_emulator.host.forms.deal import amount
from pipedrive_emulator.host.forms.form import (
    Asked,
    Field,
    Form,
    FormKind,
    Values,
    create_or_change,
    needed,
)


def _draw(asked: Asked, prefill: Mapping[str, Any]) -> Form:
    product = {} if asked.record_id is None else asked.api.one("products", asked.record_id)
    currency = asked.api.user.default_currency
    price = next((one["price"] for one in product.get("prices") or () if one["currency"] == currency), None)
    fields = (
        Field("name", "Name", value=_text(product.get("name") or prefill.get("name")), is_required=True),
        Field("code", "Code", value=_text(product.get("code")), width="third"),
        Field("unit", "Unit", value=_text(product.get("unit")), width="third"),
        Field("price", f"Price, {currency}", "number", _text(price), "third"),
        Field("description", "Description", "textarea", _text(product.get("description"))),
    )
    return Form("Edit product" if product else "Add product", fields)


def _save(asked: Asked, values: Values) -> Record:
    """Other prices stay: the API takes the whole list."""
    body: Record = {
        "name": needed(values, "name", "Name"),
        "code": values.get("code") or None,
        "unit": values.get("unit") or "",
        "description": values.get("description") or None,
    }
    price = amount(values.get("price", ""), "price")
    if price is not None:
        body["prices"] = _prices(asked, price)
    return create_or_change(asked, "products", body)


def _prices(asked: Asked, price: float) -> list[Record]:
    currency = asked.api.user.default_currency
    known = [] if asked.record_id is None else asked.api.one("products", asked.record_id)["prices"]
    prices = {one["currency"]: one for one in known}
    prices[currency] = {**prices.get(currency, {}), "currency": currency, "price": price}
    return list(prices.values())


def _text(value: Any) -> str:
    if isinstance(value, int | float):
        return f"{value:.10g}"
    return str(value or "")


PRODUCT = FormKind(_draw, _save)
