"""Ids of somebody else, wherever a request can carry one, in every spelling."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from marketplace_app.testing.control import Person
from marketplace_app.testing.tenancy.attempt import Attempt
from marketplace_app.testing.tenancy.filling import fields_of, takes_ids
from marketplace_app.testing.tenancy.requests import Request
from marketplace_app.testing.tenancy.routes import Door, Route
from marketplace_app.testing.tenancy.visits import Visits

BIG = 2**53 + 1
_BAD = 400
_NOWHERE = (400, 404, 405)
_ALIASES = (
    "company_id",
    "companyID",
    "company",
    "tenant",
    "companyId[]",
    "companyId.",
    " companyId",
    "user_id",
)
_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")  # noqa: RUF001 - digits that are none
_UNOPENED = -4  # from here on, counted from the end
_RECORDS = ("id", "ids", "deal_id", "dealId", "person_id", "org_id", "activity_id", "lead_id", "record_id")


def spellings(own: object, foreign: object) -> Iterator[str]:
    """As text, for a place that should hold `own`."""
    yield str(foreign)
    for each in (own, foreign):
        yield str(each).translate(_FULL_WIDTH)
        yield f"0{each}"
        yield f"[{each}]"
        yield f"{each}.0"
        yield f"{each} "
    yield f"{own},{foreign}"
    yield str(BIG)
    yield ""


def in_query(route: Route, visits: Visits) -> None:
    """Company and user in the query contradict the token, or mean nothing."""
    stage = visits.stage
    other, owner = stage.other, stage.owner
    asked, _ = visits.rightful(route, other)
    pairs = (("companyId", other.company_id, owner.company_id), ("userId", other.id, owner.id))
    with Attempt(stage) as attempt:
        for name, own, foreign in pairs:
            for spelling in spellings(own, foreign):
                attempt.ask(asked.with_query(**{name: spelling}), refused_with=[_BAD])
            for twice in (asked.also([(name, str(foreign))]), asked.first([(name, str(foreign))])):
                attempt.ask(twice, refused_with=[_BAD])
            attempt.ask(asked.also([(name, str(own))]), refused_with=[_BAD])
    meaningless = [(name, str(owner.id if "user" in name else owner.company_id)) for name in _ALIASES]
    with Attempt(stage, other, may_write=route.method == "POST") as attempt:
        attempt.ask(asked.also(meaningless))


def selected(route: Route, visits: Visits) -> None:
    """Records of the other company, and records that are none, in every spelling."""
    stage = visits.stage
    asked, pressed_on = visits.rightful(route, stage.other)
    ids = stage.ids_at(route.surface)
    with Attempt(stage, stage.other, may_write=route.door is Door.JSON_SUBMIT) as attempt:
        for foreign in {*ids.only[:2], ids.hidden} - {pressed_on}:
            for spelling in spellings(ids.shared[0], foreign):
                attempt.ask(asked.with_query(selectedIds=spelling))
        attempt.ask(asked.also([("selectedIds", str(ids.only[0]))]))


def records_of_others(route: Route, visits: Visits) -> None:
    """What the owner has looked at is shown to nobody else, under the same id or any other."""
    stage = visits.stage
    ids = stage.ids_at(route.surface)
    for record_id in (*ids.shared[:3], *ids.only[:2], ids.hidden):
        with Attempt(stage, stage.owner) as attempt:
            attempt.ask(visits.request(route, stage.owner, record_id))
        for person in (stage.other, stage.colleague):
            with Attempt(stage, person) as attempt:
                attempt.ask(visits.request(route, person, record_id))


def at_the_same_time(route: Route, visits: Visits) -> None:
    """Everybody asks for the same ids at once, of records that nobody has opened before."""
    stage = visits.stage
    records = stage.ids_at(route.surface).shared[_UNOPENED:][:2]
    for record_id in records:
        asked = [(person, visits.request(route, person, record_id)) for person in stage.installed * 2]
        with Attempt(stage, crowd=stage.installed) as attempt, ThreadPoolExecutor(len(asked)) as pool:
            answers = [pool.submit(attempt.ask, each, by=person) for person, each in asked]
            for answer in answers:
                answer.result()


def presses_of_others(route: Route, visits: Visits) -> None:
    """The same button on the record with the same id: the owner first, then the other two."""
    stage = visits.stage
    for person in (stage.owner, stage.other, stage.colleague):
        asked, _ = visits.rightful(route, person)
        with Attempt(stage, person, may_write=True) as attempt:
            attempt.ask(asked)


def in_data(route: Route, visits: Visits) -> None:
    """What an opener hands over is not signed either."""
    stage = visits.stage
    for person, victim in ((stage.other, stage.owner), (stage.colleague, stage.other)):
        for is_text in (False, True):
            found = json.dumps(_everything(visits, route, victim, is_text=is_text))
            for name in ("data", "context"):
                asked, _ = visits.rightful(route, person, **{name: found})
                with Attempt(stage, person, may_write=route.method == "POST") as attempt:
                    attempt.ask(asked)


def in_path(route: Route, visits: Visits) -> None:
    stage = visits.stage
    asked, _ = visits.rightful(route, stage.other)
    victim, record = stage.owner, stage.ids_at(route.surface).only[0]
    tails = [f"/{each}" for each in (victim.company_id, victim.id, record, BIG, f"0{record}", f"[{record}]")]
    tails += [
        "/" + quote(str(record).translate(_FULL_WIDTH)),
        "/",
        f";companyId={victim.company_id}",
        "/..%2f..",
    ]
    with Attempt(stage) as attempt:
        for tail in tails:
            attempt.ask(asked.at(route.path + tail), refused_with=_NOWHERE)
        attempt.ask(asked.at(f"/{victim.company_id}{route.path}"), refused_with=_NOWHERE)
        attempt.ask(asked.at(f"/{victim.domain}{route.path}"), refused_with=_NOWHERE)
        if route.door in (Door.SECTION, Door.ACTION):
            parent = route.path.rpartition("/")[0]
            for name in (victim.company_id, record, BIG, "..%2f..%2f", quote("all\u0660")):
                attempt.ask(asked.at(f"{parent}/{name}"), refused_with=_NOWHERE)


def in_headers(route: Route, visits: Visits) -> None:
    """Proxies' headers, and cookies that nobody set."""
    stage = visits.stage
    victim = stage.owner
    asked, _ = visits.rightful(route, stage.other)
    token = stage.token(route.surface, victim)
    with Attempt(stage, stage.other, may_write=route.method == "POST") as attempt:
        attempt.ask(
            asked.with_headers(
                X_Company_Id=str(victim.company_id),
                X_User_Id=str(victim.id),
                X_Forwarded_Host=f"{victim.domain}.pipedrive.com",
                X_Original_URL=f"{route.path}?companyId={victim.company_id}",
                Cookie=f"companyId={victim.company_id}; userId={victim.id}; token={token}",
            )
        )
        attempt.ask(asked.with_headers(Host=f"{victim.domain}.localhost"))


def in_body(route: Route, visits: Visits) -> None:
    """Keys that nobody asked for, and bodies that are no object."""
    stage = visits.stage
    victim = stage.owner
    with Attempt(stage, stage.other, may_write=True) as attempt:
        asked, _ = visits.rightful(route, stage.other)
        attempt.ask(asked.with_body(asked.body, **_everything(visits, route, victim)))
    asked, _ = visits.rightful(route, stage.other)
    text = json.dumps(asked.body)
    with Attempt(stage) as attempt:
        for odd in (
            b"",
            b"null",
            b"[" + text.encode() + b"]",
            json.dumps(text).encode(),
            b"[" * 5000,
            b"\xff",
        ):
            attempt.ask(asked.with_body(odd), refused_with=(400, 413, 422))
        plain = asked.with_body(f"companyId={victim.company_id}&ticket=x".encode())
        attempt.ask(
            plain.with_headers(Content_Type="application/x-www-form-urlencoded"), refused_with=(400, 415)
        )


def in_form(route: Route, visits: Visits) -> None:
    """Every field that can hold an id holds one of the other company's, with a good ticket each time."""
    stage = visits.stage
    for values in _foreign_forms(visits, route, stage.owner):
        asked, _ = visits.rightful(route, stage.other)
        with Attempt(stage, stage.other, may_write=True) as attempt:
            attempt.ask(_with_form(route, asked, values))
    asked, _ = visits.rightful(route, stage.other)
    with Attempt(stage, stage.other, may_write=True) as attempt:
        attempt.ask(_with_twice(route, asked, stage.owner))


def _with_form(route: Route, asked: Request, values: dict[str, Any]) -> Request:
    if route.door is Door.JSON_CHANGE:
        form = {**json.loads(dict(asked.query)["form"]), **values}
        return asked.with_query(form=json.dumps(form))
    body: Any = asked.body
    if route.door is Door.ACTION:
        return asked.with_body({**body, "form": {**body["form"], **values}})
    return asked.with_body({**body, **values})


def _with_twice(route: Route, asked: Request, victim: Person) -> Request:
    """A JSON object in which every key stands twice, the other company's last."""
    foreign = {name: victim.company_id for name, hint in fields_of(route.form).items() if takes_ids(hint)}
    if route.door is Door.JSON_CHANGE:
        form = json.loads(dict(asked.query)["form"])
        return asked.with_query(form=_twice(form, foreign))
    body: Any = asked.body
    if route.door is Door.ACTION:
        inner = _twice(body["form"], foreign)
        return asked.with_body(f'{{"ticket": {json.dumps(body["ticket"])}, "form": {inner}}}'.encode())
    return asked.with_body(_twice(body, foreign).encode())


def _twice(first: dict[str, Any], second: dict[str, Any]) -> str:
    return (
        "{"
        + ", ".join(f"{json.dumps(k)}: {json.dumps(v)}" for k, v in (*first.items(), *second.items()))
        + "}"
    )


def _foreign_forms(visits: Visits, route: Route, victim: Person) -> Iterator[dict[str, Any]]:
    named = {
        name: _foreign(visits, route, victim, name)
        for name, hint in fields_of(route.form).items()
        if takes_ids(hint)
    }
    yield _everything(visits, route, victim)
    if not named:
        return
    yield named
    for name, value in named.items():  # the others stay as the page filled them in
        yield {name: value}
    yield {name: str(value) for name, value in named.items()}
    yield {name: str(value).translate(_FULL_WIDTH) for name, value in named.items()}
    yield {name: f"0{value}" for name, value in named.items()}
    yield {name: [value] for name, value in named.items()}
    yield dict.fromkeys(named, BIG)


def _foreign(visits: Visits, route: Route, victim: Person, field: str) -> int:
    """What of the victim's would stand in a field of that name."""
    ids, name = visits.stage.ids, field.lower()
    if "compan" in name or "tenant" in name:
        return victim.company_id
    if "user" in name or "owner" in name:
        return victim.id
    for part, kind in (
        ("person", "persons"),
        ("org", "organizations"),
        ("activit", "activities"),
        ("deal", "deals"),
    ):
        if part in name:
            return ids[kind].only[0]
    return visits.stage.ids_at(route.surface).only[0]


def _everything(visits: Visits, route: Route, victim: Person, *, is_text: bool = False) -> dict[str, Any]:
    who = dict.fromkeys(("companyId", "company_id", "company", "tenant"), victim.company_id)
    who |= dict.fromkeys(("userId", "user_id", "user", "owner_id"), victim.id)
    records = {name: _foreign(visits, route, victim, name) for name in _RECORDS}
    found: dict[str, Any] = {**who, **records}
    return {name: str(value) for name, value in found.items()} if is_text else found
