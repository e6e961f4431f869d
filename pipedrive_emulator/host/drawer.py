"""The developer drawer's view of the ledger: what happened in this company, newest part first known.

The postMessages between the page and the iframes never reach the server; the page's own scripts add them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import JSONResponse, Response

from pipedrive_emulator.host.as_user import Refused
from pipedrive_emulator.host.budget import budget_of
from pipedrive_emulator.host.drawer_curl import curl_of
from pipedrive_emulator.host.drawer_words import hint_of, kind_of, result_of, title_of, tone_of
from pipedrive_emulator.host.visit import Visit
from pipedrive_emulator.ledger import Entry, Ledger
from pipedrive_emulator.numbers import whole_number

MOST_ROWS = 300

# Shown in columns of their own, or of no use to a reader.
_IN_COLUMNS = {"n", "at", "kind", "company_id", "client_id", "status", "cost", "milliseconds"}

Dated = tuple[Entry, float]


async def drawer(visit: Visit) -> Response:
    """``{rows, last, apps, budget, ahead}``; ``?since=N`` leaves out what the page knows already.

    ``apps`` are names by client id; ``ahead``: from the machine's UTC to the user's wall, in ms.
    """
    since = whole_number(visit.request.query_params.get("since", "0"))
    if since is None:
        raise Refused(400, "since is the number of the last entry that you know, or 0.")
    emulator = visit.emulator
    entries = _news(emulator.ledger, since)
    pairs = dated(entries, emulator.clock.now(), emulator.clock.real())
    mine = [pair for pair in pairs if pair[0]["company_id"] in (visit.company.id, None)]
    return JSONResponse(
        {
            "rows": [_row(visit, *pair) for pair in mine[-MOST_ROWS:]],
            "last": entries[-1]["n"] if entries else since,
            "apps": {app.client_id: app.name for app in emulator.apps.all()},
            "budget": budget_of(visit),
            "ahead": _ahead(visit),
        }
    )


def _news(ledger: Ledger, since: int) -> list[Entry]:
    """What follows ``since``; everything when that is no entry (any more): the numbers began anew."""
    known = ledger.entries(max(since - 1, 0))
    if since and known and known[0]["n"] == since:
        return known[1:]
    return ledger.entries()


def dated(entries: Sequence[Entry], now: float, real: float) -> list[Dated]:
    """Each with the real time at which it was written: journeys of the clock are taken out again.

    The page needs it to put its messages, which it dates by the browser's clock, between the entries.
    """
    found: list[Dated] = []
    ahead, bound = now - real, real
    for entry in reversed(entries):
        bound = min(bound, entry["at"] - ahead)
        found.append((entry, bound))
        if entry["kind"] == "clock":
            ahead -= entry["advance_seconds"]
    return found[::-1]


def _row(visit: Visit, entry: Entry, real_at: float) -> dict[str, Any]:
    client_id = entry.get("client_id")
    app = visit.emulator.apps.by_client_id(client_id) if client_id else None
    return {
        "key": f"n{entry['n']}",
        "at": round(real_at * 1000, 3),
        "time": _clock(entry["at"], visit.user.time_zone),
        "group": kind_of(entry).group,
        "title": title_of(entry),
        "app": app.name if app else client_id or ("API token" if entry.get("token") else ""),
        "result": result_of(entry),
        "tone": tone_of(entry),
        "cost": entry.get("cost"),
        "ms": _milliseconds(entry),
        "hint": hint_of(entry),
        "facts": list(_facts(visit, entry)),
        "curl": curl_of(entry, visit.emulator.addresses.api),
    }


def _facts(visit: Visit, entry: Entry) -> Iterable[tuple[str, Any]]:
    yield "entry", f"{entry['n']}, {entry['kind']}"
    for name, value in entry.items():
        if name in _IN_COLUMNS or value in (None, "", []):
            continue
        yield name.replace("_", " "), _named(visit, name, value)
    if entry.get("client_id"):
        yield "client id", entry["client_id"]


def _named(visit: Visit, name: str, value: Any) -> Any:
    if name == "user_id":
        return f"{visit.names().get(value, 'unknown')} ({value})"
    if name.endswith("_at") and isinstance(value, float):
        return datetime.fromtimestamp(value, UTC).isoformat(timespec="milliseconds")
    return value


def _milliseconds(entry: Entry) -> int | None:
    if "ended_at" in entry:
        seconds: float = entry["ended_at"] - entry["started_at"]
        return round(seconds * 1000)
    known: int | None = entry.get("milliseconds")
    return known


def _ahead(visit: Visit) -> int:
    clock = visit.emulator.clock
    real = clock.real()
    local = datetime.fromtimestamp(clock.now(), ZoneInfo(visit.user.time_zone))
    return round((local.replace(tzinfo=UTC).timestamp() - real) * 1000)


def _clock(at: float, zone: str) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%H:%M:%S.%f")[:-3]
