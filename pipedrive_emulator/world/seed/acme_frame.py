"""Acme's pipelines, fields and contacts, to which its deals refer by number."""

from pipedrive_emulator.world.seed.fields import (
    plant_activity_types,
    plant_custom_field,
    plant_standard_fields,
)
from pipedrive_emulator.world.seed.people import JACK, LINH, MARTA, VICTOR
from pipedrive_emulator.world.seed.pipelines import plant_pipeline
from pipedrive_emulator.world.seed.planter import Planter

CONTACTED, PROPOSAL, NEGOTIATION, CONTRACT = 2, 3, 4, 5
PARTNER_LEAD, PARTNER_PILOT = 6, 8


def plant_frame(planter: Planter) -> None:
    """Pipelines, stages, fields, activity types."""
    plant_activity_types(planter)
    sales = (("Qualified", 10, None), ("Contact made", 25, 14), ("Proposal made", 50, 10))
    plant_pipeline(
        planter, "Sales", (*sales, ("Negotiations started", 70, 7), ("Contract sent", 90, None)), weighs=True
    )
    partners = ("Lead in", "Vetting", "Pilot", "Terms agreed", "Live", "Renewal")
    plant_pipeline(planter, "Partner channel", [(name, 100, None) for name in partners])
    plant_standard_fields(planter, required={"expected_close_date": [CONTRACT], "value": [CONTRACT]})
    plant_custom_field(planter, "Lead temperature", "enum", ("Cold", "Warm", "Hot"), required=[NEGOTIATION])
    plant_custom_field(planter, "Decision date", "date", required=[NEGOTIATION], important=[PROPOSAL])
    plant_custom_field(planter, "Approved budget", "monetary", required=[NEGOTIATION])
    plant_custom_field(planter, "Payment terms", "varchar", required=[NEGOTIATION])
    plant_custom_field(planter, "Competitors", "text", important=[CONTACTED, PROPOSAL])
    plant_custom_field(planter, "Sales engineer", "user")
    plant_custom_field(
        planter, "Delivery countries", "set", ("Estonia", "Vietnam", "Portugal", "United States")
    )
    plant_custom_field(planter, "Contract period", "daterange", required=[CONTRACT])
    plant_custom_field(planter, "Delivery address", "address")
    plant_custom_field(planter, "Discount %", "double")


def plant_contacts(planter: Planter) -> None:
    """Organizations 1 to 8 and persons 1 to 14, to which the stories below refer by number."""
    organization, person = planter.organization, planter.person
    harvest = organization("Saigon Harvest Holdings", MARTA, "12 Nguyễn Huệ, Quận 1, Thành phố Hồ Chí Minh")
    mills = organization("Baltic Paper Mills", JACK, "Paberi 4, Kohila, Estonia")
    roasters = organization("Hudson Roasters", JACK, "88 Water Street, New York, NY")
    timber = organization(
        "Công ty TNHH Gỗ Việt", LINH, "45 Lê Lợi, Đà Nẵng", website="https://goviet.example"
    )
    freight = organization("Nordic Freight", MARTA, "Sadama 7, Tallinn, Estonia", employee_count=140)
    organization("Green Valley Farms", JACK)
    ceramics = organization("Lisboa Ceramics", VICTOR, "Rua do Açúcar 3, Lisboa")
    organization("Trà Sữa Mây Trắng", LINH)
    lan_mails, lan_phones = (
        ("lan.tran@harvest.example", "lan.tran.private@mail.example"),
        ("+84 28 3822 1188", "+84 90 555 0101"),
    )
    person("Trần Thị Lan", MARTA, harvest, emails=lan_mails, phones=lan_phones)
    person("Đỗ Quang Minh", MARTA, harvest, emails=("minh.do@harvest.example",))
    person("Claire Dubois", MARTA, harvest, phones=("+33 1 55 50 42 10",))
    person("Kadri Tamm", JACK, mills, emails=("kadri@balticpaper.example",), phones=("+372 555 0144",))
    person("Lê Hoàng Phúc", LINH, None, phones=("+84 91 555 0120",))
    person("Oliver Saar", MARTA, freight, emails=("oliver@nordicfreight.example",), phones=("+372 555 0190",))
    person("Nguyễn Văn Đức", LINH, timber, emails=("duc@goviet.example",), phones=("+84 236 555 0166",))
    person("Grace Kim", JACK, roasters, emails=("grace@hudson.example",), phones=("+1 212 555 0107",))
    person("Inês Carvalho", VICTOR, ceramics, emails=("ines@lisboaceramics.example",))
    person("<img src=x onerror=alert(1)>", LINH, timber, emails=("markup@goviet.example",))
    person("Bùi Thị Hồng", LINH, timber)
    person("Peter Novak", JACK, emails=("peter@novak.example",))
    person("Mart Põld", MARTA, freight, emails=("mart@nordicfreight.example",), phones=("+372 555 0191",))
    person("Samuel Ortiz", JACK, roasters, emails=("sam@hudson.example", "samuel.ortiz@mail.example"))
