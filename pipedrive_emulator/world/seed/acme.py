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

from pipedrive_emulator.world.seed.acme_frame import (
    CONTACTED,
    CONTRACT,
    NEGOTIATION,
    PARTNER_LEAD,
    PARTNER_PILOT,
    PROPOSAL,
)
from pipedrive_emulator.world.seed.people import JACK, LINH, MARTA, VICTOR
from pipedrive_emulator.world.seed.planter import Planter

_LONG_TITLE = (
    "Hợp đồng cung cấp dây chuyền rang xay cà phê, đóng gói và vận chuyển lạnh cho chuỗi cửa hàng, "
    "gồm khảo sát mặt bằng, lắp đặt, đào tạo nhân viên, bảo trì định kỳ hằng quý, phụ tùng thay thế, "
    "hỗ trợ kỹ thuật hai mươi bốn giờ mỗi ngày và báo cáo vận hành hằng tháng cho ban giám đốc"
).ljust(300, ".")[:300]


def plant_stories(planter: Planter) -> None:
    """Deals 1 to 20 of the table above, in that order."""
    _plant_showcase(planter)
    _plant_overdue_and_bare(planter)
    _plant_healthy(planter)
    _plant_siblings_of_showcase(planter)
    _plant_edges(planter)
    _plant_hidden_and_today(planter)
    _plant_closing(planter)
    _plant_big(planter)


def _plant_showcase(planter: Planter) -> None:
    activity, at, time = planter.activity, planter.at, planter.time
    links = {"person_id": 1, "org_id": 1}
    budget = {"value": 48000, "currency": "EUR"}
    planter.deal(
        "Coffee roasting line for Saigon Harvest",
        MARTA,
        PROPOSAL,
        value=48500,
        fields={"Lead temperature": 3, "Approved budget": budget, "Delivery countries": [2]},
        expected_close_date=planter.date(MARTA, -6),
        probability=50,
        label_ids=[1],
        last_outgoing_mail_time=time(-9),
        last_incoming_mail_time=time(-15),
        email_messages_count=7,
        **links,
    )
    planter.participants(1, 1, 2, 3)
    links["deal_id"] = 1
    activity("Call Lan about the revised offer", "call", MARTA, at(MARTA, 1, "09:00"), **links)
    activity("Send the offer", "email", MARTA, planter.day(MARTA, -9), done_days=9, **links)
    activity("Visit the roastery", "meeting", MARTA, at(MARTA, -16, "14:00"), done_days=16, **links)


def _plant_overdue_and_bare(planter: Planter) -> None:
    links = {"person_id": 4, "org_id": 2}
    closes = planter.date(JACK, 21)
    planter.deal("Paper cup supply 2027", JACK, CONTACTED, value=12400, expected_close_date=closes, **links)
    planter.activity("Follow up on samples", "call", JACK, planter.at(JACK, -3, "11:00"), deal_id=2, **links)
    planter.deal("Trà sữa - khách mới", LINH, 1, person_id=5, age=2, in_stage=2, touched=2)


def _plant_healthy(planter: Planter) -> None:
    at, links = planter.at, {"person_id": 6, "org_id": 5}
    planter.deal(
        "Freight scales for Nordic Freight",
        MARTA,
        PROPOSAL,
        value=29900,
        fields={
            "Lead temperature": 2,
            "Decision date": planter.date(MARTA, 12),
            "Payment terms": "30 days net",
            "Approved budget": {"value": 31000, "currency": "EUR"},
            "Sales engineer": JACK.id,
        },
        expected_close_date=planter.date(MARTA, 30),
        last_incoming_mail_time=planter.time(-1),
        touched=1,
        **links,
    )
    planter.participants(4, 6, 13)
    links["deal_id"] = 4
    planter.activity("Walk through the contract draft", "meeting", MARTA, at(MARTA, 2, "13:30"), **links)
    planter.activity("First call", "call", MARTA, at(MARTA, -5, "10:00"), done_days=5, **links)


def _plant_siblings_of_showcase(planter: Planter) -> None:
    closes = planter.date(JACK, 40)
    spares = {"value": 7300, "person_id": 2, "org_id": 1, "expected_close_date": closes}
    planter.deal("Spare parts agreement", JACK, PARTNER_PILOT, **spares)
    planter.activity("Price list for spare parts", "task", JACK, planter.day(JACK, 4), deal_id=5, org_id=1)
    twin = {"value": 46000, "person_id": 1, "org_id": 1, "touched": 8}
    planter.deal("Lan - roasting line, second quote", MARTA, CONTACTED, **twin)


def _plant_edges(planter: Planter) -> None:
    """Deals 7 to 14: hidden links, rot, hostile text, closed, archived, deleted."""
    deal, date, time = planter.deal, planter.date, planter.time
    deal("Ceramic mugs for Baltic Paper", VICTOR, PARTNER_LEAD, value=5100, person_id=4, org_id=2)
    deal("Showroom tiles", VICTOR, PARTNER_PILOT, value=8800, person_id=9, org_id=7)
    planter.activity(
        "Send tile samples", "task", VICTOR, planter.day(VICTOR, 3), deal_id=8, person_id=9, org_id=7
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


def _plant_hidden_and_today(planter: Planter) -> None:
    deal, activity = planter.deal, planter.activity
    deal("Confidential: buy-out of a supplier", MARTA, PROPOSAL, value=250000, visible_to=1, org_id=5)
    links = {"person_id": 7, "org_id": 4}
    closes = planter.date(LINH, 14)
    deal("Bàn ghế gỗ cho khách sạn", LINH, CONTACTED, value=15600, expected_close_date=closes, **links)
    activity("Gọi anh Đức về mẫu gỗ", "call", LINH, planter.at(LINH, 0, "16:30"), deal_id=16, **links)
    links = {"person_id": 8, "org_id": 3}
    deal("Bean subscription", JACK, CONTACTED, value=3600, currency="USD", **links)
    activity("Agree on delivery days", "task", JACK, planter.day(JACK, 0), deal_id=17, **links)


def _plant_closing(planter: Planter) -> None:
    deal, activity = planter.deal, planter.activity
    today, next_week = planter.date(JACK, 0), planter.date(LINH, 7)
    deal("Consulting for Peter Novak", JACK, PROPOSAL, person_id=12, expected_close_date=today)
    floor = {"value": 38200, "person_id": 11, "org_id": 4, "expected_close_date": next_week}
    deal("Ván sàn xuất khẩu", LINH, NEGOTIATION, **floor)
    activity("Gửi báo giá ván sàn", "email", LINH, planter.day(LINH, -2), deal_id=19, org_id=4)
    activity("Họp với kho", "meeting", LINH, planter.at(LINH, 3, "08:30"), deal_id=19, org_id=4)


def _plant_big(planter: Planter) -> None:
    links = {"person_id": 14, "org_id": 3}
    planter.deal(
        "Hudson flagship store",
        MARTA,
        NEGOTIATION,
        value=1250000,
        currency="USD",
        label_ids=[2],
        expected_close_date=planter.date(MARTA, 60),
        last_outgoing_mail_time=planter.time(-4),
        last_incoming_mail_time=planter.time(-2),
        email_messages_count=23,
        **links,
    )
    planter.activity(
        "Board presentation", "meeting", MARTA, planter.at(MARTA, 5, "16:00"), deal_id=20, **links
    )
