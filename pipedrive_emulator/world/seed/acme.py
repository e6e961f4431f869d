"""Acme Trading: the deals that a story can be told with. More of the same kind follow from crowd.py.

| deal | owner  | what it shows                                                                    |
|------|--------|----------------------------------------------------------------------------------|
| 1    | Marta  | the showcase: step tomorrow 09:00, close date 6 days past, no answer for 9 days, |
|      |        | 3 people, 2 more open deals there, 2 of 4 fields filled for the next stage       |
| 2    | Jack   | next step three days overdue                                                     |
| 3    | Linh   | nothing but a person                                                             |
| 4    | Marta  | healthy: step in two days, close date ahead, fields filled, contacts complete    |
| 5    | Jack   | open at the organization of deal 1, another owner and pipeline                   |
| 6    | Marta  | looks like a duplicate of deal 1: same person, same pipeline                     |
| 7    | Victor | his organization and person belong to others, so he cannot see them              |
| 8    | Victor | all his own                                                                      |
| 9    | Jack   | rotten                                                                           |
| 10   | Linh   | title of 300 characters, person with markup for a name                           |
| 11   | Linh   | won                                                                              |
| 12   | Jack   | lost                                                                             |
| 13   | Jack   | archived                                                                         |
| 14   | Jack   | deleted                                                                          |
| 15   | Marta  | only the owner (and admins) may see it                                           |
| 16   | Linh   | due today at 16:30 of her day                                                    |
| 17   | Jack   | due today without a time                                                         |
| 18   | Jack   | no organization, closes today, no value                                          |
| 19   | Linh   | two steps planned, one overdue; person without phone and e-mail                  |
| 20   | Marta  | big, in dollars, several mails, they answered last                               |
"""

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

_LONG_TITLE = (
    "Hợp đồng cung cấp dây chuyền rang xay cà phê, đóng gói và vận chuyển lạnh cho chuỗi cửa hàng, "
    "gồm khảo sát mặt bằng, lắp đặt, đào tạo nhân viên, bảo trì định kỳ hằng quý, phụ tùng thay thế, "
    "hỗ trợ kỹ thuật hai mươi bốn giờ mỗi ngày và báo cáo vận hành hằng tháng cho ban giám đốc"
).ljust(300, ".")[:300]


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


def plant_showcase(planter: Planter) -> None:
    """Deals 1 to 6."""
    deal, activity, date, at, time = planter.deal, planter.activity, planter.date, planter.at, planter.time
    known = {
        "Lead temperature": 3,
        "Approved budget": {"value": 48000, "currency": "EUR"},
        "Delivery countries": [2],
    }
    mails = {
        "last_outgoing_mail_time": time(-9),
        "last_incoming_mail_time": time(-15),
        "email_messages_count": 7,
    }
    late = {"expected_close_date": date(MARTA, -6), "probability": 50, "label_ids": [1]}
    links = {"person_id": 1, "org_id": 1}
    deal(
        "Coffee roasting line for Saigon Harvest",
        MARTA,
        PROPOSAL,
        value=48500,
        fields=known,
        **links,
        **late,
        **mails,
    )
    planter.participants(1, 1, 2, 3)
    activity("Call Lan about the revised offer", "call", MARTA, at(MARTA, 1, "09:00"), deal_id=1, **links)
    activity("Send the offer", "email", MARTA, (date(MARTA, -9), None), deal_id=1, done_days=9, **links)
    activity(
        "Visit the roastery", "meeting", MARTA, at(MARTA, -16, "14:00"), deal_id=1, done_days=16, **links
    )

    deal(
        "Paper cup supply 2027",
        JACK,
        CONTACTED,
        value=12400,
        person_id=4,
        org_id=2,
        expected_close_date=date(JACK, 21),
    )
    activity("Follow up on samples", "call", JACK, at(JACK, -3, "11:00"), deal_id=2, person_id=4, org_id=2)

    deal("Trà sữa - khách mới", LINH, 1, person_id=5, age=2, in_stage=2, touched=2)

    ready = {"Lead temperature": 2, "Decision date": date(MARTA, 12), "Payment terms": "30 days net"}
    ready |= {"Approved budget": {"value": 31000, "currency": "EUR"}, "Sales engineer": JACK.id}
    ahead = {"expected_close_date": date(MARTA, 30), "last_incoming_mail_time": time(-1)}
    deal(
        "Freight scales for Nordic Freight",
        MARTA,
        PROPOSAL,
        value=29900,
        person_id=6,
        org_id=5,
        fields=ready,
        touched=1,
        **ahead,
    )
    planter.participants(4, 6, 13)
    activity(
        "Walk through the contract draft",
        "meeting",
        MARTA,
        at(MARTA, 2, "13:30"),
        deal_id=4,
        person_id=6,
        org_id=5,
    )
    activity(
        "First call", "call", MARTA, at(MARTA, -5, "10:00"), deal_id=4, person_id=6, org_id=5, done_days=5
    )

    deal(
        "Spare parts agreement",
        JACK,
        PARTNER_PILOT,
        value=7300,
        person_id=2,
        org_id=1,
        expected_close_date=date(JACK, 40),
    )
    activity("Price list for spare parts", "task", JACK, (date(JACK, 4), None), deal_id=5, org_id=1)
    deal("Lan - roasting line, second quote", MARTA, CONTACTED, value=46000, touched=8, **links)


def plant_edges(planter: Planter) -> None:
    """Deals 7 to 14: hidden links, rot, hostile text, closed, archived, deleted."""
    deal, date, time = planter.deal, planter.date, planter.time
    deal("Ceramic mugs for Baltic Paper", VICTOR, PARTNER_LEAD, value=5100, person_id=4, org_id=2)
    deal("Showroom tiles", VICTOR, PARTNER_PILOT, value=8800, person_id=9, org_id=7)
    planter.activity(
        "Send tile samples", "task", VICTOR, (date(VICTOR, 3), None), deal_id=8, person_id=9, org_id=7
    )
    rot = {"age": 120, "in_stage": 60, "touched": 40}
    deal("Roaster retrofit", JACK, NEGOTIATION, value=18250, person_id=8, org_id=3, currency="USD", **rot)
    deal(_LONG_TITLE, LINH, CONTACTED, value=64000, person_id=10, org_id=4)
    won = {"won_time": time(-5), "close_time": time(-5), "first_won_time": time(-5)}
    won |= {"local_won_date": date(LINH, -5), "local_close_date": date(LINH, -5)}
    deal("Pallet wrapping machines", LINH, CONTRACT, value=21700, person_id=7, org_id=4, status="won", **won)
    lost = {"lost_time": time(-8), "close_time": time(-8), "lost_reason": "Went with a cheaper offer"}
    lost |= {"local_lost_date": date(JACK, -8), "local_close_date": date(JACK, -8)}
    deal("Cold storage pilot", JACK, PROPOSAL, value=9900, person_id=14, org_id=3, status="lost", **lost)
    deal("Old fair contact", JACK, 1, person_id=12, is_archived=True, archive_time=time(-20), age=300)
    deal("Entered twice by mistake", JACK, 1, person_id=12, is_deleted=True, touched=2)


def plant_days(planter: Planter) -> None:
    """Deals 15 to 20: whose day it is, and what is due in it."""
    deal, activity, date, at, time = planter.deal, planter.activity, planter.date, planter.at, planter.time
    deal("Confidential: buy-out of a supplier", MARTA, PROPOSAL, value=250000, visible_to=1, org_id=5)
    deal(
        "Bàn ghế gỗ cho khách sạn",
        LINH,
        CONTACTED,
        value=15600,
        person_id=7,
        org_id=4,
        expected_close_date=date(LINH, 14),
    )
    activity("Gọi anh Đức về mẫu gỗ", "call", LINH, at(LINH, 0, "16:30"), deal_id=16, person_id=7, org_id=4)
    deal("Bean subscription", JACK, CONTACTED, value=3600, currency="USD", person_id=8, org_id=3)
    activity("Agree on delivery days", "task", JACK, (date(JACK, 0), None), deal_id=17, person_id=8, org_id=3)
    deal("Consulting for Peter Novak", JACK, PROPOSAL, person_id=12, expected_close_date=date(JACK, 0))
    deal(
        "Ván sàn xuất khẩu",
        LINH,
        NEGOTIATION,
        value=38200,
        person_id=11,
        org_id=4,
        expected_close_date=date(LINH, 7),
    )
    activity("Gửi báo giá ván sàn", "email", LINH, (date(LINH, -2), None), deal_id=19, org_id=4)
    activity("Họp với kho", "meeting", LINH, at(LINH, 3, "08:30"), deal_id=19, org_id=4)
    mails = {
        "last_outgoing_mail_time": time(-4),
        "last_incoming_mail_time": time(-2),
        "email_messages_count": 23,
    }
    links = {"person_id": 14, "org_id": 3, "expected_close_date": date(MARTA, 60)}
    deal(
        "Hudson flagship store",
        MARTA,
        NEGOTIATION,
        value=1250000,
        currency="USD",
        label_ids=[2],
        **links,
        **mails,
    )
    activity(
        "Board presentation", "meeting", MARTA, at(MARTA, 5, "16:00"), deal_id=20, person_id=14, org_id=3
    )
