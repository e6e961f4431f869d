"""The detail views as pages: the record's picture with the panels of the apps beside it."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from starlette.responses import Response

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.host.as_user import AsUser, Refused
from pipedrive_emulator.host.contact_page import organization_detail, person_detail
from pipedrive_emulator.host.deal_page import deal_detail
from pipedrive_emulator.host.detail import Detail
from pipedrive_emulator.host.extensions import actions_for, is_only_shared, may_load
from pipedrive_emulator.host.visit import Handler, Visit
from pipedrive_emulator.host.wording import Wording
from pipedrive_emulator.registration_limits import PANELS

Draw = Callable[[AsUser, Wording, Mapping[int, str], int], Detail]


def panels_for(visit: Visit, view: str) -> list[tuple[App, Surface]]:
    """Those of installed apps, those that are shared with a prompt to install, everyone's by a switch."""
    emulator, user = visit.emulator, visit.user
    return [
        (app, surface)
        for app in emulator.apps.all()
        for surface in app.surfaces
        if surface.kind in PANELS and f"{view}/details" in surface.views
        if may_load(emulator, user, app, surface) or is_only_shared(emulator, user, app)
    ]


def prompts_for(visit: Visit, panels: list[tuple[App, Surface]]) -> set[str]:
    """The client ids of the apps whose panels only ask to be installed."""
    emulator, user = visit.emulator, visit.user
    return {app.client_id for app, surface in panels if not may_load(emulator, user, app, surface)}


def detail_page(kind: str, draw: Draw) -> Handler:
    async def handler(visit: Visit) -> Response:
        try:
            detail = draw(visit.api, visit.wording, visit.names(), visit.record_id)
        except Refused as refused:
            if refused.status not in (403, 404):
                raise
            return visit.missing(kind)
        panels = panels_for(visit, kind)
        place = {"resource": kind, "view": "details", "selected_ids": str(detail.id)}
        return visit.page(
            "detail.html",
            detail=detail,
            panels=panels,
            prompts=prompts_for(visit, panels),
            section=f"{kind}s",
            actions=actions_for(visit.emulator, visit.user, f"{kind}/details"),
            actions_query=urlencode({"resource": kind, "view": "details", "selectedIds": detail.id}),
            place=place,
        )

    return handler


deal = detail_page("deal", deal_detail)
person = detail_page("person", person_detail)
organization = detail_page("organization", organization_detail)
