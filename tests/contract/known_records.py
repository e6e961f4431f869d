"""An OpenAPI file for fuzzing that knows what is in the emulator's world."""

from typing import Any

from tests.contract import openapi

# The table in which the number of a body's key is looked up.
NUMBERS = {
    "owner_id": "users",
    "user_id": "users",
    "person_id": "persons",
    "org_id": "organizations",
    "deal_id": "deals",
    "pipeline_id": "pipelines",
    "stage_id": "stages",
    "product_id": "products",
    "project_id": "projects",
    "board_id": "boards",
    "phase_id": "phases",
    "assignee_id": "users",
}
# What a body starts from, before one value after the other is bent: else most of them end at an empty name.
PLAIN = {
    "title": "Deal",
    "name": "Name",
    "status": "open",
    "currency": "EUR",
    "visible_to": 3,
    "probability": 50,
    "add_time": "2026-11-01T10:00:00Z",
    "archive_time": "2026-11-01 10:00:00",
    "expected_close_date": "2026-12-01",
    "billing_start_date": "2026-12-01",
    "billing_date": "2026-12-01",
    "start_date": "2026-12-01",
    "end_date": "2026-12-02",
    "due_date": "2026-12-01",
    "due_time": "10:00:00",
    "duration": "01:00:00",
    "deal_probability": 50,
    "days_to_rotten": 3,
    "birthday": "2000-02-29",
    "content": "<p>Note</p>",
    "email": "somebody@acme.example",
    "color": "blue",
    "type": "call",
    "term": "coffee",
    "start_time": "2026-11-01T10:00:00Z",
    "end_time": "2026-11-01T10:05:00Z",
    "won_time": None,
    "lost_time": None,
    "close_time": None,
    "lost_reason": None,
}


class KnownRecords:
    """The published file, changed so that paths and bodies lead to records of this world half of the time.

    Random numbers find no record, and what stands behind the search for it would never be reached.
    """

    def __init__(self, world: dict[str, Any]) -> None:
        self._rows = {**world["records"], "users": world["users"]}

    def spec(self, version: str) -> dict[str, Any]:
        """The whole document; without credentials, else nearly all would be turned away at the gate."""
        spec = openapi.document(version)
        del spec["components"]["securitySchemes"]
        spec["paths"] = {path: rows for path, rows in spec["paths"].items() if not path.startswith("/oauth")}
        for path, rows in spec["paths"].items():
            for operation in rows.values():
                operation.pop("security", None)
                for parameter in operation.get("parameters", []):
                    if parameter["in"] == "path":
                        parameter["schema"] = self._path_schema(path, parameter)
                self._lead(operation.get("requestBody", {}))
        return spec

    def _path_schema(self, path: str, parameter: dict[str, Any]) -> dict[str, Any]:
        table = "users" if parameter["name"] == "follower_id" else path.split("/")[1]
        key = "field_code" if parameter["name"] == "field_code" else "id"
        return self._known(table, key, parameter["schema"])

    def _known(self, table: str, key: str, schema: dict[str, Any]) -> dict[str, Any]:
        known = [row[key] for row in self._rows.get(table, []) if key in row][:8]
        return {"anyOf": [{"enum": known}, schema], "example": known[0]} if known else schema

    def _lead(self, schema: Any) -> None:
        for part in schema.values() if isinstance(schema, dict) else schema:
            if isinstance(part, (dict, list)):
                self._lead(part)
        if isinstance(schema, dict) and isinstance(schema.get("properties"), dict):
            for name, table in NUMBERS.items():
                if name in schema["properties"]:
                    schema["properties"][name] = self._known(table, "id", schema["properties"][name])
            for name, part in schema["properties"].items():
                if name in PLAIN and part.get("type") != "object" and "enum" not in part:
                    part["example"] = PLAIN[name]
                    part["nullable"] = part.get("nullable", False) or PLAIN[name] is None
