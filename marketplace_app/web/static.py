"""Our own static files, and the official SDK from its npm package."""

import os
from typing import Any

from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from marketplace_app.errors import ConfigurationError
from marketplace_app.web.templates import SDK, STATIC


class _Versioned(StaticFiles):
    """Files whose URL changes with their content (`Templates.asset`)."""

    def file_response(self, *arguments: Any, **options: Any) -> Response:
        response = super().file_response(*arguments, **options)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def static_routes() -> list[Mount]:
    """Raises ConfigurationError when the SDK has not been fetched."""
    if not os.path.isfile(SDK / "index.umd.js"):  # noqa: PTH113 (once, at start)
        raise ConfigurationError(["the Pipedrive SDK is not installed; run make install"])
    return [
        Mount("/static/sdk", _Versioned(directory=SDK)),
        Mount("/static", _Versioned(directory=STATIC)),
    ]
