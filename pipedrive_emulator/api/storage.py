"""Where a download leads when it redirects: the file, for anyone who knows its long storage name."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pipedrive_emulator.api.rules.files import content_of
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.file_shapes import CONTENTS


def routes(emulator: Emulator) -> list[BaseRoute]:
    async def endpoint(request: Request) -> Response:
        company_id = whole_number(request.path_params["company_id"])
        company = emulator.world.company(company_id) if company_id is not None else None
        if company is None:
            return _nothing()
        records = emulator.world.records(company.id)
        for file in records.where("files", "file_name", request.path_params["name"]):
            kept = records.find(CONTENTS, file["id"])
            if kept is not None and not file["is_deleted"]:
                content = content_of(file, kept)
                return Response(content.content, 200, dict(content.headers), content.media_type)
        return _nothing()

    return [Route("/storage/{company_id}/{name}", endpoint, methods=["GET"])]


def _nothing() -> Response:
    return PlainTextResponse("There is no such file.", 404)
