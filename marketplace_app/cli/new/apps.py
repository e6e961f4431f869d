import importlib.util
import re
import sys
from pathlib import Path

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.new.names import as_title, checked
from marketplace_app.cli.new.refused import Refused
from marketplace_app.cli.new.surfaces import write_surface
from marketplace_app.cli.new.writing import made, write_new
from marketplace_app.domain.surface import SurfaceKind

_FIRST = "next-steps"


def write_app(folder: Path, *, is_empty: bool) -> list[str]:
    """What was written, in lines for who asked. Raises Refused, and then nothing is."""
    folder = folder.resolve()
    name = checked(re.sub(r"[\s_]+", "-", folder.name.lower()), "name of an app")
    package = name.replace("-", "_")
    if folder.exists() and any(folder.iterdir()):
        raise Refused(f"{folder} is not empty; nothing was written. Name a folder that is not there yet.")
    if package in sys.stdlib_module_names or importlib.util.find_spec(package) is not None:
        raise Refused(f"Python has a module {package!r} already, so the app's would hide it; choose another.")
    words = {"title": as_title(name), "package": package}
    names = {
        "README.md": "README.md",
        "manifest.json": "manifest.json",
        "pytest.ini": "pytest.ini",
        ".gitignore": "gitignore",
        f"{package}/__init__.py": "package.py",
    }
    write_new({folder / file: made(f"app/{source}", words) for file, source in names.items()})
    (folder / "templates").mkdir()
    (folder / "tests").mkdir()
    lines = [f"Written, the app {words['title']!r} in {folder}:", *(f"  {file}" for file in names)]
    if not is_empty:
        lines += write_surface(AppFolder.at(folder), SurfaceKind.CUSTOM_PANEL, _FIRST, ["deal"])
    return [*lines, f"Run it with: marketplace-app demo --app {_as_typed(folder)}"]


def _as_typed(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
