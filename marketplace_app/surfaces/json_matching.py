"""Whether Developer Hub, by the manifest's schema file, has what the code says of a JSON surface."""

import json

from marketplace_app.domain.surface import Surface
from marketplace_app.kit.json_declaring import DeclaredJsonModal, DeclaredJsonPanel
from marketplace_app.kit.json_schemas import first_difference

_ADVICE = "`marketplace-app check --schemas DIR` writes it, for the manifest and for Developer Hub"


def schema_problems(surface: Surface, declared: DeclaredJsonPanel | DeclaredJsonModal) -> list[str]:
    """One sentence, with the first difference; empty when there is none."""
    if not surface.schema:
        return [f"{surface.name} has no schema in manifest.json; {_ADVICE}"]
    try:
        difference = first_difference(declared.shape.schema(), json.loads(surface.schema))
    except ValueError:
        difference = "the file is no JSON"
    if not difference:
        return []
    said = f"the schema of {surface.name} in manifest.json is not that of the code"
    return [f"{said}: {difference}; {_ADVICE}"]
