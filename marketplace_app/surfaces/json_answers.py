"""How a JSON panel and a JSON modal tell that something went wrong, in the words of every other surface.

No answer has a status of 500 and above: Pipedrive's server is told in its own form, and what stands between
the two may put a page of its own in the place of such an answer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from marketplace_app.domain.message import Message, say
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import InstallationError, MarketplaceAppError
from marketplace_app.kit import Words
from marketplace_app.kit.json_panel import MOST_TITLE, ErrorCard, WebLink
from marketplace_app.logs import logger
from marketplace_app.web.errors import Row, row_of

LONGEST_SECONDS = 9.0  # Pipedrive waits for ten
_FAILED_DEPENDENCY = 424  # what the answer needs failed: Pipedrive's API, our store, the extension's own code
_REFUSED = 400  # of each sentence that a JSON modal shows above its form
_UNAUTHORIZED = 401  # Pipedrive shows "lost connection", with a button that leads to the consent
_OURS = 500
_CONNECT = say("Connect")
_SLOW = Row(
    _FAILED_DEPENDENCY, say("This takes too long"), say("The answer was not ready in time. Try again.")
)


_log = logger("surfaces")


class TooSlow(Exception):
    """The handler has no answer yet, and Pipedrive waits no longer."""


@dataclass(frozen=True, slots=True)
class Stands:
    """`title` of the surface, and where its viewer may connect the app."""

    title: str
    install_url: str


async def in_time(
    request: Request,
    surface: Surface,
    work: Callable[[], Awaitable[Response]],
    told: Callable[[Exception, str], Response],
    passing: tuple[type[Exception], ...] = (),
) -> Response:
    """Whatever happens, an answer that Pipedrive can draw, and in time; `told` draws what went wrong.

    Only what is `passing` goes on as it is.
    """
    reference = request.scope.get("reference", "")
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await work()
    except passing:
        raise
    except MarketplaceAppError as error:
        _log.info("refused", reason=error.reason, detail=str(error), reference=reference)
        problem: Exception = error
    except TimeoutError:
        _log.warning("too slow", surface=surface.name, reference=reference)
        problem = TooSlow()
    except Exception as error:  # noqa: BLE001 (see above)
        _log.exception("broken", reference=reference)
        problem = error
    return told(problem, reference)


def answer(body: Any, status: int = 200) -> Response:
    return Response(msgspec.json.encode(body), status, media_type="application/json")


def card(error: Exception, words: Words, stands: Stands, reference: str) -> Response:
    """An error card. A title that is too long for one begins the text below it."""
    row = _row(error)
    title, text = words.say(row.title), getattr(error, "told", "") or words.say(row.advice)
    if len(title) > MOST_TITLE:
        title, text = stands.title, f"{title}. {text}"
    action = (
        WebLink(stands.install_url, words.say(_CONNECT)) if isinstance(error, InstallationError) else None
    )
    shown = ErrorCard(title, _with_reference(text, row, reference), action)
    return answer(shown.encode(), _below_500(row.status))


def sentence(error: Exception, words: Words, reference: str) -> Response:
    """Above the form of a JSON modal; or that the connection is lost."""
    row = _row(error)
    text = getattr(error, "told", "") or f"{words.say(row.title)}. {words.say(row.advice)}"
    is_unknown = isinstance(error, InstallationError) or row.status == _UNAUTHORIZED
    return answer(message(_with_reference(text, row, reference)), _UNAUTHORIZED if is_unknown else _REFUSED)


def said(text: object, words: Words) -> str:
    """A field's sentence, as a handler may give it."""
    return words.say(text) if isinstance(text, Message) else str(text)


def message(text: str) -> dict[str, Any]:
    return {"error": {"message": text}}


def _row(error: Exception) -> Row:
    return _SLOW if isinstance(error, TooSlow) else row_of(error)


def _below_500(status: int) -> int:
    return status if status < _OURS else _FAILED_DEPENDENCY


def _with_reference(text: str, row: Row, reference: str) -> str:
    """What is ours to mend is found in the log by it."""
    return f"{text} ({reference})" if reference and row.status >= _OURS else text


def own_card(given: ErrorCard) -> Response:
    """One that a handler gave instead of rows."""
    return answer(given.encode(), _REFUSED)
