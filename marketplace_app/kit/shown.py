"""What every kind of surface says of itself, so that it can be compared with manifest.json."""

from typing import Protocol

from marketplace_app.domain.surface import SurfaceKind, View
from marketplace_app.errors import ConfigurationError


class Shown(Protocol):
    """What an extension shows: a Screen, a Link, or one of the JSON surfaces."""

    @property
    def kind(self) -> SurfaceKind: ...

    @property
    def view(self) -> View | None:
        """The kind of record that a panel stands beside."""
        ...


def named_view(extension: str, view: str) -> View:
    """Raises ConfigurationError that names the extension and the views that there are."""
    try:
        return View(view)
    except ValueError:
        known = ", ".join(View)
        raise ConfigurationError([f"extension {extension}: no view {view!r}; there are {known}"]) from None
