"""Amounts as API v1 writes them out, and sums in one currency at rates that never change."""

from collections.abc import Mapping
from typing import Any

from pipedrive_emulator.api.call import Call
from pipedrive_emulator.api.errors import refused

# Units of a currency for one euro: ours, round on purpose, so that sums can be checked by hand.
RATES: Mapping[str, float] = {
    "EUR": 1,
    "USD": 1.1,
    "GBP": 0.85,
    "CHF": 0.95,
    "SEK": 11,
    "NOK": 11.5,
    "DKK": 7.5,
    "PLN": 4.3,
    "CZK": 25,
    "JPY": 160,
    "CAD": 1.5,
    "AUD": 1.65,
    "SGD": 1.45,
    "THB": 38,
    "VND": 27_500,
}
_BIGGEST = 1e300
_SYMBOLS = {"EUR": "€", "USD": "US$", "GBP": "£", "VND": "₫", "JPY": "¥"}


def formatted(amount: float, currency: str | None) -> str:
    """``€5,000`` or ``US$12.50``: the symbol in front, cents when there are any."""
    symbol = _SYMBOLS.get(currency or "", f"{currency} " if currency else "")
    figures = f"{abs(amount):,.2f}".removesuffix(".00")
    return f"{'-' if amount < 0 else ''}{symbol}{figures}"


def tidy(amount: float) -> float:
    """Cents at most, and no fraction when there are none: 10, not 10.0; never past what JSON can write."""
    rounded = round(max(-_BIGGEST, min(amount, _BIGGEST)), 2)
    return int(rounded) if rounded == int(rounded) else rounded


def converted(amount: float, currency: str | None, into: str) -> float:
    """At the rates above; a currency without one counts as the euro."""
    return tidy(amount / RATES.get(currency or "", 1) * RATES.get(into, 1))


def wanted_currency(call: Call) -> str | None:
    """What ``totals_convert_currency`` asks for: a code, or ``default_currency`` of the caller.

    Raises:
        ApiError: 400 for a code without a rate.
    """
    code: Any = call.query.get("totals_convert_currency")
    if code == "default_currency":
        return call.user.default_currency
    if code is not None and code not in RATES:
        raise refused(400, f"Bad request: {code} is not a supported currency.")
    return None if code is None else str(code)
