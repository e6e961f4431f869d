"""In which language a request is answered: the viewer's once it is known who that is, else the browser's."""

from starlette.datastructures import Headers
from starlette.types import Scope

from marketplace_app.domain.installation import Installation
from marketplace_app.kit import Words
from marketplace_app.web.words import preferred_language

_KEY = "marketplace_app.words"


def words_of(installation: Installation) -> Words:
    profile = installation.profile
    return Words.of(profile.language, profile.locale, profile.time_zone)


def remember(scope: Scope, installation: Installation) -> Words:
    """From now on the request is answered in this viewer's language."""
    words: Words = scope.setdefault(_KEY, words_of(installation))
    return words


def words_for(scope: Scope) -> Words:
    known: Words | None = scope.get(_KEY)
    return known or browsers_words(scope)


def browsers_words(scope: Scope) -> Words:
    """Also for who has no installation any more: that there was one is nothing to be seen."""
    language = preferred_language(Headers(scope=scope).get("accept-language", ""))
    return Words.of(language, language, "UTC")
