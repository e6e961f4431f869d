"""Settings and manifest from the environment, or every problem of theirs and exit 2."""

import os
import sys
from typing import NoReturn

import typer

from marketplace_app.domain.manifest import Manifest
from marketplace_app.errors import ConfigurationError
from marketplace_app.settings import Settings

MISCONFIGURED = 2


def settings_or_exit() -> Settings:
    try:
        return Settings.from_mapping(os.environ)
    except ConfigurationError as error:
        exit_with(error)


def settings_read_again() -> Settings | None:
    """After SIGHUP. None, and a line in the log, when nothing would start with them: then go on as before."""
    from marketplace_app.composition import Composition
    from marketplace_app.logs import logger

    try:
        settings = Settings.from_mapping(os.environ)
        Composition.of(settings)
    except ConfigurationError as error:
        advice = "it goes on as before: mend them and send SIGHUP again"
        logger("settings").error("settings refused", problems=error.problems, advice=advice)
        return None
    return settings


def manifest_or_exit(settings: Settings) -> Manifest:
    try:
        return Manifest.load(settings.manifest)
    except ConfigurationError as error:
        exit_with(error)


def exit_with(error: ConfigurationError) -> NoReturn:
    count = len(error.problems)
    print(f"Not started: {count} problem{'s' if count > 1 else ''} to solve first.", file=sys.stderr)
    for problem in error.problems:
        print(f"- {problem}", file=sys.stderr)
    raise typer.Exit(MISCONFIGURED)
