"""One entry more among the surfaces of a manifest.json, the rest of its text left as it is."""

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from marketplace_app.cli.new.refused import Refused
from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import DETAILS, MENUS, PANELS, PLACES, SurfaceKind
from marketplace_app.errors import ConfigurationError

MOST_IN_MENU = 3
_SURFACES = re.compile(r'"surfaces"\s*:\s*(?=\[)')


def read(file: Path) -> Manifest:
    """Raises Refused."""
    try:
        return Manifest.load(file)
    except ConfigurationError as error:
        raise Refused(f"{'; '.join(error.problems)}. Mend it first.") from None


def places_of(kind: SurfaceKind, views: Sequence[str]) -> list[str]:
    """As the manifest has them: `deal` is short for `deal/details`. Raises Refused."""
    places = [view if "/" in view else f"{view}/details" for view in views]
    for view, place in zip(views, places, strict=True):
        if place not in PLACES[kind]:
            known = [each.removesuffix("/details") for each in (DETAILS if kind in PANELS else MENUS)]
            raise Refused(
                f"A {spoken(kind)} cannot stand in {view!r}. Write --view with: {', '.join(known)}."
            )
    return list(dict.fromkeys(places))


def refuse_too_many(manifest: Manifest, kind: SurfaceKind, name: str, places: Sequence[str]) -> None:
    """Raises Refused with the limit of Developer Hub that this surface would break."""
    if manifest.surface(name) is not None:
        raise Refused(f"manifest.json has a surface {name!r} already; choose another name.")
    others = manifest.surfaces
    if kind in (SurfaceKind.FLOATING_WINDOW, SurfaceKind.SETTINGS_PAGE):
        found = next((each for each in others if each.kind is kind), None)
        if found is not None:
            raise Refused(f"Pipedrive takes one {spoken(kind)} of an app, and this one has {found.name!r}.")
    for place in places if kind in PANELS else ():
        found = next((each for each in others if each.kind in PANELS and place in each.views), None)
        if found is not None:
            record = place.partition("/")[0]
            raise Refused(
                f"Pipedrive shows one panel of an app beside a {record}, and this one has {found.name!r} "
                "there. Choose another --view, or put the new part into that panel."
            )
    menus = Counter(view for each in others if each.kind not in PANELS for view in each.views)
    for place in places:
        if kind not in PANELS and menus[place] >= MOST_IN_MENU:
            raise Refused(
                f"Pipedrive takes {MOST_IN_MENU} entries of an app in the menu of {place}; it is full."
            )


def spoken(kind: SurfaceKind) -> str:
    return kind.value.replace("_", " ").replace("json", "JSON")


def with_surface(text: str, entry: Mapping[str, Any]) -> str:
    """The manifest's text with this entry at the end of its surfaces."""
    match = _SURFACES.search(text)
    if match is None:
        raise Refused('manifest.json has no "surfaces": [] to add to.')
    surfaces, end = json.JSONDecoder().raw_decode(text, match.end())
    made = json.dumps(entry, indent=2, ensure_ascii=False).replace("\n", "\n    ")
    before = text[: end - 1].rstrip()
    comma = "," if surfaces else ""
    return f"{before}{comma}\n    {made}\n  {text[end - 1 :]}"
