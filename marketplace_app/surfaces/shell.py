"""The page around a surface: head, scripts, and a place for the picture.

It is the same for everyone of one language and theme, so it is rendered once and its parts are kept; a
warm panel is these with the kept picture and the nonce between, without which no script of it runs.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import Surface
from marketplace_app.errors import (
    Disconnected,
    InstallationError,
    PipedriveError,
    PipedriveRefused,
    RenewalUnsettled,
    StorageError,
)
from marketplace_app.web.errors import row_of
from marketplace_app.web.headers import framed_policy
from marketplace_app.web.templates import Templates
from marketplace_app.web.words import Words

_PICTURE, _NONCE = "<!-- picture -->", "nonce-of-this-page"
_NONCE_BYTES = 16
_PASSING = (PipedriveError, StorageError)  # what may be over when it is tried again


@dataclass(frozen=True, slots=True)
class Frame:
    """`state` tells surface.js what it finds: complete, stale, skeleton, connect, consent or message."""

    surface: Surface
    language: str
    theme: str
    state: str


@dataclass(frozen=True, slots=True)
class Page:
    """A whole answer, ready to be sent: for the hottest route the framework's own would cost a third."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else self.body})


class Shell:
    def __init__(
        self,
        templates: Templates,
        manifest: Manifest,
        frame_ancestors: Sequence[str],
        widths: Mapping[str, int],
    ) -> None:
        """`widths` are those that surfaces open with, CSS pixels, by their names."""
        self._templates = templates
        self._manifest = manifest
        self._widths = widths
        policy = framed_policy(frame_ancestors, _NONCE).encode().split(_NONCE.encode())
        self._policy_start, self._policy_end = policy
        self._kept: dict[tuple[str, str, str, str], tuple[list[bytes], bytes]] = {}

    def page(self, frame: Frame, picture: bytes, status: int = 200) -> Page:
        """`Surface-State` tells whether the picture was ready in time."""
        nonce = secrets.token_urlsafe(_NONCE_BYTES).encode()
        before, after = self._halves_of(frame)
        body = b"".join((nonce.join(before), picture, after))
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"content-length", b"%d" % len(body)),
            (b"surface-state", b"skeleton" if frame.state == "skeleton" else b"complete"),
            (b"content-security-policy", self._policy_start + nonce + self._policy_end),
        ]
        return Page(status, headers, body)

    def skeleton(self, frame: Frame) -> Page:
        return self.page(frame, self._render("surfaces/skeleton.html", frame.language))

    def connect(self, frame: Frame, error: InstallationError) -> Page:
        return self.page(frame, self.connect_markup(frame.language, error))

    def connect_markup(self, language: str, error: InstallationError) -> bytes:
        """Connect, or Reconnect for who was connected before and whose grant Pipedrive has refused since."""
        return self._render(
            "surfaces/connect.html",
            language,
            app_name=self._manifest.name,
            install_path=self._manifest.install_path,
            is_known=isinstance(error, Disconnected),
            is_unsettled=isinstance(error, RenewalUnsettled),
        )

    def consent(self, frame: Frame, scopes: Sequence[str]) -> Page:
        return self.page(frame, self.consent_markup(frame.language, scopes))

    def consent_markup(self, language: str, scopes: Sequence[str]) -> bytes:
        """Names each scope with the manifest's reason; without any, says that none is known to be missing."""
        return self._render(
            "surfaces/consent.html",
            language,
            app_name=self._manifest.name,
            install_path=self._manifest.install_path,
            scopes=[scope for scope in self._manifest.scopes if scope.name in scopes],
        )

    def message(self, frame: Frame, title: str, advice: str) -> Page:
        return self.page(frame, self._notice(frame, title, advice, reference="", can_retry=False))

    def refusal(self, frame: Frame, error: Exception, reference: str) -> Page:
        """What Pipedrive does not give to an admitted viewer is a sentence in the panel, and no error."""
        row, words = row_of(error), Words.of(frame.language, frame.language, "UTC")
        status = 200 if isinstance(error, PipedriveError) else row.status
        can_retry = isinstance(error, _PASSING) and not isinstance(error, PipedriveRefused)
        title, advice = words.say(row.title), words.say(row.advice)
        return self.page(
            frame, self._notice(frame, title, advice, reference=reference, can_retry=can_retry), status
        )

    def _notice(self, frame: Frame, title: str, advice: str, **more: object) -> bytes:
        return self._render("surfaces/message.html", frame.language, title=title, advice=advice, **more)

    def _render(self, template: str, language: str, **values: object) -> bytes:
        return self._templates.render(template, language, **values).encode()

    def _halves_of(self, frame: Frame) -> tuple[list[bytes], bytes]:
        """The page up to the picture, cut where the nonce belongs, and what comes after the picture."""
        name = (frame.surface.name, frame.language, frame.theme, frame.state)
        if name not in self._kept:
            page = self._templates.render(
                "surfaces/base.html",
                frame.language,
                frame=frame,
                bounds=frame.surface.bounds,
                width=self._widths.get(frame.surface.name, 0),
                nonce=_NONCE,
                app_name=self._manifest.name,
            )
            before, after = page.encode().split(_PICTURE.encode())
            self._kept[name] = before.split(_NONCE.encode()), after
        return self._kept[name]
