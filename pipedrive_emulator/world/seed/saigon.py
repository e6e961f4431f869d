"""Sao Sài Gòn: a Vietnamese roaster that counts in đồng. Its ids start at 1 too, and mean other records.

| deal | owner | what it shows                                                       |
|------|-------|---------------------------------------------------------------------|
| 1    | Huy   | step tomorrow, several people; not Acme's deal 1                    |
| 2    | Mai   | nothing planned, no close date                                      |
| 3    | Linh  | overdue; she is a user of Acme too, under another id                |
| 4    | Huy   | visible to its owner only                                           |
"""

from pipedrive_emulator.world.seed.fields import (
    plant_activity_types,
    plant_custom_field,
    plant_standard_fields,
)
from pipedrive_emulator.world.seed.people import HUY, LINH_SAIGON, MAI
from pipedrive_emulator.world.seed.pipelines import plant_pipeline
from pipedrive_emulator.world.seed.planter import Planter

TASTING, QUOTE, CLOSING = 2, 3, 4


def plant_frame(planter: Planter) -> None:
    """Pipelines, stages, fields, activity types."""
    plant_activity_types(planter)
    sales = (("Khách mới", 10, None), ("Thử cà phê", 30, 10), ("Báo giá", 55, 14), ("Đàm phán", 75, 7))
    plant_pipeline(planter, "Bán hàng", (*sales, ("Ký hợp đồng", 95, None)), weighs=True)
    export = ("Inquiry", "Sample sent", "Offer", "Contract", "Shipped")
    plant_pipeline(planter, "Export", [(name, 100, None) for name in export])
    plant_standard_fields(planter, required={"expected_close_date": [CLOSING]})
    plant_custom_field(planter, "Mức độ quan tâm", "enum", ("Thấp", "Vừa", "Cao"), required=[CLOSING])
    plant_custom_field(planter, "Ngày giao hàng", "date", required=[CLOSING])
    plant_custom_field(planter, "Giá trị đặt cọc", "monetary", important=[QUOTE])
    plant_custom_field(planter, "Ghi chú kho", "text")


def plant_contacts(planter: Planter) -> None:
    """Organizations 1 to 4 and persons 1 to 6."""
    organization, person = planter.organization, planter.person
    star = organization("Khách sạn Ngôi Sao", HUY, "8 Đồng Khởi, Quận 1, Thành phố Hồ Chí Minh")
    lotus = organization("Chuỗi Cà Phê Sen Vàng", MAI, "21 Trần Phú, Nha Trang")
    bean = organization("Bean & Barrel Ltd", LINH_SAIGON, "4 Quay Street, Dublin")
    organization("Nhà hàng Bến Nghé", MAI)
    person("Võ Minh Khang", HUY, star, emails=("khang@ngoisao.example",), phones=("+84 28 555 0170",))
    person("Đặng Thu Thảo", HUY, star, emails=("thao@ngoisao.example",))
    person("Hồ Ngọc Ánh", MAI, lotus, phones=("+84 258 555 0133",))
    person("Lý Gia Bảo", MAI, lotus)
    person(
        "Aoife Byrne", LINH_SAIGON, bean, emails=("aoife@beanbarrel.example",), phones=("+353 1 555 0111",)
    )
    person("Phan Thị Kim Ngân", HUY, None, phones=("+84 93 555 0199",))


def plant_stories(planter: Planter) -> None:
    """Deals 1 to 4."""
    deal, activity, date, at = planter.deal, planter.activity, planter.date, planter.at
    closing = {"expected_close_date": date(HUY, 20), "probability": 55}
    deal("Cà phê cho 120 phòng", HUY, QUOTE, value=1_250_000_000, person_id=1, org_id=1, **closing)
    planter.participants(1, 1, 2)
    activity("Gọi anh Khang chốt giá", "call", HUY, at(HUY, 1, "09:00"), deal_id=1, person_id=1, org_id=1)
    deal("Hạt rang cho Sen Vàng", MAI, TASTING, value=320_000_000, person_id=3, org_id=2)
    deal("Container to Dublin", LINH_SAIGON, 8, value=86_000, currency="EUR", person_id=5, org_id=3)
    activity("Send sample invoice", "email", LINH_SAIGON, planter.day(LINH_SAIGON, -1), deal_id=3, org_id=3)
    deal("Mua lại quán đối thủ", HUY, QUOTE, value=5_400_000_000, visible_to=1, org_id=4)
