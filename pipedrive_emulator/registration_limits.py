"""What Developer Hub refuses: limits on names, places, numbers and schema files of an app's extensions.

Pages: https://pipedrive.readme.io/docs/custom-ui-extensions-panels, /docs/custom-ui-extensions-modals,
/docs/app-extensions-actions, /docs/json-panels-adding-a-panel, /docs/app-extensions-json-modals
"""

from collections import Counter
from collections.abc import Iterator

from pipedrive_emulator.apps import App, Surface
from pipedrive_emulator.json_library import modal, panel
from pipedrive_emulator.messaging.manifest import SCOPE

MOST_IN_NAME, MOST_IN_DESCRIPTION = 30, 150
MOST_IN_MENU, MOST_OBJECT_ACTIONS, MOST_FIELD_ACTIONS = 3, 3, 3
_RECORDS = ("deal", "person", "organization")
_DETAILS = tuple(f"{kind}/details" for kind in _RECORDS)
_MENUS = (*_DETAILS, *(f"{kind}/list" for kind in _RECORDS), "activity/list")
PANELS = ("custom_panel", "json_panel")
MENU_KINDS = ("custom_modal", "json_modal", "link_action")
# Where each kind may stand.
PLACES = {
    **dict.fromkeys(PANELS, _DETAILS),
    **dict.fromkeys(MENU_KINDS, _MENUS),
    "floating_window": (),
    "settings_page": (),
}
_MUST_STAND = (*PANELS, "link_action")
_ONE_EACH = ("floating_window", "settings_page")


def problems(app: App) -> Iterator[str]:
    """A sentence for each thing that Developer Hub would not save, with the place where it stands."""
    for number, surface in enumerate(app.surfaces):
        for where, words in _of_one(app, surface):
            yield f"/surfaces/{number}{where} ({surface.name}): {words}."
    yield from (f"{words}." for words in _of_all(app))
    if app.messaging is not None and SCOPE not in [scope.name for scope in app.scopes]:
        yield f"/messaging: an app with a messaging manifest has the scope {SCOPE}."


Problem = tuple[str, str]


def _of_one(app: App, surface: Surface) -> Iterator[Problem]:
    if surface.kind not in PLACES:
        yield "/kind", f"{surface.kind!r} is none of {', '.join(PLACES)}"
        return
    yield from _words(surface)
    yield from _places(surface)
    if surface.kind == "json_panel":
        yield from _json_panel(app, surface)
    if surface.kind == "json_modal":
        yield from _schema(modal.file_problem(surface.schema), surface)


def _words(surface: Surface) -> Iterator[Problem]:
    if not 0 < len(surface.title) <= MOST_IN_NAME:
        yield "/title", f"a name has 1 to {MOST_IN_NAME} characters, this one {len(surface.title)}"
    if len(surface.description) > MOST_IN_DESCRIPTION:
        yield (
            "/description",
            f"at most {MOST_IN_DESCRIPTION} characters, this one has {len(surface.description)}",
        )


def _places(surface: Surface) -> Iterator[Problem]:
    known = PLACES[surface.kind]
    for number, view in enumerate(surface.views):
        if view not in known:
            may = ", ".join(known) or "no view"
            yield f"/views/{number}", f"a {surface.kind} stands in {may}, not in {view!r}"
    if surface.kind in _MUST_STAND and not surface.views:
        yield "/views", f"a {surface.kind} needs at least one view"


def _schema(problem: str | None, surface: Surface) -> Iterator[Problem]:
    if surface.schema is None:
        yield "/schema", f"a {surface.kind} needs its JSON schema"
    elif problem:
        where, _, words = problem.partition(" ")
        yield ("/schema", problem) if where == "the" else (f"/schema{where}", words)


def _json_panel(app: App, surface: Surface) -> Iterator[Problem]:
    problem = panel.file_problem(surface.schema)
    if surface.schema is None or problem:
        yield from _schema(problem, surface)
        return
    if surface.basic is None and surface.secret in app.client_secrets:
        yield "/http_auth", "a JSON panel needs http_auth, or a JWT secret of its own"
    yield from _panel_actions(app, surface)


def _panel_actions(app: App, surface: Surface) -> Iterator[Problem]:
    schema, by_field = surface.schema or {}, surface.field_actions or {}
    named = [("/main_action", surface.main_action)] if surface.main_action else []
    named += [(f"/object_actions/{number}", name) for number, name in enumerate(surface.object_actions)]
    named += [(f"/field_actions/{key}", name) for key, name in by_field.items()]
    actions = {one.name for one in app.surfaces if one.kind in MENU_KINDS}
    for where, name in named:
        if name not in actions:
            yield where, f"the app has no action {name!r}"
    if surface.object_actions and not panel.is_list(schema):
        yield "/object_actions", "only a panel of several objects has actions on its objects"
    if len(surface.object_actions) > MOST_OBJECT_ACTIONS:
        yield "/object_actions", f"at most {MOST_OBJECT_ACTIONS}"
    if len(by_field) > MOST_FIELD_ACTIONS:
        yield "/field_actions", f"at most {MOST_FIELD_ACTIONS}"
    for key in by_field:
        if key not in panel.fields_of(schema):
            yield f"/field_actions/{key}", "the schema has no such field"


def _of_all(app: App) -> Iterator[str]:
    names = Counter(surface.name for surface in app.surfaces)
    yield from (f"/surfaces: {count} are named {name!r}" for name, count in names.items() if count > 1)
    kinds = Counter(surface.kind for surface in app.surfaces)
    for kind in _ONE_EACH:
        if kinds[kind] > 1:
            yield f"/surfaces: an app has one {kind}, not {kinds[kind]}"
    for view, count in _standing(app, PANELS).items():
        if count > 1:
            yield f"/surfaces: {count} panels stand in {view}; an app has one there, custom or JSON"
    for view, count in _standing(app, MENU_KINDS).items():
        if count > MOST_IN_MENU:
            yield f"/surfaces: {count} actions stand in the menu of {view}; an app has at most {MOST_IN_MENU}"


def _standing(app: App, kinds: tuple[str, ...]) -> Counter[str]:
    return Counter(view for surface in app.surfaces if surface.kind in kinds for view in set(surface.views))
