"""Beside a deal: what its invoice would say, and whether it was sent. What was sent is told by a note."""

import asyncio

from examples.invoices.invoice_settings import CompanySettings
from examples.invoices.preview import Facts, Preview, preview, sent_text
from marketplace_app.kit import (
    ActionContext,
    Confirm,
    Extension,
    FormRejected,
    Fragment,
    PanelContext,
    Replies,
    Snackbar,
    SurfaceContext,
    say,
)
from marketplace_app.pipedrive.resources import deal_products, deals, notes, organizations, persons

extension = Extension("invoice", title="Invoice")


@extension.panel("deal", template="invoice.html")
async def show(context: PanelContext) -> Preview:
    return await _preview(context)


@extension.action("ask")
async def ask(context: ActionContext) -> Replies:
    found = await _preview(context)
    if not found.lines:
        raise FormRejected("no products", told=context.words.say(say("Add products to the deal first.")))
    return Confirm(
        title=say("Mark {number} as sent?", number=found.number),
        description=say("The deal gets a note, which your colleagues see too."),
        then="mark-sent",
        ok=say("Mark as sent"),
        color="primary",
    )


@extension.action("mark-sent", confirmed=True)
async def mark_sent(context: ActionContext) -> Replies:
    """Looks first: a colleague may have been faster, or an earlier press whose answer got lost."""
    found = await _preview(context)
    if not found.sent_on:
        await notes.add_to_deal(context.pipedrive, context.record_id, sent_text(found.number))
        found = await _preview(context)
    return Snackbar(say("{number} is marked as sent", number=found.number)), Fragment(found)


async def _preview(context: SurfaceContext) -> Preview:
    client, deal_id = context.pipedrive, context.record_id
    deal, lines, written, settings = await asyncio.gather(
        deals.get(client, deal_id),
        deal_products.of_deal(client, deal_id),
        notes.of_deal(client, deal_id),
        context.settings.of_company(CompanySettings),
    )
    customer = ""
    if deal.org_id is not None:
        customer = (await organizations.get(client, deal.org_id)).name
    elif deal.person_id is not None:
        customer = (await persons.get(client, deal.person_id)).name
    facts = Facts(deal, customer, lines, written, settings or CompanySettings())
    return preview(facts, context.words, context.today)
