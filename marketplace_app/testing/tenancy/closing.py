"""Before all attacks: that the scan sees what it looks for. After them: all that was written meanwhile."""

import base64

from marketplace_app.testing.tenancy.attempt import Attempt, TenancyBroken
from marketplace_app.testing.tenancy.scanning import MARK, mark
from marketplace_app.testing.tenancy.visits import Visits


def scan_would_notice(visits: Visits) -> None:
    """The other company's records hold its marks, and each secret is found plain, escaped and wrapped."""
    stage, blind = visits.stage, []
    for person, stranger in ((stage.owner, stage.other), (stage.other, stage.owner)):
        text = str(stage.app.control.call(person, "GET", "/api/v2/deals?limit=500"))
        if not stage.scan.strange_in(text, stranger.domain, may_see_hidden=True):
            blind.append(f"The deals of {person.domain} hold no mark.")
    hidden = mark(stage.owner.domain, "x", is_hidden=True)
    if not stage.scan.strange_in(hidden, stage.owner.domain, may_see_hidden=False):
        blind.append("A hidden record would not be noticed.")
    for name, value in stage.scan.secrets.items():
        forms = (value, base64.b64encode(f"x {value} x x".encode()).decode())
        seen = [name in stage.scan.secrets_in(f"<p>{form}</p>") for form in forms]
        blind += [] if all(seen) else [f"{name} would not be noticed."]
    if blind:
        raise TenancyBroken(blind)


def after_uninstalling(visits: Visits) -> None:
    """A colleague who had the app and gave it up: from then on as if there had never been one.

    The first use of any surface finds out, whether its handler asks Pipedrive or not.
    """
    stage, gone = visits.stage, visits.stage.colleague
    routes = [(route, visits.rightful(route, gone)[0]) for route in stage.routes]
    stage.app.control.uninstall(stage.app.client_id, gone)
    for _, asked in routes:
        visits.send(asked)
    with Attempt(stage) as attempt:
        for route, asked in routes:
            fresh = asked.with_token(stage.token(route.surface, gone))
            attempt.ask(fresh, refused_with=[route.status_without_installation])


def everything_written(visits: Visits) -> None:
    """The whole log of the app, and all that the store and the spool have on disk."""
    stage, found = visits.stage, []
    folder = stage.app.local.plan.folder
    written = [stage.app.local.plan.log("serve")]
    written += [file for name in ("valkey", "spool") for file in (folder / name).rglob("*") if file.is_file()]
    for file in written:
        text = file.read_bytes().decode("latin-1")
        found += [f"{file.name} holds {name}." for name in sorted(stage.scan.plain_secrets_in(text))]
        if file.name != "serve.log" and MARK.search(text):
            found.append(f"{file.name} holds records of companies in the clear.")
    if found:
        raise TenancyBroken(found)
