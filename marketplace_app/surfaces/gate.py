"""Admission to a surface: a verified context, and a query that does not contradict it."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.types import Scope

from marketplace_app.clock import Clock
from marketplace_app.domain.context_cache import ContextCache
from marketplace_app.domain.principal import Principal
from marketplace_app.domain.selection import Selection
from marketplace_app.domain.surface import PANELS, Surface
from marketplace_app.errors import ContextMismatch, RequestRejected
from marketplace_app.settings import Settings
from marketplace_app.surfaces.query import Query

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who came to which surface, and what the unsigned query asks for."""

    principal: Principal
    surface: Surface
    selection: Selection
    theme: str

    @property
    def is_addressed(self) -> bool:
        """Whether there is something to show: a panel stands beside a record, the rest may stand alone."""
        return self.surface.kind not in PANELS or self.selection.record_id is not None


class Gate:
    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._contexts = ContextCache()

    def by_url(self, scope: Scope, surface: Surface) -> Visit:
        """With the token that Pipedrive put into the iframe's URL.

        Raises ContextRejected, then ContextMismatch.
        """
        query = Query.read(scope["query_string"])
        return self._admit(query, surface, query.get("token"))

    def by_bearer(self, request: Request, surface: Surface) -> Visit:
        """With a token that the page asked of Pipedrive: every later read and every action.

        Nothing tells such a token from the one in the URL (docs/adr/0008).
        The browser must say that the page itself asks, where it says anything.
        """
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        bearer = token.strip() if scheme.lower() == "bearer" else ""
        visit = self._admit(Query.read(request.scope["query_string"]), surface, bearer)
        if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise RequestRejected("the request comes from another site")
        if request.headers.get("origin", self._settings.app_base_url) != self._settings.app_base_url:
            raise RequestRejected("the request comes from another origin")
        return visit

    def _admit(self, query: Query, surface: Surface, token: str) -> Visit:
        context = self._contexts.verify(
            token,
            surface=surface.name,
            secrets=[secret.octets for secret in self._settings.secrets_of(surface.jwt_secret)],
            now=self._clock.now(),
        )
        _check_query(query, context.principal)
        return Visit(context.principal, surface, Selection.of(surface, query.values), theme_of(query))


def theme_of(query: Query) -> str:
    """Empty for one that is not there or that nobody knows: then the browser's own preference counts."""
    theme = query.get("theme")
    return theme if theme in THEMES else ""


def _check_query(query: Query, principal: Principal) -> None:
    """The ids in the query are never read, except to refuse a URL that says two things."""
    if query.says_it_twice:
        raise ContextMismatch("a query key is given twice")
    if query.get("companyId", str(principal.company_id)) != str(principal.company_id):
        raise ContextMismatch("the query names another company than the token")
    if query.get("userId", str(principal.user_id)) != str(principal.user_id):
        raise ContextMismatch("the query names another user than the token")
