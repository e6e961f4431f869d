from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from examples.gallery.texts import TEXTS
from marketplace_app.kit import (
    ActionContext,
    Extension,
    FormRejected,
    Fragment,
    PanelContext,
    Replies,
    Snackbar,
    SurfaceContext,
    say,
)

DIGITS = 6  # of an order number


@dataclass(frozen=True, slots=True)
class View:
    """`texts` in the viewer's language; `home` is where the company's Pipedrive is."""

    texts: Mapping[str, str]
    deal: int
    home: str
    today: date
    due: date
    values: "Invoice"


@dataclass(frozen=True, slots=True)
class Invoice:
    """The fields as a browser sends them: an empty one is empty text, an unticked one is absent."""

    customer: str = ""
    amount: str = ""
    due: str = ""
    terms: str = "14"
    note: str = ""
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    reference: str = ""
    region: str = ""
    agree: bool = False


extension = Extension("gallery", title="Gallery")


@extension.panel("deal", template="gallery.html")
async def show(context: PanelContext) -> View:
    return _view(context, Invoice("Nordwind GmbH", "1200", (context.today + timedelta(days=14)).isoformat()))


@extension.action("press")
async def press(context: ActionContext) -> Replies:
    return Snackbar(say(TEXTS[context.words.language]["pressed"]))


@extension.action("save")
async def save(context: ActionContext, form: Invoice) -> Replies:
    texts = TEXTS[context.words.language]
    if not form.customer.strip():
        raise FormRejected("the customer is missing", {"customer": texts["customer_missing"]})
    return Snackbar(say(texts["saved"])), Fragment(_view(context, form))


@extension.action("check")
async def check(context: ActionContext, form: Order) -> Replies:
    texts = TEXTS[context.words.language]
    is_right = {
        "reference": len(form.reference) == DIGITS and form.reference.isdecimal(),
        "region": bool(form.region),
        "agree": form.agree,
    }
    wrong = {name: texts[f"{name}_wrong"] for name, is_so in is_right.items() if not is_so}
    if wrong:
        raise FormRejected("the order is not complete", wrong)
    return Snackbar(say(texts["saved"]))


def _view(context: SurfaceContext, values: Invoice) -> View:
    return View(
        texts=TEXTS[context.words.language],
        deal=context.record_id,
        home=context.viewer.company_url,
        today=context.today,
        due=context.today + timedelta(days=14),
        values=values,
    )


EXTENSIONS = (extension,)
