"""Mail of both companies: threads with offers, questions, a private one and a draft."""

from dataclasses import dataclass

from pipedrive_emulator.world.company import User
from pipedrive_emulator.world.mail_shapes import MESSAGE, MESSAGES, THREAD, THREADS
from pipedrive_emulator.world.records import Record
from pipedrive_emulator.world.seed.people import HUY, JACK, LINH, MAI, MARTA
from pipedrive_emulator.world.seed.planter import Planter

IN, OUT, DRAFT = "in", "out", "draft"


@dataclass(frozen=True, slots=True)
class _Thread:
    """``mails``: days from now, which way, and the text; ``other`` is the name and address out there."""

    owner: User
    subject: str
    other: tuple[str, str]
    mails: tuple[tuple[float, str, str], ...]
    deal_id: int | None = None
    shared: bool = True
    read: bool = True


_ACME = (
    _Thread(
        MARTA,
        "Spare burrs for the mill",
        ("Oliver Saar", "oliver@nordicfreight.example"),
        (
            (-6.2, IN, "<p>Hello Marta,</p><p>Do you have the burrs in stock? We need <b>two sets</b>.</p>"),
            (-6.0, OUT, "<p>Hello Oliver,</p><p>Yes, both sets can leave Tallinn tomorrow.</p>"),
            (-5.6, IN, "<p>Perfect. Please send the invoice.</p>"),
        ),
        deal_id=21,
        read=False,
    ),
    _Thread(
        LINH,
        "Báo giá ván sàn",
        ("Nguyễn Văn Đức", "duc@goviet.example"),
        (
            (-3.4, OUT, "<p>Chào anh Đức,</p><p>Em gửi anh báo giá ván sàn sồi 15&nbsp;mm.</p>"),
            (-2.1, IN, "<p>Cảm ơn em, anh sẽ trả lời trong tuần này.</p>"),
        ),
        deal_id=22,
    ),
    _Thread(
        JACK,
        "Coffee bar at Water Street",
        ("Grace Kim", "grace@hudson.example"),
        ((-1.5, IN, "<p>Hi Jack, can we move our call to Thursday?</p>"),),
        shared=False,
        read=False,
    ),
    _Thread(
        MARTA,
        "Terms for next year",
        ("Kadri Tamm", "kadri@balticpaper.example"),
        ((-0.4, DRAFT, "<p>Dear Kadri, attached you find</p>"),),
    ),
)
_SAIGON = (
    _Thread(
        HUY,
        "Lịch giao cà phê",
        ("Võ Minh Khang", "khang@ngoisao.example"),
        (
            (-4.3, IN, "<p>Chào anh Huy, tuần sau bên em nhận hàng được không ạ?</p>"),
            (-4.1, OUT, "<p>Được em, sáng thứ Ba xe đến cổng sau.</p>"),
        ),
        deal_id=5,
    ),
    _Thread(
        MAI,
        "Invoice for the samples",
        ("Aoife Byrne", "aoife@beanbarrel.example"),
        ((-2.6, IN, "<p>Hello Mai, could you resend the invoice?</p>"),),
        deal_id=6,
        read=False,
    ),
)


def plant_acme_mail(planter: Planter) -> None:
    _plant(planter, _ACME)


def plant_saigon_mail(planter: Planter) -> None:
    _plant(planter, _SAIGON)


def _plant(planter: Planter, threads: tuple[_Thread, ...]) -> None:
    for thread in threads:
        record = planter.add(
            THREADS,
            THREAD,
            user_id=thread.owner.id,
            subject=thread.subject,
            deal_id=thread.deal_id,
            read_flag=int(thread.read),
            shared_flag=int(thread.shared),
            add_time=planter.time(thread.mails[0][0]),
            update_time=planter.time(thread.mails[-1][0]),
        )
        for place in range(len(thread.mails)):
            _plant_message(planter, record, thread, place)


def _plant_message(planter: Planter, record: Record, thread: _Thread, place: int) -> None:
    days, way, body = thread.mails[place]
    moment = planter.time(days)
    we = [{"email_address": thread.owner.email, "name": thread.owner.name}]
    they = [{"email_address": thread.other[1], "name": thread.other[0]}]
    person = _person(planter, thread.other[1])
    parties = {"from": they, "to": we} if way == IN else {"from": we, "to": they}
    planter.add(
        MESSAGES,
        MESSAGE,
        **parties,
        mail_thread_id=record["id"],
        user_id=thread.owner.id,
        deal_id=thread.deal_id,
        person_id=person["id"],
        org_id=person["org_id"],
        subject=thread.subject if place == 0 else f"Re: {thread.subject}",
        body=body,
        read_flag=int(thread.read or way != IN),
        draft_flag=int(way == DRAFT),
        sent_flag=int(way == OUT),
        tracking_status="opened" if way == OUT else None,
        message_time=moment,
        add_time=moment,
        update_time=moment,
    )


def _person(planter: Planter, address: str) -> Record:
    return next(
        person
        for person in planter.records.all("persons")
        if address in {row["value"] for row in person["emails"]}
    )
