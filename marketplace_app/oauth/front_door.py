"""Front door of installation: begin, and come back with a code; notices.py hears what Pipedrive tells.

One callback URL takes three methods. https://pipedrive.readme.io/docs/marketplace-oauth-authorization
"""

import secrets

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from marketplace_app.domain.installation import Installation
from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import (
    CodeRejected,
    MarketplaceAppError,
    PipedriveRefused,
    PipedriveUnavailable,
    RequestRejected,
    StateRejected,
)
from marketplace_app.installations import Installations
from marketplace_app.logs import logger
from marketplace_app.oauth.notices import NoticeDoor
from marketplace_app.oauth.pages import Pages
from marketplace_app.pipedrive.authorization import AuthorizationServer
from marketplace_app.settings import Settings
from marketplace_app.storage.once import Once
from marketplace_app.web.limits import BODY_BYTES

_COOKIE_SECONDS = 600
_CHOICES = ("user_denied", "access_denied")  # the user's own; any other error is Pipedrive's


class FrontDoor:
    def __init__(
        self,
        settings: Settings,
        manifest: Manifest,
        installations: Installations,
        authorization: AuthorizationServer,
        once: Once,
        pages: Pages,
    ) -> None:
        self._settings = settings
        self._manifest = manifest
        self._installations = installations
        self._authorization = authorization
        self._once = once
        self._pages = pages
        self._cookie = "install" if settings.is_development else "__Secure-install"
        self._log = logger("oauth")

    def routes(self) -> list[Route]:
        callback = self._manifest.callback_path
        notices = NoticeDoor(self._settings, self._installations, self._pages)
        back = Route(callback, self.come_back, methods=["GET"])
        back.methods = {"GET"}  # no HEAD, which Starlette adds: who only looks must not spend a code
        return [
            Route(self._manifest.install_path, self.begin, methods=["GET"]),
            back,
            Route(callback, notices.uninstalled, methods=["DELETE"], max_body_size=BODY_BYTES),
            Route(callback, notices.shared, methods=["POST"], max_body_size=BODY_BYTES),
        ]

    async def begin(self, request: Request) -> Response:
        """An install that starts here: its state works once, in this browser, for ten minutes."""
        state, browser = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        try:
            await self._once.begin_install(state, browser)
        except MarketplaceAppError as error:
            return self._pages.refused(request, error)
        response = RedirectResponse(self._authorization.authorize_url(state), status_code=302)
        response.set_cookie(
            self._cookie,
            browser,
            max_age=_COOKIE_SECONDS,
            path="/oauth",
            secure=not self._settings.is_development,
            httponly=True,
            samesite="lax",
        )
        return response

    async def come_back(self, request: Request) -> Response:
        """Each row of the table in docs/architecture.md, "The callback"."""
        try:
            values = _single_values(request)
            has_state = "state" in values
            if "error" in values:
                self._log.info("denied")
                return self._pages.denied(request, is_choice=values["error"] in _CHOICES)
            if has_state:
                await self._check_state(request, values["state"])
            installation = await self._install(values.get("code", ""))
        except MarketplaceAppError as error:
            return self._pages.refused(request, error)
        principal = installation.principal
        self._log.info(
            "installed", company_id=principal.company_id, user_id=principal.user_id, has_state=has_state
        )
        response = self._pages.installed(installation, self._company_url(installation))
        if has_state:
            response.delete_cookie(
                self._cookie,
                path="/oauth",
                secure=not self._settings.is_development,
                httponly=True,
                samesite="lax",
            )
        return response

    async def _check_state(self, request: Request, state: str) -> None:
        browser = request.cookies.get(self._cookie, "")
        if not (browser and await self._once.finish_install(state, browser)):
            raise StateRejected("the state is unknown, used, or of another browser")

    async def _install(self, code: str) -> Installation:
        if not code:
            raise RequestRejected("the callback has neither a code nor an error")
        if not await self._once.claim_code(code):
            raise CodeRejected("the code was used before")
        try:
            return await self._installations.install(code)
        except PipedriveRefused as refusal:
            if refusal.code == "invalid_grant":
                raise CodeRejected("Pipedrive no longer accepts the code") from refusal
            raise
        except PipedriveUnavailable as error:
            if not error.was_sent:
                await self._once.release_code(code)
            raise

    def _company_url(self, installation: Installation) -> str:
        return (
            self._settings.company_url(installation.profile.company_domain) or installation.tokens.api_domain
        )


def _single_values(request: Request) -> dict[str, str]:
    pairs = request.query_params.multi_items()
    values = dict(pairs)
    if len(values) != len(pairs):
        raise RequestRejected("a query key is given twice")
    return values
