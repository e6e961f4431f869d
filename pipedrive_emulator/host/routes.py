"""The host's own routes: pages, and what their scripts call under ``/_host``."""

from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from pipedrive_emulator.emulator import Emulator
from pipedrive_emulator.host import (
    action_pages,
    detail_pages,
    json_modal,
    json_panel,
    leads_page,
    list_pages,
    messages_page,
    products_page,
    projects_page,
    script_endpoints,
    settings_pages,
    surface_endpoints,
)
from pipedrive_emulator.host.drawer import drawer
from pipedrive_emulator.host.entrance import home, log_in, log_out
from pipedrive_emulator.host.marketplace import marketplace, share
from pipedrive_emulator.host.view import HERE, View
from pipedrive_emulator.host.visit import Handler, page_door, script_door

# Last in the table, so that a page made for one of them comes first.
ABSENT = (("/campaigns", "campaigns"),)

PAGES: tuple[tuple[str, Handler], ...] = (
    ("/marketplace", marketplace),
    ("/deals", list_pages.deals),
    ("/leads/inbox", leads_page.inbox),
    (messages_page.MESSAGES, messages_page.messages),
    ("/leads/inbox/{record}", leads_page.inbox),
    ("/products", products_page.products),
    ("/product/{record}", products_page.product),
    ("/projects", projects_page.projects),
    ("/projects/{record}", projects_page.project),
    ("/persons", list_pages.persons),
    ("/organizations", list_pages.organizations),
    ("/activities/list", list_pages.activities),
    ("/activities/list/user/{whose}", list_pages.activities),
    ("/deal/{record}", detail_pages.deal),
    ("/person/{record}", detail_pages.person),
    ("/organization/{record}", detail_pages.organization),
    ("/app-extensions/actions/{action}", action_pages.link_action),
    ("/settings/api", settings_pages.api),
    ("/settings/company", settings_pages.company),
    ("/settings/webhooks", settings_pages.webhooks),
    ("/settings/marketplace", settings_pages.marketplace_apps),
    ("/settings/marketplace/app/{client_id}/app-settings", action_pages.app_settings),
    *((f"{path}{rest}", action_pages.absent(name)) for path, name in ABSENT for rest in ("", "/{record}")),
)

SCRIPTS: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/revision", script_endpoints.revision),
    ("GET", "/drawer", drawer),
    ("POST", "/leads/{record}/convert", leads_page.convert),
    ("GET", "/leads/{record}/convert/{conversion}", leads_page.converted),
    ("POST", "/messages", messages_page.send),
    ("POST", "/api-token", settings_pages.show_token),
    ("POST", "/write", script_endpoints.write),
    ("POST", "/theme", script_endpoints.set_theme),
    ("GET", "/forms/{form}", script_endpoints.draw_form),
    ("POST", "/forms/{form}", script_endpoints.save_form),
    ("GET", "/forms/{form}/{record}", script_endpoints.draw_form),
    ("POST", "/forms/{form}/{record}", script_endpoints.save_form),
    ("POST", "/surface", surface_endpoints.load_surface),
    ("POST", "/action", surface_endpoints.find_action),
    ("POST", "/surface-token", surface_endpoints.sign_token),
    ("POST", "/notes", surface_endpoints.take_note),
    ("POST", "/json/panel", json_panel.show_panel),
    ("POST", "/json/feedback", json_panel.take_feedback),
    ("POST", "/json/modal/open", json_modal.open_modal),
    ("POST", "/json/modal/change", json_modal.change_modal),
    ("POST", "/json/modal/submit", json_modal.submit_modal),
    ("POST", "/json/modal/leave", json_modal.leave_modal),
    ("POST", "/uninstall", surface_endpoints.uninstall),
    ("POST", "/share", share),
)


def routes(emulator: Emulator) -> list[BaseRoute]:
    view = View()
    pages = [Route(path, page_door(emulator, view, handler), methods=["GET"]) for path, handler in PAGES]
    scripts = [
        Route(path, script_door(emulator, view, handler), methods=[method])
        for method, path, handler in SCRIPTS
    ]
    return [
        Route("/", home(emulator, view), methods=["GET"]),
        Route("/login", log_in(emulator, view), methods=["GET"]),
        Route("/logout", log_out, methods=["GET"]),
        *pages,
        Mount("/_host/static", StaticFiles(directory=HERE / "static")),
        Mount("/_host", routes=scripts),
    ]
