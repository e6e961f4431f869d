"""Which days a viewer may choose, and what is said about the others."""

from datetime import date, timedelta

from marketplace_app.extensions.standpoint import Standpoint
from marketplace_app.kit import FormRejected

_STEP_HORIZON = timedelta(days=366)
_CLOSE_HORIZON = timedelta(days=3 * 366)


def latest_step(today: date) -> date:
    return today + _STEP_HORIZON


def latest_close(today: date) -> date:
    return today + _CLOSE_HORIZON


def chosen_step_day(text: str, stand: Standpoint) -> date:
    """Raises FormRejected, with a sentence about `due_date`."""
    return _chosen(text, stand, latest_step(stand.today), "due_date")


def chosen_close_day(text: str, stand: Standpoint) -> date:
    """Raises FormRejected, with a sentence about `expected_close_date`."""
    return _chosen(text, stand, latest_close(stand.today), "expected_close_date")


def rejected(field: str, sentence: str) -> FormRejected:
    return FormRejected(sentence, {field: sentence}, told=sentence)


def _chosen(text: str, stand: Standpoint, latest: date, field: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise rejected(field, stand.say("Choose a date.")) from None
    if day < stand.today:
        raise rejected(field, stand.say("That day has passed. Choose today or a later day."))
    if day > latest:
        last = stand.day(latest)
        raise rejected(field, stand.say("That is too far away. Choose a day up to {last}.", last=last))
    return day
