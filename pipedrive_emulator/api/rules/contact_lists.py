"""What hangs on a record: changelog and flow; permitted users of contacts; a person's products.

https://developers.pipedrive.com/docs/api/v1/Persons and .../Organizations (version 1).
"""

from collections.abc import Callable

from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.rules.counts import live
from pipedrive_emulator.api.rules.related import parent
from pipedrive_emulator.api.v1 import deals, products
from pipedrive_emulator.api.v1.changelog import changelog
from pipedrive_emulator.api.v1.flow import flow
from pipedrive_emulator.api.v1.pages import nested, offset_page
from pipedrive_emulator.api.visibility import permitted, sees

_CONTACTS = ("persons", "organizations")


def _permitted(call: Call, table: str) -> Answer:
    return Answer(permitted(call, sees(table), parent(call, table)))


def products_of_person(call: Call) -> Answer:
    """Each product on each deal of which the person is the contact; a row has one key, the deal's id."""
    person = parent(call, "persons")
    rows = []
    for deal in live(call.records.where("deals", "person_id", person["id"])):
        if sees("deals")(call, deal):
            for line in call.records.where("deal_products", "deal_id", deal["id"]):
                product = call.records.find("products", line["product_id"])
                if product is not None:
                    shown = products.product(call, product) | {"deal_id": deal["id"]}
                    rows.append({str(deal["id"]): {"deal": deals.deal(call, deal), "product": shown}})
    page, marks = offset_page(call, rows)
    return Answer(page, nested(marks))


_KINDS: dict[str, tuple[tuple[str, ...], Callable[[Call, str], Answer]]] = {
    "GET v1/{}/{{id}}/changelog": (("deals", *_CONTACTS), changelog),
    "GET v1/{}/{{id}}/flow": (("deals", *_CONTACTS), flow),
    "GET v1/{}/{{id}}/permittedUsers": (_CONTACTS, _permitted),
}


def _bound(serve: Callable[[Call, str], Answer], table: str) -> Callable[[Call], Answer]:
    return lambda call: serve(call, table)


OPERATIONS = {
    path.format(table): _bound(serve, table) for path, (tables, serve) in _KINDS.items() for table in tables
} | {"GET v1/persons/{id}/products": products_of_person}
