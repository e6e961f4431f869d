"""`jobs`: what actions have put off, and what became a dead letter. What a job was given is never shown."""

import time
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from marketplace_app.composition import Composition
    from marketplace_app.domain.ids import CompanyId
    from marketplace_app.jobs.letters import DeadLetter, Retried
    from marketplace_app.storage.jobs import Lines

_LAST_ID = 2**53
Company = Annotated[int, typer.Option(min=1, max=_LAST_ID, help="Pipedrive's id of the company.")]
JobId = Annotated[str, typer.Argument(help="As `jobs dead` and the log have it.", show_default=False)]


def build() -> typer.Typer:
    commands = typer.Typer(help="Work that is put off. docs/operations.md says when to do what.")
    commands.callback(invoke_without_command=True)(counts)
    for command in (dead, retry, drop, run):
        commands.command()(command)
    return commands


def counts(context: typer.Context) -> None:
    """Without a command: how many wait, run and are dead, in all companies."""
    from marketplace_app.cli.operating import operate

    if context.invoked_subcommand is not None:
        return
    waiting = running = buried = 0
    oldest: float | None = None
    for lines in operate(_counted):
        waiting, running, buried = waiting + lines.waiting, running + lines.running, buried + lines.dead
        if lines.first_due_at is not None:
            oldest = min(oldest or lines.first_due_at, lines.first_due_at)
    if not (waiting or running or buried):
        print("There are no jobs.")
        return
    first = "" if oldest is None else f", the first due {_time(oldest)}"
    print(f"{waiting} waiting{first}; {running} running; {buried} dead.")


def dead(company: Company) -> None:
    """List a company's dead letters: id, extension, job, reason, when. Exit code 1 when there is one."""
    from marketplace_app.cli.operating import FOUND, operate

    letters = operate(lambda parts: _letters(parts, company))
    if not letters:
        print(f"Company {company} has no dead letters.")
        return
    for letter in letters:
        print(f"{letter.id}  {letter.extension} {letter.name}: {letter.reason}, {_time(letter.at)}")
    raise typer.Exit(FOUND)


def retry(
    job: Annotated[str, typer.Argument(help="As `jobs dead` has it.", show_default=False)] = "",
    *,
    every: Annotated[bool, typer.Option("--all", help="All of the company that --company names.")] = False,
    company: Annotated[int, typer.Option(min=0, max=_LAST_ID, help="With --all.")] = 0,
) -> None:
    """Let dead letters be jobs again, due now, with all their attempts."""
    from marketplace_app.cli.operating import FOUND, operate, stop

    if every == bool(job) or every != bool(company):
        stop("Say the id of a dead letter, or --all --company ID.", 2)
    done = operate(lambda parts: _retried(parts, job, company))
    for job_id, why in done.refused.items():
        print(f"{job_id}: {why}.")
    if not done.ids and not done.refused:
        stop(f"Company {company} has no dead letters.", FOUND)
    if done.ids:
        print(f"{len(done.ids)} due now: {', '.join(done.ids)}")
    if done.refused:
        raise typer.Exit(FOUND)


def drop(job: JobId) -> None:
    """Forget a dead letter, or a job that waits. One that runs is left alone."""
    from marketplace_app.cli.operating import FOUND, operate, stop

    if not operate(lambda parts: _dropped(parts, job)):
        stop(f"No job {job} waits or is dead.", FOUND)
    print(f"{job} is gone.")


def run() -> None:
    """Do what is due now, what it adds included, and end: what the worker does all the time."""
    from marketplace_app.cli.operating import operate

    done = operate(_run_due)
    print(f"{done.get('done', 0)} done; {done.get('put off', 0)} put off; {done.get('dead', 0)} dead.")


async def _counted(parts: "Composition") -> "list[Lines]":
    from marketplace_app.storage.job_companies import JobCompanies
    from marketplace_app.storage.jobs import JobStore

    store = JobStore(parts.connection, parts.vault)
    return [await store.lines(each) for each in await JobCompanies(parts.connection).all()]


async def _letters(parts: "Composition", company: int) -> "list[DeadLetter]":
    from marketplace_app.jobs.letters import DeadLetters

    return await DeadLetters.of(parts.connection, parts.vault, parts.clock).all(_company(company))


async def _retried(parts: "Composition", job: str, company: int) -> "Retried":
    from marketplace_app.jobs.letters import DeadLetters

    letters = DeadLetters.of(parts.connection, parts.vault, parts.clock)
    return await (letters.retry(job) if job else letters.retry_all(_company(company)))


async def _dropped(parts: "Composition", job: str) -> bool:
    from marketplace_app.jobs.letters import DeadLetters

    return await DeadLetters.of(parts.connection, parts.vault, parts.clock).drop(job)


async def _run_due(parts: "Composition") -> dict[str, int]:
    from marketplace_app.worker import runner_of

    runner = runner_of(parts)
    await runner.run_due()
    return dict(runner.counts)


def _company(number: int) -> "CompanyId":
    from marketplace_app.domain.ids import CompanyId

    return CompanyId(number)


def _time(at: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
