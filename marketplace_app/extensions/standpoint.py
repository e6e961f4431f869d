"""From where a picture is drawn: the viewer's language, day and company."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from marketplace_app.kit import Message, SurfaceContext, Words, count, say


@dataclass(frozen=True, slots=True)
class Standpoint:
    """`company_url` is the origin of the company's Pipedrive, `now` is aware."""

    words: Words
    now: datetime
    company_url: str

    @classmethod
    def of(cls, context: SurfaceContext) -> "Standpoint":
        return cls(context.words, context.now, context.viewer.company_url)

    @property
    def zone(self) -> ZoneInfo:
        return self.words.time_zone

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    def days_since(self, moment: datetime) -> int:
        """Midnights between then and now, where the viewer is."""
        return (self.today - self.day_of(moment)).days

    def tell(self, message: Message) -> str:
        return self.words.say(message)

    def say(self, text: str, **values: Any) -> str:
        return self.words.say(say(text, **values))

    def count(self, singular: str, plural: str, number: int, **values: Any) -> str:
        return self.words.say(count(singular, plural, number, **values))

    def day(self, day: date) -> str:
        """In words when it is near: tomorrow; else with its weekday: Thu, Nov 27."""
        if abs((day - self.today).days) <= 1:
            return self.words.day(day, today=self.today)
        return self.words.calendar_day(day, today=self.today, weekday=True)
