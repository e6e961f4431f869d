"""GET of a section: the picture again, or for the first time after a skeleton."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.clock import Clock
from marketplace_app.domain.installation import Installation, InstallationState
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.scopes import missing_scopes
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import RequestRejected, ScopeMissing
from marketplace_app.installations import Installations
from marketplace_app.kit import Extension
from marketplace_app.surfaces import envelope
from marketplace_app.surfaces.commands import fragment
from marketplace_app.surfaces.gate import Gate
from marketplace_app.surfaces.language import remember
from marketplace_app.surfaces.pictures import FRESH_SECONDS, Pictures

WHOLE = "all"
CONSENT = "consent"


class Sections:
    def __init__(
        self,
        gate: Gate,
        installations: Installations,
        pictures: Pictures,
        clock: Clock,
        asked_scopes: Sequence[str],
    ) -> None:
        """`asked_scopes` are those of manifest.json."""
        self._gate = gate
        self._installations = installations
        self._pictures = pictures
        self._clock = clock
        self._asked_scopes = asked_scopes

    async def show(self, request: Request, surface: Surface, extension: Extension) -> Response:
        """`fresh=1` asks Pipedrive again, whatever is kept.

        The section `consent` is the whole one too, once no scope is missing: a page that waits for its
        viewer to allow more asks for it.
        """
        visit = self._gate.by_bearer(request, surface)
        section = request.path_params["section"]
        if section not in (WHOLE, CONSENT):
            raise RequestRejected("there is no such section")
        installation = await found(self._installations, visit.principal, request)
        missing = missing_scopes(self._asked_scopes, installation.tokens.scopes)
        if section == CONSENT and missing:
            raise ScopeMissing(missing)
        if not visit.is_addressed:
            raise RequestRejected("no record is selected")
        selection, kept = visit.selection, None
        is_fresh = section == CONSENT or request.query_params.get("fresh") == "1"
        if not is_fresh and installation.state is InstallationState.ACTIVE:
            kept = await self._pictures.opened(
                installation,
                surface,
                selection,
                await self._pictures.ask(visit.principal, surface, selection),
            )
        if kept is None or self._clock.now() - kept.made_at > FRESH_SECONDS:
            kept = await self._pictures.make(installation, extension, selection, anew=is_fresh)
        return envelope.response(envelope.envelope([fragment(kept)]))


async def found(installations: Installations, principal: Principal, request: Request) -> Installation:
    """As `Installations.usable`; from now on the request is answered in the visitor's language."""
    installation = await installations.usable(principal)
    remember(request.scope, installation)
    return installation


async def proven(installations: Installations, principal: Principal, request: Request) -> Installation:
    """As `found`, for what asks a handler at once: one that was told to be over has to prove that it is not.

    Pages do so while their picture is made, so that they can be there in time.
    """
    installation = await found(installations, principal, request)
    await installations.prove(installation)
    return installation
