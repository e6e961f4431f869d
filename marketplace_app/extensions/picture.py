"""Facts and a standpoint make the whole picture of a deal. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from marketplace_app.extensions.facts import DealFacts, Part, Trouble
from marketplace_app.extensions.gap import Gap, Situation
from marketplace_app.extensions.picture_links import linked, next_stage, people, problem
from marketplace_app.extensions.picture_steps import finished, gap_rows, next_step, starters
from marketplace_app.extensions.rules import Level, gaps, level, score
from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.extensions.view import DealView, Header, Recap
from marketplace_app.pipedrive.resources.activities import Activity

_JUDGED = (Part.ACTIVITIES, Part.PEOPLE, Part.STAGES, Part.FIELDS)


def picture(facts: DealFacts, stand: Standpoint, *, done: Activity | None = None) -> DealView:
    """`done` was finished by the press that this picture answers."""
    if facts.deal.is_deleted or facts.deal.is_archived:
        return DealView(header=Header(level="gone", verdict=_gone(facts, stand)))
    if facts.is_open:
        return _open(facts, stand, done)
    return DealView(
        header=_closed_header(facts, stand),
        recap=_recap(facts, stand),
        people=people(facts, stand),
        linked=linked(facts, stand),
        counts=_counts(facts, stand),
    )


def _open(facts: DealFacts, stand: Standpoint, done: Activity | None) -> DealView:
    found = gaps(facts, stand.today, stand.zone)
    is_new = facts.is_unlinked and done is None
    step_problem = problem(facts, Part.ACTIVITIES, stand)
    return DealView(
        header=_header(facts, found, stand),
        finished=finished(done, stand) if done else None,
        starters=starters(facts, stand) if is_new else (),
        next_step=None if is_new or step_problem else next_step(facts, found, stand),
        step_problem=step_problem,
        gaps=None if is_new else gap_rows(facts, found, stand),
        next_stage=next_stage(facts, stand),
        people=None if is_new else people(facts, stand),
        linked=linked(facts, stand),
        counts=_counts(facts, stand),
    )


def _header(facts: DealFacts, found: Sequence[Gap], stand: Standpoint) -> Header:
    rots_in = Situation(facts, stand.today, stand.zone).days_to_rot
    header = Header(
        level="unknown",
        verdict=stand.say("Not all loaded"),
        tally=_tally(found, stand),
        stage=facts.stage.name if facts.stage else "",
        stage_age=_stage_age(facts, stand),
        rotting=_rotting(rots_in, stand),
        is_rotten=rots_in is not None and rots_in <= 0,
        closing=_closing(facts, stand),
    )
    if _is_guesswork(facts):
        return header if any(gap.points for gap in found) else replace(header, tally="")
    return _with_score(header, score(found), stand)


def _is_guesswork(facts: DealFacts) -> bool:
    """Whether rules were silent because something failed; a full score would then be a lie."""
    return any(facts.troubles.get(part) is Trouble.FAILED for part in _JUDGED)


def _with_score(header: Header, points: int, stand: Standpoint) -> Header:
    verdict = {
        Level.HEALTHY: stand.say("Healthy"),
        Level.ATTENTION: stand.say("Needs attention"),
        Level.RISK: stand.say("At risk"),
    }[level(points)]
    spoken = stand.say(
        "{score} of 100, {verdict}, {tally}", score=points, verdict=verdict, tally=header.tally
    )
    return replace(header, level=level(points), verdict=verdict, score=points, spoken=spoken)


def _tally(found: Sequence[Gap], stand: Standpoint) -> str:
    number = sum(gap.points > 0 for gap in found)
    return stand.count("{number} gap", "{number} gaps", number) if number else stand.say("no gaps")


def _stage_age(facts: DealFacts, stand: Standpoint) -> str:
    since = facts.deal.stage_change_time or facts.deal.add_time
    if since is None:
        return ""
    days = stand.days_since(since)
    return stand.count("{number} day", "{number} days", days) if days > 0 else stand.say("since today")


def _rotting(rots_in: int | None, stand: Standpoint) -> str:
    if rots_in is None:
        return ""
    if rots_in <= 0:
        return stand.say("Rotting")
    return stand.count("Rots in {number} day", "Rots in {number} days", rots_in)


def _closing(facts: DealFacts, stand: Standpoint) -> str:
    """Nothing for a date that is missing or passed: that is a gap, and said there."""
    day = facts.deal.expected_close_date
    if day is None or day < stand.today:
        return ""
    return stand.say("Closes {day}", day=stand.day(day))


def _closed_header(facts: DealFacts, stand: Standpoint) -> Header:
    is_won = facts.deal.status == "won"
    return Header(
        level="won" if is_won else "lost",
        verdict=stand.say("Won") if is_won else stand.say("Lost"),
        stage=facts.stage.name if facts.stage else "",
    )


def _recap(facts: DealFacts, stand: Standpoint) -> Recap:
    deal = facts.deal
    points = [
        stand.count("{number} step done", "{number} steps done", deal.done_activities_count),
        stand.count("{number} person involved", "{number} people involved", len(facts.persons)),
    ]
    if deal.lost_reason:
        points.append(stand.say("Reason: {reason}", reason=deal.lost_reason))
    return Recap(_closed_sentence(facts, stand), tuple(points))


def _closed_sentence(facts: DealFacts, stand: Standpoint) -> str:
    deal = facts.deal
    closed_at = deal.won_time if deal.status == "won" else deal.lost_time
    value = stand.words.money(deal.value, deal.currency)
    if closed_at is None or deal.add_time is None:
        return value
    days = max((stand.day_of(closed_at) - stand.day_of(deal.add_time)).days, 0)
    return stand.count(
        "{value} on {day}, after {number} day",
        "{value} on {day}, after {number} days",
        days,
        value=value,
        day=stand.words.calendar_day(stand.day_of(closed_at), today=stand.today),
    )


def _gone(facts: DealFacts, stand: Standpoint) -> str:
    if facts.deal.is_deleted:
        return stand.say("This deal was deleted.")
    return stand.say("This deal is archived. Restore it in Pipedrive to work on it.")


def _counts(facts: DealFacts, stand: Standpoint) -> tuple[str, ...]:
    deal = facts.deal
    return (
        stand.count("{number} note", "{number} notes", deal.notes_count),
        stand.count("{number} file", "{number} files", deal.files_count),
        stand.count("{number} follower", "{number} followers", deal.followers_count),
    )
