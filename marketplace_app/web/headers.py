"""Security headers on every response, whatever made it; a route may set its own value of one first."""

from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; "
    "require-trusted-types-for 'script'; trusted-types surface; "
)
_NOWHERE = f"default-src 'none'; script-src 'self'; {_POLICY}frame-ancestors 'none'"


def framed_policy(frame_ancestors: Sequence[str], nonce: str) -> str:
    """The policy of pages that Pipedrive embeds; made of settings and the nonce, nothing of a request."""
    return (
        f"default-src 'none'; script-src 'nonce-{nonce}'; {_POLICY}"
        f"frame-ancestors {' '.join(frame_ancestors)}"
    )


class SecurityHeaders:
    """The outermost layer, so that error pages of the framework have them too."""

    def __init__(self, app: ASGIApp, *, over_https: bool) -> None:
        self._app = app
        defaults = {
            "Content-Security-Policy": _NOWHERE,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if over_https:
            defaults["Strict-Transport-Security"] = "max-age=31536000"
        self._defaults = [(name.lower().encode(), value.encode()) for name, value in defaults.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name for name, _ in message["headers"]}
                added = [pair for pair in self._defaults if pair[0] not in given]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self._app(scope, receive, send_with_headers)
