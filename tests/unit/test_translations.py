"""Every text that a viewer may read is in every language, with the same places for values."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from marketplace_app.web.words import LANGUAGES

ROOT = Path(__file__).parents[2]
PLACES = ("extensions", "kit", "oauth", "surfaces", "web")
KEYWORDS = {"say": None, "count": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
TRANSLATED = [language for language in LANGUAGES if language != "en"]
Key = str | tuple[str, ...]


def extracted(source: bytes, method: str) -> Iterator[Key]:
    options = {"extensions": "jinja2.ext.i18n", "silent": "false"} if "jinja2" in method else {}
    for _, text, _, _ in extract(method, BytesIO(source), keywords=KEYWORDS, options=options):
        yield text if isinstance(text, str) else tuple(text)


def texts() -> dict[Key, str]:
    """Each with the file that says it."""
    modules = [file for place in PLACES for file in (ROOT / "marketplace_app" / place).rglob("*.py")]
    found = {key: file.name for file in modules for key in extracted(file.read_bytes(), "python")}
    manifest = json.loads((ROOT / "manifest.json").read_text())
    found |= {scope["reason"]: "manifest.json" for scope in manifest["scopes"]}
    for file in (ROOT / "templates").rglob("*.html"):
        found |= dict.fromkeys(extracted(file.read_bytes(), "jinja2.ext:babel_extract"), file.name)
    return found


def catalog(language: str) -> Catalog:
    with (ROOT / "marketplace_app" / "locales" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(language: str) -> dict[Key, Message]:
    entries = (entry for entry in catalog(language) if entry.id)
    return {entry.id if isinstance(entry.id, str) else tuple(entry.id): entry for entry in entries}


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text) if isinstance(text, (list, tuple)) else []


def gaps_to_fill(text: str) -> set[str]:
    return set(re.findall(r"\{[a-z_]+\}|%\([a-z_]+\)[sd]", text))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    known = translations(language)
    missing = [
        f"{file}: {key}"
        for key, file in texts().items()
        if key not in known or not all(forms(known[key].string))
    ]
    assert missing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str) -> None:
    assert sorted(map(str, translations(language).keys() - texts().keys())) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_values_have_the_same_places(language: str) -> None:
    """A singular may leave out the number, a translation may not."""
    differing = [
        str(entry.id)
        for entry in translations(language).values()
        for form in forms(entry.string)
        if gaps_to_fill(form) != gaps_to_fill(forms(entry.id)[-1])
    ]
    assert differing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_has_as_many_forms_as_its_language(language: str) -> None:
    plurals = [entry for entry in translations(language).values() if entry.pluralizable]
    assert plurals
    assert {len(forms(entry.string)) for entry in plurals} == {catalog(language).num_plurals}


def test_a_text_in_a_module_or_template_would_be_found() -> None:
    assert list(extracted(b'x = say("one {a}", a=say("two"))', "python")) == ["one {a}", "two"]
    assert list(extracted(b'stand.count("a", "b", len(x))', "python")) == [("a", "b")]
    template = b'<p title="{{ _("three") }}">{{ ngettext("%(num)s a", "%(num)s b", n) }}</p>'
    assert list(extracted(template, "jinja2.ext:babel_extract")) == ["three", ("%(num)s a", "%(num)s b")]
