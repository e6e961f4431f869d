"""The pages that a browser sees."""

from starlette.routing import BaseRoute

from pipedrive_emulator.emulator import Emulator


def routes(emulator: Emulator) -> list[BaseRoute]:  # noqa: ARG001 - pages follow
    return []
