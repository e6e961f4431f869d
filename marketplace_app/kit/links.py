"""Where a link action leads. https://pipedrive.readme.io/docs/app-extensions-actions"""

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Leave:
    """The browser goes on to `url`: https, and made by the app, never taken over from the request."""

    url: str

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" or not parts.hostname or any(ord(sign) <= 32 for sign in self.url):  # noqa: PLR2004 - controls and the space
            raise ValueError(f"a link action leads to an https address, not to {self.url[:80]!r}")
