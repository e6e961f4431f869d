"""One request of a signed-in user, and the two doors that let only such requests in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.host.as_user import AsUser, Refused
from pipedrive_emulator.host.extensions import floating_windows
from pipedrive_emulator.host.revision import revision_for
from pipedrive_emulator.host.session import company_of, user_of
from pipedrive_emulator.host.view import View
from pipedrive_emulator.host.wording import Wording
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world import Company, User

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Visit:
    emulator: Emulator
    view: View
    request: Request
    company: Company
    user: User

    @property
    def api(self) -> AsUser:
        return AsUser(self.emulator, self.user)

    @property
    def wording(self) -> Wording:
        return Wording.for_user(self.user, self.emulator.clock.now())

    @property
    def theme(self) -> str:
        return "dark" if self.request.cookies.get(theme_cookie(self.user)) == "dark" else "light"

    @property
    def record_id(self) -> int:
        """The id in the path; raises Refused(404) for what cannot be one."""
        record_id = whole_number(self.request.path_params["record"])
        if record_id is None:
            raise Refused(404, "A record's id is a number. Go back to the list and choose one.")
        return record_id

    def names(self) -> dict[int, str]:
        """Every user of the company by id; owners of records are looked up here."""
        return {user.id: user.name for user in self.emulator.world.users(self.company.id)}

    def page(self, template: str, **context: Any) -> HTMLResponse:
        return self.view.page(template, **self._around(), **context)

    def notice(self, title: str, sentence: str, status: int = 404) -> HTMLResponse:
        return self.view.notice(title, sentence, status=status, **self._around())

    def missing(self, kind: str) -> HTMLResponse:
        """For a record that is not there, or not for this user: the two look alike on purpose."""
        sentence = (
            f"This {kind} does not exist in {self.company.name}, or {self.user.name} may not see it. "
            "Switch the user at the top right, or go back to the list."
        )
        return self.notice(f"No such {kind}", sentence)

    def _around(self) -> dict[str, Any]:
        windows = floating_windows(self.emulator, self.user)
        colleagues = [user for user in self.emulator.world.users(self.company.id) if user.active]
        return {
            "company": self.company,
            "user": self.user,
            "colleagues": colleagues,
            "theme": self.theme,
            "revision": revision_for(self.emulator, self.user),
            "path": self.request.url.path,
            "floaters": windows,
            "phone_apps": [one for one in windows if "phone" in one.surface.entry_points],
        }


Handler = Callable[[Visit], Awaitable[Response]]


def theme_cookie(user: User) -> str:
    return f"pipedrive_emulator_theme_{user.id}"


def page_door(emulator: Emulator, view: View, handler: Handler) -> Endpoint:
    """Pages: an unknown company and a visitor who is not signed in are shown where to go."""

    async def endpoint(request: Request) -> Response:
        company, user = company_of(request, emulator), user_of(request, emulator)
        if company is None:
            return RedirectResponse("/", status_code=303)
        if user is None:
            asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?next={quote(asked, safe='/')}", status_code=303)
        visit = Visit(emulator, view, request, company, user)
        try:
            return await handler(visit)
        except Refused as refused:
            return visit.notice("That did not work", str(refused), refused.status)

    return endpoint


def script_door(emulator: Emulator, view: View, handler: Handler) -> Endpoint:
    """What the page's own scripts call: refusals are JSON, other sites are kept out."""

    async def endpoint(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "same-origin") != "same-origin":
            return _refusal(403, "Only the emulator's own pages may call this address.")
        company, user = company_of(request, emulator), user_of(request, emulator)
        if company is None or user is None:
            return _refusal(401, "You are not signed in any more. Reload the page.")
        try:
            return await handler(Visit(emulator, view, request, company, user))
        except Refused as refused:
            return _refusal(refused.status, str(refused))

    return endpoint


def _refusal(status: int, sentence: str) -> JSONResponse:
    return JSONResponse({"error": sentence}, status_code=status)
