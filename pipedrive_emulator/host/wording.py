"""Money, dates and times as this user reads them: own locale, own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_precision

from pipedrive_emulator.world import User

_DATE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class Wording:
    """``now`` is epoch seconds on the emulator's clock."""

    locale: Locale
    zone: ZoneInfo
    now: float

    @classmethod
    def for_user(cls, user: User, now: float) -> "Wording":
        return cls(_locale(user.locale), ZoneInfo(user.time_zone), now)

    @property
    def today(self) -> date:
        return datetime.fromtimestamp(self.now, self.zone).date()

    def money(self, value: float | None, currency: str | None) -> str:
        """``€18,400``: no decimals where there are none, and none ever for a currency without them."""
        amount, code = value or 0, currency or "EUR"
        digits = 0 if float(amount).is_integer() else get_currency_precision(code)
        pattern = self.locale.currency_formats["standard"].pattern.replace(
            ".00", "." + "0" * digits if digits else ""
        )
        return format_currency(amount, code, format=pattern, locale=self.locale, currency_digits=False)

    def day(self, value: date) -> str:
        """``Today``, ``Tomorrow``, ``Yesterday``, else ``6 Dec`` with the year when it is another."""
        near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}.get((value - self.today).days)
        if near:
            return near
        form = "d MMM" if value.year == self.today.year else "d MMM y"
        return format_date(value, form, locale="en_GB")

    def moment(self, stamp: str) -> str:
        """A moment of the API (RFC 3339, UTC) as day and wall time here."""
        local = self.local(stamp)
        return f"{self.day(local.date())} at {self._clock(local.time())}"

    def local(self, stamp: str) -> datetime:
        """The moment here; a stamp that names no zone is UTC, as everywhere in Pipedrive."""
        moment = datetime.fromisoformat(stamp)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(self.zone)

    def waited(self, stamp: str) -> str:
        """How long ago in whole days: ``today``, ``1 day``, ``12 days``."""
        days = (self.today - self.local(stamp).date()).days
        return "today" if days <= 0 else f"{days} day{'s' if days > 1 else ''}"

    def due(self, day: str | None, clock: str | None) -> tuple[date | None, time | None]:
        """An activity's due date and time, which Pipedrive keeps in UTC, on this user's wall.

        Without a time it is due on that date wherever the user is.
        """
        if not day:
            return None, None
        on = date.fromisoformat(day[:_DATE_LENGTH])
        if not clock:
            return on, None
        local = datetime.combine(on, time.fromisoformat(clock), UTC).astimezone(self.zone)
        return local.date(), local.time()

    def due_in_utc(self, day: str, clock: str) -> tuple[str, str]:
        """The way back: what to send for a date and time read from this user's wall."""
        wall = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), self.zone)
        utc = wall.astimezone(UTC)
        return utc.date().isoformat(), utc.strftime("%H:%M")

    def due_text(self, day: date, clock: time | None) -> str:
        return f"{self.day(day)}, {self._clock(clock)}" if clock else self.day(day)

    def is_over(self, day: date, clock: time | None) -> bool:
        """An activity without a time stays in time until the end of its day."""
        end = datetime.combine(day, clock or time(), self.zone) + timedelta(days=0 if clock else 1)
        return end.timestamp() <= self.now

    def _clock(self, value: time) -> str:
        return format_time(value, "HH:mm", locale="en_GB")


def _locale(code: str) -> Locale:
    try:
        return Locale.parse(code.replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return Locale("en", "US")


def initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


def address_of(place: Any) -> str:
    """Addresses are objects in API v2; their one line stands under ``value``."""
    return str(place.get("value") or "") if isinstance(place, dict) else str(place or "")
