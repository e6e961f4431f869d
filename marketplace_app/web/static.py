"""Our own static files, and those of npm packages: the official SDK and what morphs markup."""

import os
from urllib.parse import parse_qs

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from marketplace_app.errors import ConfigurationError
from marketplace_app.web.templates import PACKAGES, SDK, STATIC, Templates

_FOR_EVER = "public, max-age=31536000, immutable"


class _Versioned(StaticFiles):
    """Files whose URL changes with their content (`Templates.asset`).

    Kept for ever only under the version that we have: during a deploy an old process may be asked for a
    new file, and its answer must not stay.
    """

    def __init__(self, folder: os.PathLike[str], prefix: str, templates: Templates) -> None:
        super().__init__(directory=folder)
        self._prefix = prefix
        self._templates = templates

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("v", [""])[0]
        if asked and asked == self._templates.version(self._prefix + path):
            response.headers["Cache-Control"] = _FOR_EVER
        return response


def static_routes(templates: Templates) -> list[Mount]:
    """Raises ConfigurationError when the SDK has not been fetched."""
    if not os.path.isfile(SDK / "index.umd.js"):  # noqa: PTH113 (once, at start)
        raise ConfigurationError(["the Pipedrive SDK is not installed; run make install"])
    return [
        *(
            Mount(f"/static/{prefix.rstrip('/')}", _Versioned(folder, prefix, templates))
            for prefix, folder in PACKAGES.items()
        ),
        Mount("/static", _Versioned(STATIC, "", templates)),
    ]
