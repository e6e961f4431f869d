"""Draws the pages: one Jinja environment, and the headers that every page carries."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse

from pipedrive_emulator.host.wording import initials

HERE = Path(__file__).parent

# Frames may come from any app; everything else is this host's own.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src *; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class View:
    def __init__(self) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters["initials"] = initials
        self._environment.globals["icon"] = self._environment.get_template("icons.html").module.icon  # type: ignore[attr-defined]  # macros are attributes

    def page(self, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        text = self._environment.get_template(template).render(context)
        return HTMLResponse(text, status_code=status, headers=_HEADERS)

    def notice(self, title: str, sentence: str, *, status: int = 404, **context: Any) -> HTMLResponse:
        """A page that says what is the matter and where to go from here."""
        return self.page("notice.html", status=status, title=title, sentence=sentence, **context)
