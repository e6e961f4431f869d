"""Plant a world: the same one each time, its dates counted from the moment of planting."""

import random

from pipedrive_emulator.world.company import Company
from pipedrive_emulator.world.seed import acme, acme_frame, saigon
from pipedrive_emulator.world.seed.call_logs import plant_acme_call_logs, plant_saigon_call_logs
from pipedrive_emulator.world.seed.crowd import Crowd, plant_crowd
from pipedrive_emulator.world.seed.currencies import plant_currencies
from pipedrive_emulator.world.seed.deal_products import plant_deal_products
from pipedrive_emulator.world.seed.files import plant_acme_files, plant_saigon_files
from pipedrive_emulator.world.seed.filters import plant_filters
from pipedrive_emulator.world.seed.followers import plant_followers
from pipedrive_emulator.world.seed.leads import plant_leads
from pipedrive_emulator.world.seed.mail import plant_acme_mail, plant_saigon_mail
from pipedrive_emulator.world.seed.more_fields import plant_more_fields
from pipedrive_emulator.world.seed.multitude import DEALS, multitude
from pipedrive_emulator.world.seed.notes import plant_notes
from pipedrive_emulator.world.seed.people import (
    ACME,
    COMPANIES,
    HUY,
    JACK,
    LINH,
    LINH_SAIGON,
    MAI,
    MARTA,
    SAIGON,
    USERS,
)
from pipedrive_emulator.world.seed.planter import Planter
from pipedrive_emulator.world.seed.products import plant_products
from pipedrive_emulator.world.seed.projects import plant_acme_projects, plant_saigon_projects
from pipedrive_emulator.world.seed.staff import plant_staff
from pipedrive_emulator.world.world import World

SEEDS = ("small", "large")

_ACME_CROWD = Crowd(
    owners=(MARTA, LINH, JACK),
    subjects=(
        "Grinder order",
        "Packaging line",
        "Service contract",
        "Máy pha cà phê",
        "Water filters",
        "Kho lạnh",
    ),
    customers=(
        "Riverside Bakery",
        "Cửa hàng Hạt Ngọc",
        "Lakeview Hotel",
        "Kaubamaja Foods",
        "Công ty An Phát",
    ),
    people=(
        "Anna Berg",
        "Trịnh Văn Hậu",
        "Tom Becker",
        "Nguyễn Thị Mơ",
        "Lucas Meyer",
        "Phùng Gia Hân",
        "Ruth Adams",
    ),
    currencies=("EUR", "EUR", "USD"),
    values=(900, 90_000),
    stage_ids=(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
)
_SAIGON_CROWD = Crowd(
    owners=(HUY, MAI, LINH_SAIGON),
    subjects=("Cà phê hạt", "Máy rang", "Ly giấy", "Trà ô long", "Green beans"),
    customers=("Quán Góc Phố", "Khách sạn Biển Xanh", "Highland Traders", "Tiệm Bánh Mây"),
    people=("Trương Mỹ Linh", "Ngô Đình Trọng", "Emily Stone", "Lâm Tuấn Kiệt", "Mạc Thị Bưởi"),
    currencies=("VND",),
    values=(15_000_000, 900_000_000),
    stage_ids=(1, 2, 3, 4, 5, 6, 7, 8, 9),
)


def plant(world: World, seed: str, now: float) -> None:
    """Fill an empty world; ``now`` is the moment that dates are counted from, epoch seconds."""
    if seed not in SEEDS:
        raise ValueError(f"There is no seed {seed!r}. There are: {', '.join(SEEDS)}.")
    planters = {company: _planter(world, company, now) for company in COMPANIES}
    for user in USERS:
        world.add_user(user)
    if seed == "large":
        _plant_acme(planters[ACME], multitude(_ACME_CROWD), DEALS)
    else:
        _plant_acme(planters[ACME], _ACME_CROWD, 40)
    _plant_saigon(planters[SAIGON])
    for planter in planters.values():
        plant_staff(planter)
        plant_more_fields(planter)
        plant_currencies(planter)
        plant_products(planter)
        plant_deal_products(planter)
        plant_leads(planter)
        plant_filters(planter)
    for planter in planters.values():
        plant_followers(planter)
        plant_notes(planter)


def _planter(world: World, company: Company, now: float) -> Planter:
    dice = random.Random(company.id)  # noqa: S311 - the same world each time, nothing secret
    return Planter(company, world.add_company(company), now, dice)


def _plant_acme(planter: Planter, crowd: Crowd, deals: int) -> None:
    acme_frame.plant_frame(planter)
    acme_frame.plant_contacts(planter)
    acme.plant_stories(planter)
    plant_crowd(planter, crowd, deals)
    plant_acme_mail(planter)
    plant_acme_files(planter)
    plant_acme_projects(planter)
    plant_acme_call_logs(planter)


def _plant_saigon(planter: Planter) -> None:
    saigon.plant_frame(planter)
    saigon.plant_contacts(planter)
    saigon.plant_stories(planter)
    plant_crowd(planter, _SAIGON_CROWD, 20)
    plant_saigon_mail(planter)
    plant_saigon_files(planter)
    plant_saigon_projects(planter)
    plant_saigon_call_logs(planter)
