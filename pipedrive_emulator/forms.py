"""Form bodies, ``application/x-www-form-urlencoded``."""

from urllib.parse import parse_qsl

from starlette.requests import Request

CONTENT_TYPE = "application/x-www-form-urlencoded"


def is_form(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == CONTENT_TYPE


async def read_form(request: Request) -> dict[str, str]:
    """The fields by name; of a repeated one the first counts."""
    pairs = parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
    return dict(reversed(pairs))
