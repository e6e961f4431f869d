"""The v1 operations that left the published file in 2026, as one scenario over plain HTTP.

A step is (method, path, body or query, name to keep the data under); ``{deal.id}`` in a path or value stands
for what an earlier step has kept.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Step = tuple[str, str, dict[str, Any], str]


def collection(name: str, noun: str, new: dict[str, Any], change: dict[str, Any]) -> list[Step]:
    """What every kind of record had: create, read, list, page by cursor, change."""
    return [
        ("POST", f"/{name}", new, noun),
        ("GET", f"/{name}/{{{noun}.id}}", {}, ""),
        ("GET", f"/{name}", {"limit": 3}, ""),
        ("PUT", f"/{name}/{{{noun}.id}}", change, ""),
    ]


def both_ends(name: str, noun: str, new: dict[str, Any]) -> list[Step]:
    """Deleted one by one, and in bulk."""
    return [
        ("DELETE", f"/{name}/{{{noun}.id}}", {}, ""),
        ("POST", f"/{name}", new, f"{noun}Spare"),
        ("DELETE", f"/{name}", {"ids": f"{{{noun}Spare.id}}"}, ""),
    ]


LINKED = {"person_id": "{person.id}", "org_id": "{organization.id}"}
STEPS: list[Step] = [
    ("POST", "/pipelines", {"name": "Old times"}, "pipeline"),
    ("GET", "/pipelines", {}, ""),
    ("GET", "/pipelines/{pipeline.id}", {}, ""),
    ("PUT", "/pipelines/{pipeline.id}", {"name": "Older times"}, ""),
    *collection(
        "stages",
        "stage",
        {"name": "Asked", "pipeline_id": "{pipeline.id}"},
        {"rotten_flag": 1, "rotten_days": 9},
    ),
    *collection("organizations", "organization", {"name": "Kõrvits Coffee"}, {"name": "Kõrvits"}),
    *collection(
        "persons",
        "person",
        {"name": "Kadri Tamm", "email": "kadri@korvits.example", "org_id": "{organization.id}"},
        {"phone": "+372 5550 1234"},
    ),
    *collection(
        "products",
        "product",
        {"name": "Espresso machine", "code": "EM-1", "prices": [{"currency": "EUR", "price": 1400}]},
        {"unit": "pc"},
    ),
    *collection(
        "deals",
        "deal",
        {"title": "Two machines", "value": 4200, "currency": "EUR", "stage_id": "{stage.id}", **LINKED},
        {"status": "won"},
    ),
    *collection(
        "activities",
        "activity",
        {"subject": "Taste", "type": "call", "due_date": "2026-12-01", "deal_id": "{deal.id}", **LINKED},
        {"done": 1},
    ),
    *(("GET", f"/{name}/collection", {"limit": 2}, "") for name in ("deals", "organizations", "persons")),
    ("GET", "/activities/collection", {"limit": 2}, ""),
    ("GET", "/deals/{deal.id}/activities", {}, ""),
    ("GET", "/deals/{deal.id}/persons", {}, ""),
    (
        "POST",
        "/deals/{deal.id}/products",
        {"product_id": "{product.id}", "item_price": 5, "quantity": 2},
        "row",
    ),
    ("GET", "/deals/{deal.id}/products", {"include_product_data": 1}, ""),
    ("PUT", "/deals/{deal.id}/products/{row.id}", {"quantity": 3}, ""),
    ("DELETE", "/deals/{deal.id}/products/{row.id}", {}, ""),
    *(
        ("GET", f"/organizations/{{organization.id}}/{what}", {}, "")
        for what in ("activities", "deals", "persons")
    ),
    *(("GET", f"/persons/{{person.id}}/{what}", {}, "") for what in ("activities", "deals")),
    ("GET", "/itemSearch", {"term": "espresso", "item_types": "product"}, ""),
    ("GET", "/itemSearch/field", {"term": "two", "field_type": "dealField", "field_key": "title"}, ""),
    ("GET", "/deals/search", {"term": "machines"}, ""),
    ("GET", "/organizations/search", {"term": "korvits"}, ""),
    ("GET", "/persons/search", {"term": "kadri"}, ""),
    ("GET", "/products/search", {"term": "espresso"}, ""),
    ("POST", "/activityTypes", {"name": "Tasting", "icon_key": "lunch"}, "tasting"),
    ("DELETE", "/activityTypes", {"ids": "{tasting.id}"}, ""),
    *both_ends("activities", "activity", {"subject": "Never", "type": "call"}),
    *both_ends("deals", "deal", {"title": "Never"}),
    ("DELETE", "/products/{product.id}", {}, ""),
    *both_ends("persons", "person", {"name": "Nobody"}),
    *both_ends("organizations", "organization", {"name": "Nowhere"}),
    *both_ends("stages", "stage", {"name": "Spare", "pipeline_id": "{pipeline.id}"}),
    ("DELETE", "/pipelines/{pipeline.id}", {}, ""),
]

Send = Callable[[str, str, dict[str, Any]], tuple[int, Any]]


@dataclass(frozen=True, slots=True)
class Taken:
    """One step as it went."""

    method: str
    path: str
    status: int
    body: Any


@dataclass(slots=True)
class Scenario:
    send: Send
    kept: dict[str, Any] = field(default_factory=dict)

    def run(self) -> Iterator[Taken]:
        for method, path, values, name in STEPS:
            asked = self._filled(path)
            status, body = self.send(method, asked, {key: self._filled(one) for key, one in values.items()})
            if name:
                self.kept[name] = body.get("data") or {}
            yield Taken(method, asked, status, body)

    def _filled(self, value: Any) -> Any:
        """A value that is nothing but one place keeps the type of what stands there."""
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"{(\w+)\.id}", value)
        if whole:
            return self.kept[whole[1]].get("id")
        return re.sub(r"{(\w+)\.id}", lambda found: str(self.kept[found[1]].get("id")), value)
