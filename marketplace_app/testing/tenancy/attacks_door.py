"""Who gets in: nobody without a token of this surface, and nobody as somebody else."""

import secrets

from marketplace_app.testing.tenancy.attempt import Attempt
from marketplace_app.testing.tenancy.routes import Door, Route
from marketplace_app.testing.tenancy.tokens import signed
from marketplace_app.testing.tenancy.visits import Visits

_UNAUTHORIZED, _BAD = 401, 400
_UNHEARD = (401, 404, 405)
_AGES = (311.0, 3600.0, 86400.0)  # seconds since it was issued; ten of them past its end are forgiven


def own_user(route: Route, visits: Visits) -> None:
    """The door opens for whom it is: else nothing that is refused below would mean anything."""
    for person in visits.stage.installed:
        asked, _ = visits.rightful(route, person)
        with Attempt(visits.stage, person, may_write=route.method == "POST") as attempt:
            answer = attempt.ask(asked)
            if answer.status in _UNHEARD or "not_installed" in answer.text or _asks_to_connect(answer.text):
                attempt.complain(f"{asked} was answered {answer.status} to {person.name}, who may get in.")


def no_token(route: Route, visits: Visits) -> None:
    asked, _ = visits.rightful(route, visits.stage.owner)
    bare = asked.with_token("")
    with Attempt(visits.stage) as attempt:
        for spoilt in (
            bare,
            bare.also([("token", "")]),
            bare.also([("token", "null")]),
            bare.with_headers(Authorization="Bearer "),
            bare.with_headers(Authorization=f"Basic {asked.token}"),
        ):
            attempt.ask(spoilt, refused_with=[_UNAUTHORIZED])
        misplaced = (
            bare.also([("token", asked.token)])
            if asked.is_bearer
            else bare.with_headers(Authorization=f"Bearer {asked.token}")
        )
        attempt.ask(misplaced, refused_with=[_UNAUTHORIZED])


def expired_token(route: Route, visits: Visits) -> None:
    stage = visits.stage
    asked, _ = visits.rightful(route, stage.owner)
    with Attempt(stage) as attempt:
        for age in _AGES:
            old = stage.tokens.of(stage.owner, stage.secret_of(route.surface), age=age)
            attempt.ask(asked.with_token(old), refused_with=[_UNAUTHORIZED])


def other_secret(route: Route, visits: Visits) -> None:
    """Those of all other surfaces, the app's client secret, and one that nobody knows."""
    stage, identity = visits.stage, visits.stage.app.local.identity
    asked, _ = visits.rightful(route, stage.owner)
    sharing = [
        each.name
        for each in stage.app.manifest.surfaces
        if each.jwt_secret == route.surface.jwt_secret and each.name != route.surface.name
    ]
    others = {value for name, value in identity.surface_secrets.items() if name != route.surface.jwt_secret}
    with Attempt(stage) as attempt:
        if sharing:
            attempt.complain(
                f"{route.surface.name} shares its jwt_secret with {', '.join(sharing)}: give each its own."
            )
        for secret in (*sorted(others), identity.client_secret, secrets.token_hex(32)):
            forged = stage.tokens.of(stage.owner, secret)
            attempt.ask(asked.with_token(forged), refused_with=[_UNAUTHORIZED])


def forged_token(route: Route, visits: Visits) -> None:
    """The claims changed under a good signature, unsigned, and ids that are no ids."""
    stage = visits.stage
    asked, _ = visits.rightful(route, stage.other)
    secret = stage.secret_of(route.surface)
    head, _, code = asked.token.split(".")
    victims = stage.token(route.surface, stage.owner).split(".")[1]
    times = stage.tokens.times()
    odd = [str(stage.owner.id), [stage.owner.id], True, 0, -1, 2**53 + 1, float(stage.owner.id), None]
    tokens = [f"{head}.{victims}.{code}", f"{head}.{victims}.", f"{asked.token}=", f"{asked.token}.{code}"]
    tokens += [signed({"userId": each, "companyId": stage.owner.company_id, **times}, secret) for each in odd]
    with Attempt(stage) as attempt:
        for token in tokens:
            attempt.ask(asked.with_token(token), refused_with=[_UNAUTHORIZED])


def token_of_somebody_else(route: Route, visits: Visits) -> None:
    """A good token, of another company or of a colleague, with a query that names whom it is not of."""
    stage = visits.stage
    for holder, named in (
        (stage.other, stage.owner),
        (stage.colleague, stage.owner),
        (stage.owner, stage.other),
        (stage.absent, stage.owner),
    ):
        asked, _ = visits.rightful(route, named)
        crossed = asked.with_token(stage.token(route.surface, holder))
        with Attempt(stage) as attempt:
            attempt.ask(crossed, refused_with=[_BAD])
            if holder.company_id != named.company_id:
                attempt.ask(crossed.with_query(userId=None), refused_with=[_BAD])
            attempt.ask(crossed.with_query(companyId=None), refused_with=[_BAD])


def not_installed(route: Route, visits: Visits) -> None:
    """A colleague who never installed the app, however warm it is; by every ticket that there is."""
    stage = visits.stage
    asked = visits.request(route, stage.absent)
    theirs, _ = visits.rightful(route, stage.owner)
    names = {"userId": str(stage.absent.id), "companyId": str(stage.absent.company_id)}
    stolen = theirs.with_token(stage.token(route.surface, stage.absent)).with_query(**names)
    with Attempt(stage) as attempt:
        for spoilt in (asked, stolen):
            answer = attempt.ask(spoilt, refused_with=[route.status_without_installation])
            if route.door is Door.PAGE and not _asks_to_connect(answer.text):
                attempt.complain(f"{spoilt} does not ask {stage.absent.name} to connect.")


def other_site(route: Route, visits: Visits) -> None:
    """What a hostile page can let a browser send."""
    asked, _ = visits.rightful(route, visits.stage.owner)
    with Attempt(visits.stage) as attempt:
        for spoilt in (
            asked.with_headers(Origin="https://evil.example"),
            asked.with_headers(Origin="null"),
            asked.with_headers(Sec_Fetch_Site="cross-site"),
            asked.with_headers(Sec_Fetch_Site="same-site"),
        ):
            attempt.ask(spoilt, refused_with=[_BAD])


def _asks_to_connect(html: str) -> bool:
    return 'data-state="connect"' in html
