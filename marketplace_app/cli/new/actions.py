import re
from pathlib import Path

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.new.manifests import read
from marketplace_app.cli.new.modules import with_imported
from marketplace_app.cli.new.names import as_module, as_title, checked
from marketplace_app.cli.new.refused import Refused
from marketplace_app.cli.new.surfaces import test_file
from marketplace_app.cli.new.writing import made, write_new
from marketplace_app.domain.surface import IFRAMES, Surface

KIT = "marketplace_app.kit"
_NEEDED = ("ActionContext", "Replies", "Snackbar", "say")
_MACROS = re.compile(r'\{% from "kit/parts\.html" import ([\w, ]+) %\}')
_LAST = re.compile(r"</div>\s*\Z")
_TEMPLATE = re.compile(r'template="([^"]+)"')


def write_action(app: AppFolder, name: str, surface_name: str) -> list[str]:
    """What was written, in lines for who asked. Raises Refused, and then nothing is."""
    checked(name)
    surface = _surface(app, surface_name)
    module = app.code / f"{as_module(surface.name)}.py"
    if not module.is_file():
        raise Refused(f"The module of {surface.name} was looked for at {module}, and is not there.")
    source = module.read_text(encoding="utf-8")
    function = as_module(name)
    if f'action("{name}"' in source or re.search(rf"^(async )?def {function}\b", source, re.MULTILINE):
        raise Refused(f"{module.name} has {name!r} already; choose another name.")
    record = f", {surface.view}=1" if surface.view else ""
    words = {"name": name, "title": as_title(name), "function": function, "surface": surface.name}
    words["record"] = record
    write_new({test_file(app, f"{as_module(surface.name)}_{function}"): made("action_test.py", words)})
    changed = with_imported(source, KIT, *_NEEDED).rstrip("\n") + "\n" + made("action.py", words)
    module.write_text(changed, encoding="utf-8")
    return [
        f"Written, the action {name!r} of {surface.name}:",
        f"  {module.name}",
        *_button(app, source, words),
    ]


def _surface(app: AppFolder, name: str) -> Surface:
    manifest = read(app.manifest)
    surface = manifest.surface(name)
    if surface is None:
        known = ", ".join(each.name for each in manifest.surfaces) or "none yet"
        raise Refused(f"manifest.json has no surface {name!r}; there are: {known}.")
    if surface.kind not in IFRAMES:
        raise Refused(
            f"{name} has no buttons of its own; Pipedrive draws it. Actions are of panels and modals."
        )
    return surface


def _button(app: AppFolder, source: str, words: dict[str, str]) -> list[str]:
    """Puts the button at the end of the template, or says what to put where."""
    line = f'{{{{ button(_("{words["title"]}"), "{words["name"]}", "{words["name"]}", ticket) }}}}'
    named = _TEMPLATE.search(source)
    file = app.templates / named[1] if named else Path()
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    macros, last = _MACROS.search(text), _LAST.search(text)
    if macros is None or last is None:
        return [f"Put its button where it belongs in the template: {line}"]
    parts = sorted({*(each.strip() for each in macros[1].split(",")), "button"})
    text = f"{text[: last.start()]}{line}\n{text[last.start() :]}"
    start, end = macros.span(1)
    file.write_text(text[:start] + ", ".join(parts) + text[end:], encoding="utf-8")
    return [f"  {file.name} has its button now"]
