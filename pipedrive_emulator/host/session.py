"""Who is signed in to a company's pages: one cookie, on that company's host only.

Signing in asks for no password, so the cookie needs no signature. It names no domain and is set on
``<company>.localhost`` alone; a browser therefore never sends it to an app on another host.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.company import Company, User

COOKIE = "pipedrive_emulator_user"


def company_of(request: HTTPConnection, emulator: Emulator) -> Company | None:
    """The company whose page this is, told by the Host header; None on the API's own host."""
    host = request.headers.get("host", "").partition(":")[0].lower()
    label, _, rest = host.partition(".")
    return emulator.world.company_by_domain(label) if rest == "localhost" else None


def user_of(request: HTTPConnection, emulator: Emulator) -> User | None:
    """The signed-in user, provided that this is a user of the company whose page is asked for."""
    company = company_of(request, emulator)
    user = emulator.world.user(whole_number(request.cookies.get(COOKIE, "")))
    if company is None or user is None or user.company_id != company.id or not user.active:
        return None
    return user


def sign_in(response: Response, user: User) -> None:
    response.set_cookie(COOKIE, str(user.id), path="/", httponly=True, samesite="lax")


def sign_out(response: Response) -> None:
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")
