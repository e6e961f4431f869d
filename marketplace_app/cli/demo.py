from typing import Annotated

import typer


def demo(
    port: Annotated[int, typer.Option(help="Port of the app.")] = 8000,
    emulator_port: Annotated[int, typer.Option(help="Port of the emulated Pipedrive.")] = 8100,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the deal.")] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget the data of earlier runs.")] = False,
) -> None:
    """Run the app beside an emulated Pipedrive on this machine, installed and ready to click."""
