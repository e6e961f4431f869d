"""What the operator's commands share: the objects of a process, and errors as one sentence with an exit code.

0: done. 1: something was found that needs the operator. 2: settings. 3: Redis or Pipedrive did not answer.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import NoReturn, TypeVar

import typer

from marketplace_app import logs
from marketplace_app.cli.configuration import exit_with, settings_or_exit
from marketplace_app.composition import Composition
from marketplace_app.errors import ConfigurationError, MarketplaceAppError, PipedriveError, StorageError

FOUND, UNANSWERED = 1, 3
T = TypeVar("T")


def operate(work: Callable[[Composition], Awaitable[T]]) -> T:
    """Runs the work with the settings of the environment; ends the command when it cannot be done."""
    logs.configure()
    settings = settings_or_exit()
    try:
        return asyncio.run(_run(lambda: Composition.of(settings), work))
    except ConfigurationError as error:
        exit_with(error)
    except MarketplaceAppError as error:
        stop(f"{error}.", UNANSWERED if isinstance(error, (StorageError, PipedriveError)) else FOUND)
    except OSError as error:
        stop(f"SPOOL_DIR: {error.strerror}.", FOUND)


async def _run(make: Callable[[], Composition], work: Callable[[Composition], Awaitable[T]]) -> T:
    parts = make()
    try:
        async with parts.transport:
            return await work(parts)
    finally:
        await parts.installations.finish()
        await parts.close()


def stop(sentence: str, code: int) -> NoReturn:
    print(sentence[:1].upper() + sentence[1:], file=sys.stderr)
    raise typer.Exit(code)
