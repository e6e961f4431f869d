"""Two surfaces with one content: narrow beside a deal, wide on the app's settings page."""

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

narrow = Extension("gallery", title="Gallery")
wide = Extension("gallery-page", title="Gallery")


@dataclass(frozen=True, slots=True)
class Invoice:
    customer: str
    amount: float | None = None
    due: date | None = None
    terms: int = 14
    note: str = ""
    copy: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    reference: str = ""
    region: str = ""
    agree: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """`texts` in the viewer's language; `home` is where the company's Pipedrive is."""

    texts: Mapping[str, str]
    deal: int
    home: str
    today: date
    invoice: Invoice


@wide.settings(template="gallery.html")
@narrow.panel("deal", template="gallery.html")
async def show(context: PanelContext) -> View:
    return _view(context, Invoice("Nordwind GmbH", 1200, context.today + timedelta(days=14)))


@wide.action("press")
@narrow.action("press")
async def press(context: ActionContext) -> Replies:
    return Snackbar(say(TEXTS[context.words.language]["pressed"]))


@wide.action("save")
@narrow.action("save")
async def save(context: ActionContext, form: Invoice) -> Replies:
    return Snackbar(say(TEXTS[context.words.language]["saved"])), Fragment(_view(context, form))


@wide.action("check")
@narrow.action("check")
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


def _view(context: SurfaceContext, invoice: Invoice) -> View:
    return View(
        texts=TEXTS[context.words.language],
        deal=context.selection.record_id or 1,
        home=context.viewer.company_url,
        today=context.today,
        invoice=invoice,
    )


EXTENSIONS = (narrow, wide)
