"""GET /oauth/authorize and the consent page on the company's host.

oauth/authorize -> (choose a user, when nobody is signed in) -> <company>/oauth/authorize/apps -> callback.
https://pipedrive.readme.io/docs/marketplace-oauth-authorization
"""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit, urlunsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from pipedrive_emulator.apps import App
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.forms import read_form
from pipedrive_emulator.host.session import company_of, sign_in, user_of
from pipedrive_emulator.host.view import View
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.company import User

CONSENT = "/oauth/authorize/apps"


class AuthorizeRefused(Exception):
    """Shown to the user where they are; nobody is redirected to an address that was not registered."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


@dataclass(frozen=True, slots=True)
class Wish:
    """What an app asks for; ``state`` None means that none was sent, and none comes back."""

    app: App
    redirect_uri: str
    state: str | None

    @property
    def fields(self) -> dict[str, str]:
        state = {} if self.state is None else {"state": self.state}
        return {"client_id": self.app.client_id, "redirect_uri": self.redirect_uri, **state}

    def consent_url(self, **more: str) -> str:
        return f"{CONSENT}?{urlencode(self.fields | more)}"

    def answered(self, **facts: str) -> str:
        """The callback with code or error, and state if there was one."""
        state = {} if self.state is None else {"state": self.state}
        parts = urlsplit(self.redirect_uri)
        query = "&".join(filter(None, [parts.query, urlencode(facts | state)]))
        return urlunsplit(parts._replace(query=query))


def read_wish(emulator: Emulator, fields: dict[str, str]) -> Wish:
    """What else was sent is ignored: response_type, scope, PKCE's code_challenge.

    Raises:
        AuthorizeRefused: an unknown or deleted app, or another address than the registered one.
    """
    client_id = fields.get("client_id", "")
    app = emulator.apps.by_client_id(client_id)
    if app is None and emulator.apps.was_deleted(client_id):
        raise AuthorizeRefused(400, "App cannot be installed for requested company")
    if app is None:
        raise AuthorizeRefused(404, "App not found")
    if fields.get("scope") == "" and emulator.switches.get("empty_scope") == "refused":
        raise AuthorizeRefused(400, "Invalid scope")
    redirect_uri = fields.get("redirect_uri", "")
    if redirect_uri != app.callback_url:
        raise AuthorizeRefused(400, "Invalid redirect URL")
    return Wish(app, redirect_uri, fields.get("state"))


async def authorize(request: Request, emulator: Emulator, view: View) -> Response:
    try:
        wish = read_wish(emulator, dict(request.query_params))
    except AuthorizeRefused as refused:
        return _refusal(refused)
    if user_of(request, emulator) is not None:
        return RedirectResponse(wish.consent_url(), status_code=302)
    companies = [
        (
            company,
            [
                _Choice(user, _entry(emulator, wish, user))
                for user in emulator.world.users(company.id)
                if user.active
            ],
        )
        for company in emulator.world.companies()
    ]
    return view.page("oauth_chooser.html", app=wish.app, companies=companies)


async def consent(request: Request, emulator: Emulator, view: View) -> Response:
    """Ask the signed-in user; ``login_as`` signs one in first."""
    fields = dict(request.query_params)
    try:
        wish = read_wish(emulator, fields)
    except AuthorizeRefused as refused:
        return _refusal(refused)
    chooser = f"{emulator.addresses.api}/oauth/authorize?{urlencode(wish.fields)}"
    if "login_as" in fields:
        return _signed_in(request, emulator, wish, fields["login_as"], chooser)
    user, company = user_of(request, emulator), company_of(request, emulator)
    if user is None:
        return RedirectResponse(chooser, status_code=302)
    if not wish.app.is_visible(user.company_id):
        return _refusal(AuthorizeRefused(404, "App not found"))
    return view.page(
        "oauth_consent.html",
        app=wish.app,
        installer=user,
        home=company,
        fields=wish.fields,
        chooser=chooser,
        elsewhere=_elsewhere(emulator, wish, user),
    )


async def decide(request: Request, emulator: Emulator) -> Response:
    """Allow and install, or Cancel: either way back to the app."""
    user, fields = user_of(request, emulator), await read_form(request)
    if user is None or request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return _refusal(AuthorizeRefused(403, "Sign in and decide on the consent page itself"))
    try:
        wish = read_wish(emulator, fields)
    except AuthorizeRefused as refused:
        return _refusal(refused)
    if not wish.app.is_visible(user.company_id):
        return _refusal(AuthorizeRefused(404, "App not found"))
    if fields.get("decision") != "allow":
        return RedirectResponse(wish.answered(**_denial(emulator)), status_code=302)
    code = emulator.oauth.issue_code(wish.app, user, wish.redirect_uri)
    return RedirectResponse(wish.answered(code=code), status_code=302)


def _denial(emulator: Emulator) -> dict[str, str]:
    described = emulator.switches.get("deny_description") == "yes"
    description = {"error_description": "The user denied access"} if described else {}
    return {"error": emulator.switches.get("deny_error")} | description


@dataclass(frozen=True, slots=True)
class _Choice:
    user: User
    url: str


def _elsewhere(emulator: Emulator, wish: Wish, user: User) -> list[tuple[str, str]]:
    """Names of the other companies in which the same person is a user, and the way to consent there."""
    others = [one for one in emulator.world.users() if one.email == user.email and one != user and one.active]
    companies = [(emulator.world.company(one.company_id), one) for one in others]
    return [(company.name, _entry(emulator, wish, one)) for company, one in companies if company]


def _entry(emulator: Emulator, wish: Wish, user: User) -> str:
    """On the company's own host, so that the session cookie is that host's."""
    company = emulator.world.company(user.company_id)
    host = emulator.addresses.company(company) if company else ""
    return host + wish.consent_url(login_as=str(user.id))


def _signed_in(request: Request, emulator: Emulator, wish: Wish, user_id: str, chooser: str) -> Response:
    company = company_of(request, emulator)
    user = emulator.world.user(whole_number(user_id))
    if company is None or user is None or user.company_id != company.id or not user.active:
        return RedirectResponse(chooser, status_code=302)
    response = RedirectResponse(wish.consent_url(), status_code=302)
    sign_in(response, user)
    return response


def _refusal(refused: AuthorizeRefused) -> Response:
    return JSONResponse({"error": refused.error}, refused.status)
