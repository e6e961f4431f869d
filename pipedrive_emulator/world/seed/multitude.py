"""A company that has been busy for years: the names of a thousand customers and three thousand people."""

from dataclasses import replace
from itertools import islice, product

from pipedrive_emulator.world.seed.crowd import Crowd

DEALS = 10_000
_CUSTOMERS, _PEOPLE = 1_000, 3_000

_PLACES = (
    *("Riverside", "Lakeview", "Old Town", "Harbour", "Nordic", "Hill Street", "Sunrise", "Maple", "Baltic"),
    *("Hạt Ngọc", "An Phát", "Biển Xanh", "Hoa Sen", "Sông Hồng", "Phương Nam", "Thành Công", "Đại Việt"),
    *("Kaubamaja", "Kivi", "Tamm", "Meri", "Alster", "Isar", "Douro", "Alfama", "Hudson", "Prairie"),
    *("Cedar", "Granite", "Willow", "Amber", "Pioneer", "Summit", "Beacon", "Orchard"),
)
_TRADES = (
    *("Bakery", "Hotel", "Foods", "Coffee", "Roasters", "Catering", "Trading", "Logistics", "Clinic"),
    *("School", "Studio", "Print", "Tools", "Paper", "Glass", "Garden", "Farm", "Dairy", "Brewery"),
    *("Market", "Express", "Supply", "Works", "Partners", "Retail", "Kitchen", "Cinema", "Sports"),
    *("Pharma", "Marine"),
)
_FIRST = (
    *("Anna", "Tom", "Lucas", "Ruth", "Emily", "Claire", "Peter", "Maria", "Jonas", "Kaja", "Mihkel", "Inês"),
    *("João", "Sofia", "Daniel", "Hannah", "Oskar", "Liis", "Rasmus", "Elena", "Victor", "Grace", "Omar"),
    *("Thảo", "Hùng", "Mai", "Quang", "Lan", "Minh", "Hương", "Tuấn", "Ngọc", "Bảo", "Trang", "Dũng", "Hà"),
    *("Noah", "Ella", "Karl", "Nina", "Felix", "Laura", "Simon", "Julia", "David", "Sara", "Martin", "Eva"),
    *("Long", "Yến", "Phúc", "Vy", "Khánh"),
)
_LAST = (
    *("Berg", "Becker", "Meyer", "Adams", "Stone", "Dubois", "Tamm", "Saar", "Kask", "Mägi", "Rebane"),
    *("Silva", "Santos", "Costa", "Pereira", "Miller", "Johnson", "Brown", "Taylor", "Clark", "Lewis"),
    *("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Vũ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý"),
    *("Fischer", "Weber", "Wagner", "Schulz", "Koch", "Richter", "Klein", "Wolf", "Novak", "Horvat"),
    *("Rossi", "Conti", "Moreau", "Laurent", "Garcia", "Lopez", "Andersen", "Larsen", "Nilsson", "Virtanen"),
    *("Kallas", "Ots", "Pärn", "Lepik", "Oja", "Sepp"),
)


def multitude(crowd: Crowd) -> Crowd:
    """The same company's ordinary deals, among very many customers and people."""
    customers = islice((f"{place} {trade}" for trade, place in product(_TRADES, _PLACES)), _CUSTOMERS)
    people = islice((f"{first} {last}" for last, first in product(_LAST, _FIRST)), _PEOPLE)
    return replace(crowd, customers=(*crowd.customers, *customers), people=(*crowd.people, *people))
