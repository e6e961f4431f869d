"""What the panel's actions share: the record as it is now, whose it is, and the panel afterwards."""

from marketplace_app.extensions.days import rejected
from marketplace_app.extensions.facts import DealFacts
from marketplace_app.extensions.picture import picture
from marketplace_app.extensions.reading import gather, keep, kept_or_gathered
from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.kit import ActionContext, Fragment, PipedriveError, Replies, Snackbar, say
from marketplace_app.pipedrive.resources import activities, deals
from marketplace_app.pipedrive.resources.activities import Activity
from marketplace_app.pipedrive.resources.deals import Deal


async def activity_of_deal(context: ActionContext, activity_id: int) -> tuple[Activity, DealFacts]:
    """The activity as it is now. Raises FormRejected when it is another deal's."""
    facts = await kept_or_gathered(context)
    activity = await activities.get(context.pipedrive, activity_id)
    if activity.deal_id != context.record_id:
        sentence = Standpoint.of(context).say("This activity does not belong to this deal.")
        raise rejected("activity_id", sentence)
    return activity, facts


async def open_deal(context: ActionContext) -> tuple[Deal, DealFacts]:
    """The deal as it is now. Raises FormRejected when it is closed, archived or deleted."""
    facts = await kept_or_gathered(context)
    deal = await deals.get(context.pipedrive, context.record_id)
    if (deal.person_id, deal.org_id) != (facts.deal.person_id, facts.deal.org_id):
        facts = await gather(context)  # others are linked now, and what was read of the former is void
    facts = facts.with_deal(deal)
    if not facts.is_open:
        raise rejected("seen", Standpoint.of(context).say("This deal is no longer open. Refresh the panel."))
    return deal, facts


async def after_a_step(context: ActionContext, facts: DealFacts, activity: Activity) -> DealFacts:
    """With the activity as it is now, and the deal, whose own `update_time` moves with its activities."""
    facts = facts.with_activity(activity)
    try:
        return facts.with_deal(await deals.get(context.pipedrive, context.record_id))
    except PipedriveError:
        return facts  # the step itself is done; the next press would meet the newer deal as a change


async def shown(context: ActionContext, facts: DealFacts) -> Fragment:
    await keep(context, facts)
    return Fragment(picture(facts, Standpoint.of(context)))


async def shown_as_it_stands(context: ActionContext, facts: DealFacts) -> Replies:
    """Nothing was written: somebody else was faster."""
    message = say(
        "This was changed meanwhile; the panel shows how it stands now. Press again if you still want it."
    )
    return Snackbar(message), await shown(context, facts)
