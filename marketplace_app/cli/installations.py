"""`installations`: look at a company's, end one, or forget the whole company. No token is ever shown."""

import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from marketplace_app.composition import Composition
    from marketplace_app.domain.ids import CompanyId
    from marketplace_app.domain.principal import Principal
    from marketplace_app.installations.forgetting import Forgotten
    from marketplace_app.storage.installations import InstallationStore

_LAST_ID = 2**53
Company = Annotated[int, typer.Argument(min=1, max=_LAST_ID, help="Pipedrive's id of the company.")]
User = Annotated[int, typer.Argument(min=1, max=_LAST_ID, help="Pipedrive's id of the user.")]


def build() -> typer.Typer:
    commands = typer.Typer(help="Installations, by company. docs/operations.md says when to do what.")
    for command in (show, revoke, forget):
        commands.command()(command)
    return commands


def show(company: Company) -> None:
    """List a company's installations: state, times, scopes. Exit code 1 when there is none."""
    from marketplace_app.cli.operating import FOUND, operate, stop
    from marketplace_app.domain.ids import CompanyId

    lines = operate(lambda parts: _described(parts, CompanyId(company)))
    if not lines:
        stop(f"Nothing is stored of company {company}.", FOUND)
    print("\n".join(lines))


def revoke(company: Company, user: User) -> None:
    """End one user's installation: Pipedrive is told first. App data stay for the time of grace."""
    from marketplace_app.cli.operating import operate
    from marketplace_app.domain.ids import CompanyId, UserId
    from marketplace_app.domain.principal import Principal

    operate(lambda parts: parts.installations.revoke(Principal(CompanyId(company), UserId(user))))
    print(f"The installation of user {user} in company {company} is over, here and at Pipedrive.")


def forget(
    company: Company,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Needed: this cannot be undone.")] = False,
) -> None:
    """End all installations of a company and remove everything of it at once, without grace."""
    from marketplace_app.cli.operating import FOUND, operate, stop
    from marketplace_app.domain.ids import CompanyId

    if not yes:
        stop(f"This removes everything of company {company} for good. Say --yes if that is meant.", FOUND)
    done = operate(lambda parts: _forgetting(parts, CompanyId(company)))
    if not done.was_there and not done.unacknowledged:
        stop(f"Nothing is stored of company {company}.", FOUND)
    print(
        f"Company {company} is forgotten: {len(done.users)} users, {done.keys} keys of Redis, "
        f"{done.entries} entries of this machine's journal."
    )
    if done.unacknowledged:
        print(
            f"It may come back when a server of Redis fails: {done.unacknowledged}. Run this again.",
            file=sys.stderr,
        )
    if done.unsettled:
        print(
            f"{done.unsettled} consents wait for Pipedrive on this machine, and one may be this company's: "
            "run this again when the reason journal_waiting is gone.",
            file=sys.stderr,
        )
    for user, reason in done.untold.items():
        print(f"Pipedrive was not told of user {user}: {reason}.", file=sys.stderr)
    if done.untold:
        stop("Their grants end when they uninstall the app in Pipedrive, or unused after 60 days.", FOUND)
    if done.unacknowledged or done.unsettled:
        raise typer.Exit(FOUND)


async def _forgetting(parts: "Composition", company_id: "CompanyId") -> "Forgotten":
    from marketplace_app.installations.forgetting import Forgetting

    forgetting = Forgetting(
        parts.store, parts.connection, parts.journal, parts.installations.revoke, parts.clock
    )
    await parts.installations.replay.once()  # a consent that waits would bring the company back tomorrow
    return await forgetting.forget(company_id)


async def _described(parts: "Composition", company_id: "CompanyId") -> list[str]:
    """Two or three lines for each user; names of people stay out of it."""
    from marketplace_app.domain.principal import Principal
    from marketplace_app.errors import TokenUnreadable

    store, lines = parts.store, []
    for user_id in sorted(await store.users_of(company_id)):
        principal = Principal(company_id, user_id)
        standing = await store.standing(principal)
        if standing is None:
            continue
        since = f" since {_time(standing.since)}" if standing.since else ""
        lines.append(f"user {user_id}: {standing.state}{since}, generation {standing.generation}")
        try:
            lines += await _grant(store, principal)
        except TokenUnreadable as error:
            lines.append(f"    does not open: {error}")
    return lines


async def _grant(store: "InstallationStore", principal: "Principal") -> list[str]:
    found = await store.find(principal)
    if found is None:
        return []
    tokens, rank = found.tokens, ", an admin" if found.profile.is_admin else ""
    times = f"renewed {_time(tokens.obtained_at)}, access until {_time(tokens.expires_at)}"
    return [
        f"    installed {_time(found.installed_at)}{rank}, last used {_time(tokens.used_at)}",
        f"    {times}, {tokens.api_domain}",
        f"    scopes: {', '.join(tokens.scopes) or 'none named'}",
    ]


def _time(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at)) if at else "never"
