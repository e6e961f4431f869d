"""`marketplace-app new ...`: a surface, an action of one, or a whole app, ready to be changed."""

import typer

from marketplace_app.cli.new.commands import SURFACES, action, app, command_of


def build() -> typer.Typer:
    commands = typer.Typer(
        help="Write a new app, surface or action: code, template, test and manifest entry."
    )
    commands.command("app")(app)
    commands.command("action")(action)
    for surface in SURFACES:
        commands.command(surface.command, help=surface.help)(command_of(surface))
    return commands
