"""Where the public address of a product's image leads, without credentials, until it expires."""

import base64
import hmac
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from pipedrive_emulator.api.rules.product_images import CONTENTS, PATH, TABLE, signature
from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.numbers import whole_number
from pipedrive_emulator.world.records import Record


def routes(emulator: Emulator) -> list[BaseRoute]:
    def image(request: Request) -> tuple[Record, Record] | None:
        number = whole_number(request.path_params["company_id"])
        company = None if number is None else emulator.world.company(number)
        if company is None:
            return None
        records = emulator.world.records(company.id)
        for row in records.where(TABLE, "file_name", request.path_params["name"]):
            kept = records.find(CONTENTS, row["id"])
            if kept is not None and _is_signed(row, request.query_params, emulator.clock.now()):
                return row, kept
        return None

    async def endpoint(request: Request) -> Response:
        found = image(request)
        if found is None:
            return PlainTextResponse("There is no such image, or its address has expired.", 404)
        row, kept = found
        return Response(base64.b64decode(kept["content"]), media_type=row["mime_type"])

    return [Route(PATH, endpoint, methods=["GET"])]


def _is_signed(row: Record, query: Mapping[str, str], now: float) -> bool:
    until = whole_number(query.get("expires", ""))
    if until is None or until <= now:
        return False
    return hmac.compare_digest(signature(row, until).encode(), query.get("signature", "").encode())
