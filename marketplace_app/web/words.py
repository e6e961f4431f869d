"""Sentences, numbers and dates in one viewer's language; catalogs are `locales/<language>.po`.

The language of the text follows Pipedrive's screens, the writing of numbers the user's locale.
"""

import gettext
import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal

from marketplace_app.domain.message import Message, say

LANGUAGES = ("en", "vi")
_LOCALES = Path(__file__).parents[1] / "locales"
_NEAR = {-1: say("yesterday"), 0: say("today"), 1: say("tomorrow")}


_theirs: dict[str, Path] = {}  # where the app that runs in this process has catalogs of its own


def use_catalogs(folder: Path | None) -> None:
    """From now on sentences are looked up in these `<language>.po` too, after our own."""
    _theirs.clear()
    if folder is not None:
        _theirs["folder"] = folder
    catalog.cache_clear()


@lru_cache
def catalog(language: str) -> gettext.NullTranslations:
    """English needs no file: its sentences are the keys."""
    found = _read(_LOCALES / f"{language}.po", language)
    for folder in _theirs.values():
        found.add_fallback(_read(folder / f"{language}.po", language))
    return found


def _read(path: Path, language: str) -> gettext.NullTranslations:
    if not path.exists():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        compiled = io.BytesIO()
        write_mo(compiled, read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


@dataclass(frozen=True, slots=True)
class Words:
    """`language` is one of LANGUAGES, `locale` writes numbers and dates, `time_zone` says what today is."""

    language: str
    locale: Locale
    time_zone: ZoneInfo

    @classmethod
    def of(cls, language: str, locale: str, time_zone: str) -> "Words":
        """Unknown languages read English, unknown zones are UTC: never a reason to show nothing."""
        known = language if language in LANGUAGES else "en"
        return cls(known, _locale(known, locale), _zone(time_zone))

    def say(self, message: Message) -> str:
        found = catalog(self.language)
        text = (
            found.ngettext(message.text, message.plural, message.number)
            if message.plural
            else found.gettext(message.text)
        )
        return text.format_map(message.values) if message.values else text

    def money(self, amount: float, currency: str) -> str:
        """With the currency's own decimals, none for whole amounts: "€18,400", "1.250.000.000 ₫"."""
        is_whole = float(amount).is_integer()
        return str(
            format_currency(
                amount,
                currency,
                locale=self.locale,
                format=_whole_pattern(self.locale) if is_whole else None,
                currency_digits=not is_whole,
            )
        )

    def number(self, value: float) -> str:
        return str(format_decimal(value, locale=self.locale))

    def day(self, day: date, *, today: date) -> str:
        """In words for today, tomorrow and yesterday; else day and month, with the year if it is another."""
        near = _NEAR.get((day - today).days)
        if near is not None:
            return self.say(near)
        return self.calendar_day(day, today=today)

    def calendar_day(self, day: date, *, today: date, weekday: bool = False) -> str:
        """Day and month, with the year if it is another one: "Thu, Nov 27"."""
        skeleton = ("" if day.year == today.year else "y") + ("MMMEd" if weekday else "MMMd")
        return str(format_date(day, format=_skeleton(self.locale, skeleton), locale=self.locale))

    def weekday(self, day: date) -> str:
        """The short name of its day of the week: "Mon", "Th 2"."""
        return str(format_date(day, format="ccc", locale=self.locale))

    def time(self, moment: datetime) -> str:
        return str(format_time(moment, format="short", tzinfo=self.time_zone, locale=self.locale))


def preferred_language(accept_language: str) -> str:
    """For pages shown before anybody is known: the first of the browser's languages that we have."""
    for part in accept_language.split(","):
        language = part.partition(";")[0].strip().partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return "en"


@lru_cache
def _locale(language: str, locale: str) -> Locale:
    """The user's locale where it fits the language; month names must not come from a third one.

    Who reads English and writes dates as some other country does gets the form that most of them share,
    with 24 hours and the day before the month, rather than the American one.
    """
    try:
        found = Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale(language)
    if found.language == language:
        return found
    return Locale("en", "GB") if language == "en" else Locale(language)


@lru_cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        return ZoneInfo("UTC")


@lru_cache
def _whole_pattern(locale: Locale) -> str:
    """The locale's currency pattern without its decimals."""
    pattern: str = locale.currency_formats["standard"].pattern
    return pattern.replace("0.00", "0")


@lru_cache
def _skeleton(locale: Locale, skeleton: str) -> str:
    found = locale.datetime_skeletons.get(skeleton)
    return str(found.pattern) if found is not None else "medium"
