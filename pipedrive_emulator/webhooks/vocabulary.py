"""Which actions and objects there are in the two versions, and what they are called."""

from collections.abc import Mapping

V1, V2 = "1.0", "2.0"
ANY = "*"
MERGED = "merged"

# Table -> the name of its object; https://pipedrive.readme.io/docs/guide-for-webhooks-v2 lists them.
V2_OBJECTS: Mapping[str, str] = {
    "activities": "activity",
    "boards": "board",
    "dealFields": "deal_field",
    "deal_installments": "deal_installment",
    "deal_products": "deal_product",
    "deals": "deal",
    "leadFields": "lead_field",
    "leads": "lead",
    "notes": "note",
    "organizationFields": "organization_field",
    "organizations": "organization",
    "personFields": "person_field",
    "persons": "person",
    "phases": "phase",
    "pipelines": "pipeline",
    "productFields": "product_field",
    "products": "product",
    "projectFields": "project_field",
    "projects": "project",
    "stages": "stage",
    "tasks": "task",
    "users": "user",
}
V1_OBJECTS: Mapping[str, str] = {
    "activities": "activity",
    "activityTypes": "activityType",
    "deals": "deal",
    "notes": "note",
    "organizations": "organization",
    "persons": "person",
    "pipelines": "pipeline",
    "products": "product",
    "stages": "stage",
    "users": "user",
}
OBJECTS = {V1: V1_OBJECTS, V2: V2_OBJECTS}

# What an action of v2 is called in v1, where a merge is an action of its own.
IN_V1 = {"create": "added", "change": "updated", "delete": "deleted"}
ACTIONS = {V1: {ANY, MERGED, *IN_V1.values(), *IN_V1}, V2: {ANY, *IN_V1}}


def is_action(version: str, word: object) -> bool:
    return word in ACTIONS[version]


def is_object(version: str, word: object) -> bool:
    return word == ANY or word in OBJECTS[version].values()


def means(version: str, wanted: str, action: str) -> bool:
    """Whether a webhook for ``wanted`` hears ``action``; v1 takes the words of v2 for its own too."""
    return wanted in (ANY, action) or (version == V1 and IN_V1.get(wanted) == action)
