"""Composition root of the worker process: the same objects, work that no request waits for."""

import asyncio

from marketplace_app.beside import beside
from marketplace_app.composition import Composition, load_declared
from marketplace_app.domain.installation import Installation
from marketplace_app.errors import MarketplaceAppError
from marketplace_app.installations import Installations
from marketplace_app.jobs.attempts import Attempts
from marketplace_app.jobs.runner import Runner
from marketplace_app.kit.job_declaring import JobContext
from marketplace_app.logs import logger
from marketplace_app.means import jobs_of, means_with
from marketplace_app.settings import Settings
from marketplace_app.storage.durability import tell_durability
from marketplace_app.storage.jobs import JobRecord
from marketplace_app.web.words import use_catalogs

_PAUSE_SECONDS = 2.0


async def run(settings: Settings, told: asyncio.Event) -> None:
    """Until it is told to stop; what was begun is finished first. Raises ConfigurationError."""
    parts = Composition.of(settings)
    jobs = runner_of(parts)
    log = logger("worker")
    log.info("started")
    async with (
        parts.transport,
        beside(parts.installations.replay.run()),
        beside(tell_durability(parts.connection)),
        beside(_stop_renewing(parts.installations, told)),
        beside(jobs.run(told)),
    ):
        while not told.is_set():
            pause = 0 if await _rounds(parts) else _PAUSE_SECONDS
            try:
                await asyncio.wait_for(told.wait(), pause)
            except TimeoutError:
                continue
        await asyncio.gather(jobs.finish(), parts.installations.finish())
    await parts.close()
    log.info("stopped")


def runner_of(parts: Composition) -> Runner:
    """For the jobs that EXTENSIONS declares. Raises ConfigurationError."""
    jobs = jobs_of(parts, load_declared(parts.settings.extensions))
    means_of = means_with(parts, jobs)
    use_catalogs(parts.settings.locales)

    def context_of(installation: Installation, record: JobRecord) -> JobContext:
        means = means_of(record.extension, installation)
        return JobContext(
            id=record.id,
            attempt=record.attempts,
            viewer=means.viewer,
            words=means.words,
            now=means.now,
            pipedrive=means.pipedrive,
            settings=means.settings,
            channels=means.channels,
            jobs=means.jobs,
        )

    log = logger("jobs")
    return Runner(jobs, Attempts(jobs, parts.installations, context_of, log), parts.points, log)


async def _stop_renewing(installations: Installations, told: asyncio.Event) -> None:
    """At once, whatever the rounds are in the middle of."""
    await told.wait()
    installations.stop()


async def _rounds(parts: Composition) -> int:
    """Look after the installations that are due; how many there were."""
    try:
        visited = await parts.installations.rounds.visit_due()
    except MarketplaceAppError as error:
        logger("worker").warning("will try again", reason=error.reason, detail=str(error))
        return 0
    except Exception:  # noqa: BLE001 (what broke once must not end the jobs and the journal too)
        logger("worker").exception("rounds broke")
        return 0
    if visited:
        logger("worker").info("rounds", visited=visited)
    return visited
