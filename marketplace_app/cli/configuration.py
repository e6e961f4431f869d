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
