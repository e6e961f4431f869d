"""What Pipedrive tells at the callback URL: by DELETE of an uninstall, by POST of app sharing."""

from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.domain.ids import CompanyId, UserId
from marketplace_app.domain.principal import Principal
from marketplace_app.errors import MarketplaceAppError, RequestRejected
from marketplace_app.installations import Installations
from marketplace_app.logs import logger
from marketplace_app.oauth.bodies import Sharing, Uninstall, read
from marketplace_app.oauth.pages import Pages
from marketplace_app.settings import Settings
from marketplace_app.web.credentials import check_credentials, has_credentials


class NoticeDoor:
    def __init__(self, settings: Settings, installations: Installations, pages: Pages) -> None:
        self._settings = settings
        self._installations = installations
        self._pages = pages
        self._log = logger("oauth")

    async def uninstalled(self, request: Request) -> Response:
        """Pipedrive does not read the answer, and asks once: what it says is noted before we answer."""
        try:
            self._check_credentials(request)
            told = await read(request, Uninstall)
            if told.client_id != self._settings.pipedrive_client_id:
                raise RequestRejected("the uninstall is of another app")
            await self._installations.notice(Principal(CompanyId(told.company_id), UserId(told.user_id)))
        except MarketplaceAppError as error:
            return self._pages.refused(request, error)
        self._log.info("uninstall told", company_id=told.company_id, user_id=told.user_id)
        return Response(status_code=200)

    async def shared(self, request: Request) -> Response:
        """How the call proves itself is not documented, so it is a hint: it is logged and grants nothing.

        Credentials need not come, but those that come must be right.
        """
        try:
            is_authenticated = has_credentials(request.headers)
            if is_authenticated:
                self._check_credentials(request)
            told = await read(request, Sharing)
        except MarketplaceAppError as error:
            return self._pages.refused(request, error)
        self._log.info(
            "sharing told",
            company_id=told.company_id,
            user_id=told.user_id,
            is_shared=told.is_shared,
            is_authenticated=is_authenticated,
        )
        return Response(status_code=200)

    def _check_credentials(self, request: Request) -> None:
        check_credentials(
            request.headers, self._settings.pipedrive_client_id, self._settings.pipedrive_client_secret
        )
