"""Custom fields besides those of deals; Acme's in English, the ones of Sao Sài Gòn in Vietnamese."""

from pipedrive_emulator.world.seed.fields import plant_custom, plant_further_fields
from pipedrive_emulator.world.seed.planter import Planter

_CUSTOM: dict[str, tuple[tuple[str, str, str, tuple[str, ...]], ...]] = {
    "acme": (
        ("personFields", "Preferred language", "enum", ("English", "Vietnamese", "Estonian")),
        ("personFields", "Assistant's phone", "phone", ()),
        ("personFields", "Customer since", "date", ()),
        ("organizationFields", "Tax number", "varchar", ()),
        ("organizationFields", "Credit limit", "monetary", ()),
        ("organizationFields", "Certificates", "set", ("ISO 9001", "HACCP", "Organic")),
        ("organizationFields", "Warehouse", "address", ()),
        ("productFields", "Country of origin", "enum", ("Vietnam", "Brazil", "Ethiopia")),
        ("productFields", "Weight in kg", "double", ()),
        ("projectFields", "Site manager", "user", ()),
        ("projectFields", "Working hours", "timerange", ()),
    ),
    "saigon-star": (
        ("personFields", "Ngôn ngữ", "enum", ("Tiếng Việt", "Tiếng Anh")),
        ("personFields", "Ngày sinh nhật công ty", "date", ()),
        ("organizationFields", "Mã số thuế", "varchar", ()),
        ("organizationFields", "Hạn mức công nợ", "monetary", ()),
        ("productFields", "Vùng trồng", "enum", ("Đà Lạt", "Buôn Ma Thuột", "Sơn La")),
        ("projectFields", "Giám sát", "user", ()),
    ),
}


def plant_more_fields(planter: Planter) -> None:
    plant_further_fields(planter)
    for table, name, kind, options in _CUSTOM[planter.company.domain]:
        plant_custom(planter, table, name, kind, options)
