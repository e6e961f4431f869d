"""The controls that close a gap."""

from datetime import date, timedelta
from typing import Any

from marketplace_app.extensions.controls import (
    DEAL,
    ORGANIZATION,
    PERSON,
    Control,
    Dialog,
    Picker,
    Place,
    Press,
    jump,
)
from marketplace_app.extensions.days import latest_close
from marketplace_app.extensions.due import month_end, working_day_after
from marketplace_app.extensions.facts import DealFacts
from marketplace_app.extensions.gap import Fix, Gap
from marketplace_app.extensions.seen import seen_text
from marketplace_app.extensions.standpoint import Standpoint

_PLACES: dict[Fix, Place] = {
    Fix.OPEN_PERSON: PERSON,
    Fix.OPEN_ORGANIZATION: ORGANIZATION,
    Fix.OPEN_DEAL: DEAL,
}


def controls_for(gap: Gap, facts: DealFacts, stand: Standpoint) -> tuple[Control, ...]:
    if gap.fix is Fix.PLAN:
        return plan_dialog(facts, stand), call_preset(facts, stand, gap.kind)
    if gap.fix is Fix.CALL:
        return (call_preset(facts, stand, gap.kind, label=stand.say("Plan call")),)
    if gap.fix is Fix.SET_CLOSE_DATE:
        return _close_date_controls(facts, stand)
    if gap.fix is Fix.LINK:
        return _link_dialogs(facts, stand)
    return _jumps(gap, stand)


def plan_dialog(facts: DealFacts, stand: Standpoint) -> Dialog:
    """Pipedrive's own form, filled in. A date without a time is the same date in UTC."""
    day = working_day_after(stand.today)
    prefill = {"subject": _subject(facts, stand), "dueDate": day.isoformat(), "deal": facts.deal.id}
    if facts.deal.org_id is not None:
        prefill["organization"] = facts.deal.org_id
    modal = {"type": "activity", "prefill": prefill}
    return Dialog("plan-next-step", stand.say("Plan next step"), modal, is_primary=True)


def call_preset(facts: DealFacts, stand: Standpoint, name: str, *, label: str = "") -> Press:
    """One click: a call on the next working day."""
    day = working_day_after(stand.today)
    form: dict[str, Any] = {"subject": _subject(facts, stand), "due_date": day.isoformat()}
    if facts.contact is not None:
        form["person_id"] = facts.contact.id
    sentence = _preset_sentence(facts, stand, day)
    return Press(f"preset-{name}", label or sentence, "plan-next-step", form, hint=sentence)


def person_dialog(facts: DealFacts, stand: Standpoint) -> Dialog:
    prefill = {"organization": facts.organization.name} if facts.organization else {}
    modal = {"type": "person", "prefill": prefill}
    return Dialog("add-person", stand.say("Add contact person"), modal, then="link-person")


def organization_dialog(stand: Standpoint) -> Dialog:
    modal = {"type": "organization", "prefill": {}}
    return Dialog("add-organization", stand.say("Add organization"), modal, then="link-organization")


def _link_dialogs(facts: DealFacts, stand: Standpoint) -> tuple[Control, ...]:
    person = (person_dialog(facts, stand),) if facts.deal.person_id is None else ()
    organization = (organization_dialog(stand),) if facts.deal.org_id is None else ()
    return person + organization


def _close_date_controls(facts: DealFacts, stand: Standpoint) -> tuple[Control, ...]:
    """Two weeks in one click, the other ways behind a disclosure."""
    today, seen = stand.today, seen_text(facts.deal.update_time)
    pick = Picker(
        id="close-pick",
        label=stand.say("Other date"),
        action="set-close-date",
        form={"seen": seen},
        field="expected_close_date",
        value=(today + timedelta(days=14)).isoformat(),
        least=today.isoformat(),
        most=latest_close(today).isoformat(),
        hint=stand.say("Expected close date"),
        choices=(
            _close_press("week", stand.say("+7 d"), today + timedelta(days=7), seen, stand),
            _close_press("month", stand.say("Month end"), month_end(today), seen, stand),
        ),
        is_narrow=True,
    )
    return _close_press("fortnight", stand.say("+14 d"), today + timedelta(days=14), seen, stand), pick


def _close_press(name: str, label: str, day: date, seen: str, stand: Standpoint) -> Press:
    form = {"expected_close_date": day.isoformat(), "seen": seen}
    hint = stand.say("Set the expected close date to {day}", day=stand.day(day))
    return Press(f"close-{name}", label, "set-close-date", form, hint)


def _jumps(gap: Gap, stand: Standpoint) -> tuple[Control, ...]:
    if gap.fix is None or gap.fix not in _PLACES or gap.record_id is None:
        return ()
    label = {
        Fix.OPEN_PERSON: stand.say("Add details"),
        Fix.OPEN_ORGANIZATION: stand.say("Find people"),
        Fix.OPEN_DEAL: stand.say("Compare"),
    }[gap.fix]
    return (jump(stand.company_url, _PLACES[gap.fix], gap.record_id, label, name=gap.kind),)


def _subject(facts: DealFacts, stand: Standpoint) -> str:
    if facts.contact is None:
        return stand.say("Follow up")
    return stand.say("Call {person}", person=facts.contact.name)


def _preset_sentence(facts: DealFacts, stand: Standpoint, day: date) -> str:
    is_tomorrow = (day - stand.today).days == 1
    if facts.contact is None and is_tomorrow:
        return stand.say("Follow up tomorrow")
    if facts.contact is None:
        return stand.say("Follow up on {day}", day=stand.day(day))
    if is_tomorrow:
        return stand.say("Call {person} tomorrow", person=facts.contact.name)
    return stand.say("Call {person} on {day}", person=facts.contact.name, day=stand.day(day))
