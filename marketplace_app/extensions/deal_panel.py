"""Sightline's deal panel: what is linked to this deal, what is missing, and one click to fix it.

Every action acts as the viewer, once per ticket, and answers with the panel as it is afterwards, drawn
from what Pipedrive answered to the write.
"""

from marketplace_app.extensions.changes import (
    activity_of_deal,
    after_a_step,
    open_deal,
    shown,
    shown_as_it_stands,
)
from marketplace_app.extensions.days import chosen_close_day, chosen_step_day, rejected
from marketplace_app.extensions.due import moved
from marketplace_app.extensions.forms import (
    ActivityForm,
    CloseDateForm,
    LinkForm,
    MoveDateForm,
    MoveStageForm,
    PlanForm,
)
from marketplace_app.extensions.next_stage import following_stage
from marketplace_app.extensions.picture import picture
from marketplace_app.extensions.reading import gather, keep, kept_or_gathered
from marketplace_app.extensions.seen import is_changed
from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.extensions.view import DealView
from marketplace_app.kit import ActionContext, Extension, Fragment, PanelContext, Replies, Snackbar, say
from marketplace_app.pipedrive.resources import activities, deals, organizations, persons

extension = Extension("deal-panel", title="Sightline")


@extension.panel("deal", template="extensions/deal_panel.html")
async def show(context: PanelContext) -> DealView:
    facts = await gather(context)
    await keep(context, facts)
    return picture(facts, Standpoint.of(context))


@extension.action("plan-next-step")
async def plan_next_step(context: ActionContext, form: PlanForm) -> Replies:
    """A call with one of the deal's people, or a task when there is nobody to call."""
    stand = Standpoint.of(context)
    day = chosen_step_day(form.due_date, stand)
    facts = await kept_or_gathered(context)
    person_id = form.person_id
    if person_id is not None and all(person.id != person_id for person in facts.persons):
        raise rejected("person_id", stand.say("This person does not belong to this deal."))
    planned = await activities.create(
        context.pipedrive,
        deal_id=facts.deal.id,
        subject=form.subject.strip(),
        type="task" if person_id is None else "call",
        due_date=day.isoformat(),
        **({"org_id": facts.deal.org_id} if facts.deal.org_id is not None else {}),
        **({"participants": [{"person_id": person_id, "primary": True}]} if person_id is not None else {}),
    )
    facts = await after_a_step(context, facts, planned)
    return Snackbar(say("Planned: {subject}", subject=planned.subject)), await shown(context, facts)


@extension.action("done")
async def done(context: ActionContext, form: ActivityForm) -> Replies:
    activity, facts = await activity_of_deal(context, form.activity_id)
    if is_changed(activity.update_time, form.seen):
        return await shown_as_it_stands(context, facts.with_activity(activity))
    finished = await activities.update(context.pipedrive, activity.id, done=True)
    facts = await after_a_step(context, facts, finished)
    await keep(context, facts)
    view = picture(facts, Standpoint.of(context), done=finished)
    return Snackbar(say("Done: {subject}", subject=finished.subject)), Fragment(view)


@extension.action("reopen")
async def reopen(context: ActionContext, form: ActivityForm) -> Replies:
    """Takes `done` back."""
    activity, facts = await activity_of_deal(context, form.activity_id)
    if is_changed(activity.update_time, form.seen):
        return await shown_as_it_stands(context, facts.with_activity(activity))
    reopened = await activities.update(context.pipedrive, activity.id, done=False)
    facts = await after_a_step(context, facts, reopened)
    return Snackbar(say("Open again: {subject}", subject=reopened.subject)), await shown(context, facts)


@extension.action("move-date")
async def move_date(context: ActionContext, form: MoveDateForm) -> Replies:
    """To another day of the viewer's, at the same time of that day."""
    stand = Standpoint.of(context)
    day = chosen_step_day(form.due_date, stand)
    activity, facts = await activity_of_deal(context, form.activity_id)
    if is_changed(activity.update_time, form.seen):
        return await shown_as_it_stands(context, facts.with_activity(activity))
    changes = moved(activity, day, stand.zone)
    facts = await after_a_step(
        context, facts, await activities.update(context.pipedrive, activity.id, **changes)
    )
    return Snackbar(say("Moved to {day}", day=stand.day(day))), await shown(context, facts)


@extension.action("set-close-date")
async def set_close_date(context: ActionContext, form: CloseDateForm) -> Replies:
    stand = Standpoint.of(context)
    day = chosen_close_day(form.expected_close_date, stand)
    deal, facts = await open_deal(context)
    if is_changed(deal.update_time, form.seen):
        return await shown_as_it_stands(context, facts)
    changed = await deals.update(context.pipedrive, deal.id, expected_close_date=day.isoformat())
    facts = facts.with_deal(changed.with_extras_of(deal))
    return Snackbar(say("Expected to close {day}", day=stand.day(day))), await shown(context, facts)


@extension.action("move-stage")
async def move_stage(context: ActionContext, form: MoveStageForm) -> Replies:
    """Never refuses for empty fields: Pipedrive's API does not, and the panel has named them."""
    deal, facts = await open_deal(context)
    if is_changed(deal.update_time, form.seen):
        return await shown_as_it_stands(context, facts)
    following = following_stage(deal, facts.stages)
    if following is None or following.id != form.stage_id:
        sentence = Standpoint.of(context).say("That is not the next stage. Refresh the panel and try again.")
        raise rejected("stage_id", sentence)
    changed = await deals.update(context.pipedrive, deal.id, stage_id=following.id)
    facts = facts.with_deal(changed.with_extras_of(deal))
    return Snackbar(say("Moved to {stage}", stage=following.name)), await shown(context, facts)


@extension.action("link-person")
async def link_person(context: ActionContext, form: LinkForm) -> Replies:
    """A new person becomes the contact of a deal that has none."""
    deal, facts = await open_deal(context)
    if deal.person_id is not None:
        return await shown_as_it_stands(context, facts)
    person = await persons.get(context.pipedrive, form.id)
    changed = await deals.update(context.pipedrive, deal.id, person_id=person.id)
    facts = facts.with_deal(changed.with_extras_of(deal)).with_person(person)
    return Snackbar(say("Linked: {name}", name=person.name)), await shown(context, facts)


@extension.action("link-organization")
async def link_organization(context: ActionContext, form: LinkForm) -> Replies:
    """A new organization becomes the one of a deal that has none."""
    deal, facts = await open_deal(context)
    if deal.org_id is not None:
        return await shown_as_it_stands(context, facts)
    found = await organizations.get(context.pipedrive, form.id)
    changed = await deals.update(context.pipedrive, deal.id, org_id=found.id)
    facts = facts.with_deal(changed.with_extras_of(deal)).with_organization(found)
    return Snackbar(say("Linked: {name}", name=found.name)), await shown(context, facts)
