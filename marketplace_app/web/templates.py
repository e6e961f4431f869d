"""Jinja, one environment per language: autoescape on, undefined names are errors, texts translated."""

import hashlib
from collections.abc import MutableMapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
    TemplateSyntaxError,
)

from marketplace_app.web.urls import safe_url
from marketplace_app.web.words import LANGUAGES, catalog

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "static"
_PACKAGES = ROOT / "node_modules"
SDK = _PACKAGES / "@pipedrive" / "app-extensions-sdk" / "dist"
# Where the files of a package lie under /static; all else there is our own.
PACKAGES = {"sdk/": SDK, "idiomorph/": _PACKAGES / "idiomorph" / "dist"}


class Templates:
    """`extra` folders come before our own, so that another app may bring its templates."""

    def __init__(self, extra: Sequence[Path] = (), *, auto_reload: bool = False) -> None:
        folders = [*extra, ROOT / "templates"]
        loader = ChoiceLoader([FileSystemLoader(folder) for folder in folders])
        self._environments = {
            language: self._environment(loader, language, auto_reload) for language in LANGUAGES
        }
        self._versions: dict[str, str] = {}

    def render(self, name: str, language: str, **values: Any) -> str:
        """The template sees `language` too."""
        return self._environments[language].get_template(name).render(language=language, **values)

    def problem(self, name: str) -> tuple[int, str] | None:
        """The line, and what is wrong there with its syntax; None when nothing is."""
        try:
            self._environments[LANGUAGES[0]].get_template(name)
        except TemplateSyntaxError as error:
            return error.lineno, error.message or "wrong syntax"
        return None

    def exists(self, name: str) -> bool:
        try:
            self._environments[LANGUAGES[0]].get_template(name)
        except TemplateNotFound:
            return False
        except TemplateSyntaxError:
            pass  # it is there
        return True

    def asset(self, name: str) -> str:
        """The URL of a static file; its content is part of the URL, so that it may be kept for ever."""
        return f"/static/{name}?v={self.version(name)}"

    def version(self, name: str) -> str:
        """A short digest of the file's content, read once."""
        if name not in self._versions:
            self._versions[name] = hashlib.sha256(_path_of(name).read_bytes()).hexdigest()[:12]
        return self._versions[name]

    def _environment(self, loader: ChoiceLoader, language: str, auto_reload: bool) -> Environment:
        environment = (_WhileWritten if auto_reload else Environment)(
            loader=loader,
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=auto_reload,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_translations(catalog(language), newstyle=True)  # type: ignore[attr-defined]
        environment.globals["asset"] = self.asset
        environment.filters["safe_url"] = safe_url
        environment.filters["tojson"] = _as_json
        return environment


class _WhileWritten(Environment):
    """For development: a template that is saved with an error in it is shown as it was before."""

    _last_good: dict[str, Template] | None = None

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja calls it so
    ) -> Template:
        if isinstance(name, Template):
            return name
        self._last_good = kept = self._last_good or {}
        try:
            kept[name] = super().get_template(name, parent, globals)
        except TemplateSyntaxError:
            if name not in kept:
                raise
        return kept[name]


def _as_json(value: Any) -> str:
    """Text that autoescape still escapes: Jinja's own leaves quotes, which would end a quoted attribute."""
    return msgspec.json.encode(value).decode()


def _path_of(name: str) -> Path:
    for prefix, folder in PACKAGES.items():
        if name.startswith(prefix):
            return folder / name.removeprefix(prefix)
    return STATIC / name
