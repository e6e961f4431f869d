"""The pages at which an installation ends. They work without script and are shown in a tab of their own."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import HTMLResponse

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import InstallationPending, MarketplaceAppError
from marketplace_app.logs import logger
from marketplace_app.web.errors import row_of
from marketplace_app.web.templates import Templates
from marketplace_app.web.words import LANGUAGES, Words, preferred_language

_log = logger("oauth")


@dataclass(frozen=True, slots=True)
class Pages:
    templates: Templates
    manifest: Manifest

    def installed(self, installation: Installation, company_url: str) -> HTMLResponse:
        profile = installation.profile
        language = profile.language if profile.language in LANGUAGES else "en"
        return self._page("installed.html", language, 200, profile=profile, company_url=company_url)

    def denied(self, request: Request, *, is_choice: bool) -> HTMLResponse:
        """`is_choice`: the user pressed Cancel; else Pipedrive itself did not go on."""
        return self._page("denied.html", _language(request), 200, is_choice=is_choice)

    def refused(self, request: Request, error: MarketplaceAppError) -> HTMLResponse:
        """Also the one line in the log that says why."""
        _log.warning(
            "refused", reason=error.reason, detail=str(error), reference=request.scope.get("reference")
        )
        row, language = row_of(error), _language(request)
        words = Words.of(language, language, "UTC")
        return self._page(
            "refused.html",
            language,
            row.status,
            heading=words.say(row.title),
            advice=words.say(row.advice),
            reference=request.scope.get("reference", ""),
            is_over=not isinstance(error, InstallationPending),
        )

    def _page(self, template: str, language: str, status: int, **values: object) -> HTMLResponse:
        html = self.templates.render(
            f"oauth/{template}",
            language,
            app_name=self.manifest.name,
            install_path=self.manifest.install_path,
            **values,
        )
        return HTMLResponse(html, status)


def _language(request: Request) -> str:
    return preferred_language(request.headers.get("accept-language", ""))
