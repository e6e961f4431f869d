"""What an invoice says, from the deal and its products: pure, so it is tested without anything running."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from examples.invoices.invoice_settings import CompanySettings
from marketplace_app.kit import Words
from marketplace_app.pipedrive.resources.deal_products import DealProduct
from marketplace_app.pipedrive.resources.deals import Deal
from marketplace_app.pipedrive.resources.notes import Note

_SENT = "Invoice {number} was sent."


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    name: str
    count: str
    sum: str


@dataclass(frozen=True, slots=True)
class Preview:
    """Ready to be read; `sent_on` is empty until the invoice was sent, `tax` where there is none."""

    number: str
    customer: str
    lines: tuple[Line, ...]
    net: str
    tax: str
    total: str
    due_on: str
    sent_on: str


@dataclass(frozen=True, slots=True)
class Facts:
    deal: Deal
    customer: str
    products: Sequence[DealProduct]
    notes: Sequence[Note]
    settings: CompanySettings


def preview(facts: Facts, words: Words, today: date) -> Preview:
    billed = [product for product in facts.products if product.is_enabled]
    net, tax = sum(map(_net, billed)), sum(map(_tax, billed))
    number = f"{facts.settings.prefix}{facts.deal.id:04d}"

    def money(amount: float) -> str:
        return words.money(round(amount, 2), facts.deal.currency)

    def count(product: DealProduct) -> str:
        return f"{words.number(product.quantity)} \N{MULTIPLICATION SIGN} {money(product.item_price)}"

    sent = next((note for note in facts.notes if sent_text(number) in note.content), None)
    return Preview(
        number=number,
        customer=facts.customer,
        lines=tuple(Line(each.id, each.name, count(each), money(each.sum)) for each in billed),
        net=money(net),
        tax=money(tax) if tax else "",
        total=money(net + tax),
        due_on=words.day(today + timedelta(days=facts.settings.days_to_pay), today=today),
        sent_on=words.day(sent.added_at.astimezone(words.time_zone).date(), today=today) if sent else "",
    )


def sent_text(number: str) -> str:
    """In one language, whoever presses: the next one looks for it."""
    return _SENT.format(number=number)


def _net(product: DealProduct) -> float:
    """Without tax, which an inclusive price already holds."""
    return product.sum / (1 + product.tax / 100) if product.tax_method == "inclusive" else product.sum


def _tax(product: DealProduct) -> float:
    return 0 if product.tax_method == "none" else _net(product) * product.tax / 100
