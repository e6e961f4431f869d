"""Whether manifest.json and the extensions agree, seen at start: no click may be the first to find out."""

import json
from collections.abc import Sequence

from marketplace_app.domain.manifest import Manifest
from marketplace_app.domain.surface import Surface, SurfaceKind
from marketplace_app.errors import ConfigurationError
from marketplace_app.kit import Extension
from marketplace_app.kit.extension import Screen
from marketplace_app.kit.json_declaring import DeclaredJsonModal, DeclaredJsonPanel
from marketplace_app.surfaces.json_matching import schema_problems
from marketplace_app.web.templates import Templates

_CONTEXTS = {
    SurfaceKind.CUSTOM_PANEL: "PanelContext",
    SurfaceKind.CUSTOM_MODAL: "ModalContext",
    SurfaceKind.FLOATING_WINDOW: "FloatingContext",
    SurfaceKind.SETTINGS_PAGE: "SettingsContext",
    SurfaceKind.JSON_PANEL: "PanelContext",
    SurfaceKind.JSON_MODAL: "ModalContext",
    SurfaceKind.LINK_ACTION: "LinkContext",
}


def match(
    manifest: Manifest, extensions: Sequence[Extension], templates: Templates
) -> dict[Surface, Extension]:
    """Each surface of the manifest with its extension. Raises ConfigurationError with every problem."""
    by_name = {extension.name: extension for extension in extensions}
    problems = [
        f"extension {each.name} is not in manifest.json{_entry(each)}"
        for each in extensions
        if manifest.surface(each.name) is None
    ]
    if len(by_name) != len(extensions):
        problems.append("two extensions have the same name")
    for surface in manifest.surfaces:
        problems += _problems(surface, by_name.get(surface.name), templates)
    if problems:
        raise ConfigurationError(problems)
    for extension in extensions:
        extension.freeze()
    return {surface: by_name[surface.name] for surface in manifest.surfaces}


def _problems(surface: Surface, extension: Extension | None, templates: Templates) -> list[str]:
    if extension is None or extension.shown is None:
        said = f"manifest.json names the surface {surface.name}, which no extension shows"
        return [f"{said}; to show it: {snippet(surface)}"]
    shown = extension.shown
    if shown.kind is not surface.kind:
        return [f"{surface.name} is a {surface.kind} in manifest.json and a {shown.kind} in code"]
    if shown.view is not surface.view:
        return [f"{surface.name} is for {surface.view} in manifest.json and for {shown.view} in code"]
    if isinstance(shown, Screen) and not templates.exists(shown.template):
        return [f"{surface.name}: the template {shown.template} does not exist"]
    if isinstance(shown, Screen) and (found := templates.problem(shown.template)):
        return [f"{surface.name}: {shown.template}:{found[0]}: {found[1]}"]
    problems: list[str] = []
    if isinstance(shown, DeclaredJsonModal):
        problems += [f"{surface.name}: {problem}" for problem in shown.problems()]
    if isinstance(shown, (DeclaredJsonModal, DeclaredJsonPanel)):
        problems += schema_problems(surface, shown)
    return problems


def snippet(surface: Surface) -> str:
    """What its author would write to show it, and put into EXTENSIONS."""
    function = surface.name.replace("-", "_")
    template = f'template="{function}.html"'
    words = {
        SurfaceKind.CUSTOM_PANEL: (f'panel("{surface.view}", {template})', "show", "View"),
        SurfaceKind.CUSTOM_MODAL: (f"modal({template})", "show", "View"),
        SurfaceKind.FLOATING_WINDOW: (f"floating_window({template})", "show", "View"),
        SurfaceKind.SETTINGS_PAGE: (f"settings({template})", "show", "View"),
        SurfaceKind.JSON_PANEL: (f'json_panel("{surface.view}", Row)', "rows", "list[Row]"),
        SurfaceKind.JSON_MODAL: ("json_modal(Form)", "opened", "Form"),
        SurfaceKind.LINK_ACTION: ("link_action()", "lead", "Leave"),
    }
    decorator, handler, answer = words[surface.kind]
    made = f'extension = Extension("{surface.name}", title={json.dumps(surface.title, ensure_ascii=False)})'
    context = _CONTEXTS[surface.kind]
    return f"{made} @extension.{decorator} async def {handler}(context: {context}) -> {answer}: ..."


def _entry(extension: Extension) -> str:
    """What its author would write there."""
    if extension.shown is None:
        return ""
    view = extension.shown.view
    entry = {
        "name": extension.name,
        "kind": extension.shown.kind.value,
        "title": extension.title,
        "description": extension.title,
        **({"view": view.value} if view else {}),
        "path": f"/surfaces/{extension.name}",
        "jwt_secret": extension.name,
    }
    return f"; to name it there: {json.dumps(entry, ensure_ascii=False)}"
