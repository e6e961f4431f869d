"""Before anybody is signed in: the list of companies, and "log in as"."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.host.session import company_of, sign_in, sign_out
from pipedrive_emulator.host.view import View

Endpoint = Callable[[Request], Awaitable[Response]]


def home(emulator: Emulator, view: View) -> Endpoint:
    """A company's host leads to its deals, any other host to the list of companies."""

    async def endpoint(request: Request) -> Response:
        if company_of(request, emulator):
            return RedirectResponse("/deals", status_code=303)
        port = f":{request.url.port}" if request.url.port else ""
        links = [
            (company, f"http://{company.domain}.localhost{port}/") for company in emulator.world.companies()
        ]
        return view.page("companies.html", links=links)

    return endpoint


def log_in(emulator: Emulator, view: View) -> Endpoint:
    """``?user=ID`` signs in and goes on to ``next``; without it the company's users are listed.

    There is no password, so a link is enough: that is what makes a demo one click.
    """

    async def endpoint(request: Request) -> Response:
        company = company_of(request, emulator)
        if company is None:
            return RedirectResponse("/", status_code=303)
        onward = _local(request.query_params.get("next", ""))
        users = [user for user in emulator.world.users(company.id) if user.active]
        chosen = next((user for user in users if str(user.id) == request.query_params.get("user")), None)
        if chosen is None:
            return view.page("login.html", company=company, users=users, onward=onward)
        response = RedirectResponse(onward, status_code=303)
        sign_in(response, chosen)
        return response

    return endpoint


async def log_out(_: Request) -> Response:
    response = RedirectResponse("/login", status_code=303)
    sign_out(response)
    return response


def _local(path: str) -> str:
    """Only a path of this host; anything else could lead astray."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if is_local else "/deals"
