"""What lives of records webhooks are told of."""

from typing import Any

# Object -> collection, body of a new one, body of a change, method of a change.
LIVES: dict[str, tuple[str, dict[str, Any], dict[str, Any], str]] = {
    "activity": ("v2/activities", {"subject": "Call"}, {"subject": "Meet"}, "PATCH"),
    "board": ("v2/boards", {"name": "Board"}, {"name": "Desk"}, "PATCH"),
    "deal": ("v2/deals", {"title": "Deal"}, {"title": "Steal"}, "PATCH"),
    "deal_field": (
        "v2/dealFields",
        {"field_name": "Size", "field_type": "double"},
        {"field_name": "Weight"},
        "PATCH",
    ),
    "deal_installment": (
        "v2/deals/1/installments",
        {"amount": 10, "billing_date": "2027-01-01", "description": "First"},
        {"description": "Last"},
        "PATCH",
    ),
    "deal_product": (
        "v2/deals/1/products",
        {"product_id": 1, "item_price": 5, "quantity": 2},
        {"quantity": 3},
        "PATCH",
    ),
    "lead": ("v1/leads", {"title": "Lead", "person_id": 1}, {"title": "Follow"}, "PATCH"),
    "note": ("v1/notes", {"content": "Red", "deal_id": 1}, {"content": "Blue"}, "PUT"),
    "organization": ("v2/organizations", {"name": "Org"}, {"name": "Ltd"}, "PATCH"),
    "person": ("v2/persons", {"name": "Ann"}, {"name": "Bob"}, "PATCH"),
    "person_field": (
        "v2/personFields",
        {"field_name": "Height", "field_type": "double"},
        {"field_name": "Age"},
        "PATCH",
    ),
    "phase": ("v2/phases", {"name": "Phase", "board_id": 1}, {"name": "Stage"}, "PATCH"),
    "pipeline": ("v2/pipelines", {"name": "Pipe"}, {"name": "Tube"}, "PATCH"),
    "product": ("v2/products", {"name": "Thing"}, {"name": "Item"}, "PATCH"),
    "project": (
        "v2/projects",
        {"title": "Project", "board_id": 1, "phase_id": 1},
        {"title": "Plan"},
        "PATCH",
    ),
    "stage": ("v2/stages", {"name": "Step", "pipeline_id": 1}, {"name": "Rung"}, "PATCH"),
    "task": ("v2/tasks", {"title": "Task", "project_id": 1}, {"title": "Duty"}, "PATCH"),
}
