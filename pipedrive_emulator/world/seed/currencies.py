"""Currencies, the same in every company; each company can add custom ones in Pipedrive's own pages."""

from pipedrive_emulator.world.seed.planter import Planter

_ROWS = (
    ("EUR", "Euro", 2, "€"),
    ("USD", "US Dollar", 2, "$"),
    ("VND", "Vietnamese Dong", 0, "₫"),
    ("GBP", "British Pound", 2, "£"),
    ("CHF", "Swiss Franc", 2, "CHF"),
    ("SEK", "Swedish Krona", 2, "kr"),
    ("NOK", "Norwegian Krone", 2, "kr"),
    ("DKK", "Danish Krone", 2, "kr"),
    ("PLN", "Polish Zloty", 2, "zł"),
    ("CZK", "Czech Koruna", 2, "Kč"),
    ("BRL", "Brazilian Real", 2, "R$"),
    ("MXN", "Mexican Peso", 2, "$"),
    ("CAD", "Canadian Dollar", 2, "CA$"),
    ("AUD", "Australian Dollar", 2, "A$"),
    ("NZD", "New Zealand Dollar", 2, "NZ$"),
    ("JPY", "Japanese Yen", 0, "¥"),
    ("CNY", "Chinese Yuan", 2, "CN¥"),
    ("KRW", "South Korean Won", 0, "₩"),
    ("INR", "Indian Rupee", 2, "₹"),
    ("SGD", "Singapore Dollar", 2, "S$"),
    ("HKD", "Hong Kong Dollar", 2, "HK$"),
    ("THB", "Thai Baht", 2, "฿"),
    ("IDR", "Indonesian Rupiah", 2, "Rp"),
    ("KWD", "Kuwaiti Dinar", 3, "KD"),
    ("ZAR", "South African Rand", 2, "R"),
    ("TRY", "Turkish Lira", 2, "₺"),
)


def plant_currencies(planter: Planter) -> None:
    for code, name, decimals, symbol in _ROWS:
        row = {"code": code, "name": name, "decimal_points": decimals, "symbol": symbol}
        planter.records.add("currencies", row | {"active_flag": True, "is_custom_flag": False})
