"""The command line. Each command is a module of its own and imports what it needs when it runs."""

import typer

from marketplace_app.cli import installations, jobs, keys, new
from marketplace_app.cli.check import check
from marketplace_app.cli.demo import demo
from marketplace_app.cli.serve import serve
from marketplace_app.cli.worker import worker


def build() -> typer.Typer:
    commands = typer.Typer(
        name="marketplace-app",
        help="A backend for Pipedrive Marketplace apps. docs/configuration.md lists the settings.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,  # its tracebacks show local variables, and those hold secrets
    )
    for command in (demo, serve, worker, check):
        commands.command()(command)
    commands.add_typer(new.build(), name="new", no_args_is_help=True)
    commands.add_typer(installations.build(), name="installations", no_args_is_help=True)
    commands.add_typer(jobs.build(), name="jobs")
    commands.add_typer(keys.build(), name="keys", no_args_is_help=True)
    return commands


def main() -> None:
    build()()
