"""Project templates, read only: https://developers.pipedrive.com/docs/api/v1/ProjectTemplates (version 2)."""

from dataclasses import replace

from pipedrive_emulator.api import engine
from pipedrive_emulator.api.call import Answer, Call
from pipedrive_emulator.api.engine import crud
from pipedrive_emulator.api.entity import Entity
from pipedrive_emulator.api.rules import boards
from pipedrive_emulator.api.v1.projects import template
from pipedrive_emulator.world.project_shapes import TEMPLATE

V1_LIMIT = 500
_NOTHING_MORE = {"additional_data": None}

TEMPLATES = Entity(table="projectTemplates", noun="Project template", blank=TEMPLATE)


def _list_v1(call: Call) -> Answer:
    page = engine.list_page(replace(call, query={"limit": V1_LIMIT, **call.query}), TEMPLATES)
    return replace(page, data=[template(row) for row in page.data])


OPERATIONS = crud("v2/projectTemplates", TEMPLATES, "list") | {
    "GET v2/projectTemplates/{id}": lambda call: replace(
        engine.get_one(call, TEMPLATES), extra=_NOTHING_MORE
    ),
    "GET v1/projectTemplates": _list_v1,
    "GET v1/projectTemplates/{id}": lambda call: Answer(
        template(boards.find(call, TEMPLATES)), extra=_NOTHING_MORE
    ),
}
