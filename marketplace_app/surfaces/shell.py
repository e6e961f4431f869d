"""The page around a surface: head, scripts, and a place for the picture.

It is the same for everyone of one language and theme, so it is rendered once and its halves are kept;
a warm panel is two of them with the kept picture between.
"""

from dataclasses import dataclass
from functools import lru_cache

from starlette.responses import Response

from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import Surface
from marketplace_app.web.errors import row_of
from marketplace_app.web.templates import Templates
from marketplace_app.web.words import Words

_PICTURE = "<!-- picture -->"


@dataclass(frozen=True, slots=True)
class Frame:
    """`state` tells surface.js what it finds: complete, stale, skeleton, connect or message."""

    surface: Surface
    language: str
    theme: str
    state: str


class Shell:
    def __init__(self, templates: Templates, manifest: Manifest, policy: str, *, keep: bool) -> None:
        self._templates = templates
        self._manifest = manifest
        self._headers = {"Content-Security-Policy": policy}
        self._halves_of = lru_cache(maxsize=256)(self._halves) if keep else self._halves

    def page(self, frame: Frame, picture: bytes, status: int = 200) -> Response:
        """`Surface-State` tells whether the picture was ready in time."""
        before, after = self._halves_of(frame)
        state = "skeleton" if frame.state == "skeleton" else "complete"
        headers = self._headers | {"Surface-State": state}
        return Response(before + picture + after, status, headers, media_type="text/html")

    def skeleton(self, frame: Frame) -> Response:
        return self.page(frame, self._render("surfaces/skeleton.html", frame.language))

    def connect(self, frame: Frame, *, is_known: bool) -> Response:
        """`is_known`: this very user was connected before and Pipedrive refused the grant since."""
        return self.page(
            frame,
            self._render(
                "surfaces/connect.html",
                frame.language,
                app_name=self._manifest.name,
                description=self._manifest.description,
                install_path=self._manifest.install_path,
                is_known=is_known,
            ),
        )

    def message(
        self, frame: Frame, title: str, advice: str, *, reference: str = "", status: int = 200
    ) -> Response:
        picture = self._render(
            "surfaces/message.html", frame.language, title=title, advice=advice, reference=reference
        )
        return self.page(frame, picture, status)

    def refusal(self, frame: Frame, error: Exception, reference: str) -> Response:
        row, words = row_of(error), Words.of(frame.language, frame.language, "UTC")
        return self.message(
            frame, words.say(row.title), words.say(row.advice), reference=reference, status=row.status
        )

    def _render(self, template: str, language: str, **values: object) -> bytes:
        return self._templates.render(template, language, **values).encode()

    def _halves(self, frame: Frame) -> tuple[bytes, bytes]:
        page = self._templates.render(
            "surfaces/base.html",
            frame.language,
            frame=frame,
            bounds=frame.surface.bounds,
            app_name=self._manifest.name,
        )
        before, after = page.encode().split(_PICTURE.encode())
        return before, after
