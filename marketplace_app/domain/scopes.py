"""Scopes: what a user lets the app do.

https://pipedrive.readme.io/docs/marketplace-scopes-and-permissions-explanations
"""

from collections.abc import Iterable

_ALWAYS = "base"


def missing_scopes(asked: Iterable[str], granted: Iterable[str]) -> tuple[str, ...]:
    """Those of `asked` that a grant lacks, in their order; `:full` of a thing covers its `:read`."""
    held = {_ALWAYS, *granted}
    held |= {f"{scope.removesuffix(':full')}:read" for scope in held if scope.endswith(":full")}
    return tuple(scope for scope in asked if scope not in held)
