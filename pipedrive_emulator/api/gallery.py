"""Pictures over HTTP, to anyone: their names are hard to guess. Each size is the picture as it was sent."""

import base64

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pipedrive_emulator.api.rules.pictures import CONTENTS
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.numbers import whole_number


def routes(emulator: Emulator) -> list[BaseRoute]:
    async def endpoint(request: Request) -> Response:
        company = emulator.world.company(whole_number(request.path_params["company_id"]) or 0)
        name = request.path_params["name"].partition("_")[0]
        kept = emulator.world.records(company.id).find(CONTENTS, name) if company else None
        if kept is None:
            return PlainTextResponse("There is no such picture.", 404)
        return Response(base64.b64decode(kept["content"]), media_type=kept["media_type"])

    return [Route("/pictures/{company_id}/{name}", endpoint, methods=["GET"])]
