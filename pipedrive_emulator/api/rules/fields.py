"""Field definitions, https://developers.pipedrive.com/docs/api/v1/DealFields (version 2)."""

from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.rules.counts import stored
from pipedrive_emulator.world import shapes

DEAL_FIELDS = Entity(
    table="dealFields",
    noun="Field",
    key="field_code",
    blank=shapes.FIELD,
    extras=stored("ui_visibility", "important_fields", "required_fields"),
)

OPERATIONS = crud("v2/dealFields", DEAL_FIELDS, "get", "list")
