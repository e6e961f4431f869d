"""Which form of an app's files runs: while they are written, nothing that an earlier one drew is shown."""

import hashlib
import importlib.util
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from marketplace_app.settings import Settings
from marketplace_app.web.templates import ROOT

_PAUSE_SECONDS = 0.1


def edition_of(settings: Settings) -> Callable[[], str]:
    """Code is what it was at the start; templates are read again when they change, and so are their stamps.

    Always empty in production, where neither changes under a running app.
    """
    if not settings.is_development:
        return lambda: ""
    spec = importlib.util.find_spec(settings.extensions.partition(":")[0])
    code = _stamps(Path(spec.origin).parent.rglob("*.py")) if spec and spec.origin else ""
    templates = settings.templates_dir or ROOT / "templates"
    return _Looking(code, templates)


class _Looking:
    """Ten times a second at most: to look at every template costs more than to show a kept panel."""

    def __init__(self, code: str, templates: Path) -> None:
        self._code = code
        self._templates = templates
        self._looked_at = -_PAUSE_SECONDS
        self._found = ""

    def __call__(self) -> str:
        now = time.monotonic()
        if now - self._looked_at >= _PAUSE_SECONDS:
            self._found = _digest(self._code + _stamps(self._templates.rglob("*.html")))
            self._looked_at = now
        return self._found


def _stamps(files: Iterable[Path]) -> str:
    found = [(str(file), file.stat()) for file in sorted(files)]
    return repr([(name, facts.st_mtime_ns, facts.st_size) for name, facts in found])


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
