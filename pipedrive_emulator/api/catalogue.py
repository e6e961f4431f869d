"""Which function serves which operation: the tables of all categories, in one."""

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from pipedrive_emulator.api.call import Answer, Call, Content
from pipedrive_emulator.api.operations import Operation
from pipedrive_emulator.api.rules import (
    activities,
    activity_types,
    boards,
    call_logs,
    channels,
    contact_lists,
    conversions,
    currencies,
    deal_copies,
    deal_discounts,
    deal_installments,
    deal_lists,
    deal_participants,
    deal_products,
    deal_sums,
    deals,
    fields,
    files,
    filters,
    followers,
    goals,
    lead_labels,
    leads,
    mailbox,
    meetings,
    merging,
    note_comments,
    notes,
    organizations,
    permission_sets,
    persons,
    phases,
    pictures,
    pipeline_statistics,
    pipelines,
    product_images,
    product_variations,
    products,
    project_templates,
    projects,
    projects_v1,
    recents,
    relationships,
    roles,
    search,
    search_by_field,
    settings,
    tasks,
    teams,
    users,
    webhooks,
)

Handler = Callable[[Call], Answer | Content]
Work = Callable[[Call, dict[str, Any]], None]

# Each has OPERATIONS, a table from "GET v2/deals/{id}" to its handler; some have JOBS.
_CATEGORIES: tuple[ModuleType, ...] = (
    activities,
    activity_types,
    boards,
    call_logs,
    channels,
    contact_lists,
    conversions,
    currencies,
    deal_copies,
    deal_discounts,
    deal_installments,
    deal_lists,
    deal_participants,
    deal_products,
    deal_sums,
    deals,
    fields,
    files,
    filters,
    followers,
    goals,
    lead_labels,
    leads,
    mailbox,
    meetings,
    merging,
    note_comments,
    notes,
    organizations,
    permission_sets,
    persons,
    phases,
    pictures,
    pipeline_statistics,
    pipelines,
    product_images,
    product_variations,
    products,
    project_templates,
    projects,
    projects_v1,
    relationships,
    recents,
    roles,
    search,
    search_by_field,
    settings,
    tasks,
    teams,
    users,
    webhooks,
)


def _gathered(name: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for category in _CATEGORIES:
        rows: Mapping[str, Any] = getattr(category, name, {})
        repeated = found.keys() & rows.keys()
        if repeated:
            raise LookupError(f"{category.__name__} repeats {', '.join(sorted(repeated))}")
        found |= rows
    return found


HANDLERS: Mapping[str, Handler] = _gathered("OPERATIONS")
JOBS: Mapping[str, Work] = _gathered("JOBS")


def handler(operation: Operation) -> Handler | None:
    """What serves the operation; None when nothing does yet."""
    return HANDLERS.get(operation.name)
