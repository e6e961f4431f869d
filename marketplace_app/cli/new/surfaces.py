from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.new.manifests import places_of, read, refuse_too_many, spoken, with_surface
from marketplace_app.cli.new.modules import with_extension
from marketplace_app.cli.new.names import as_class, as_module, as_title, checked, checked_title
from marketplace_app.cli.new.refused import Refused
from marketplace_app.cli.new.writing import has, made, write_new
from marketplace_app.domain.surface import IFRAMES, PANELS, SurfaceKind

_ABOUT = {"deal": "deal_id", "person": "person_id", "organization": "org_id"}


@dataclass(frozen=True, slots=True)
class _Plan:
    """One surface to be written."""

    app: AppFolder
    kind: SurfaceKind
    name: str
    title: str
    places: Sequence[str]

    @property
    def stem(self) -> str:
        """What its files are called in files/."""
        return self.kind.value.removeprefix("custom_").removesuffix("_page").replace("_", "-")

    @property
    def module(self) -> str:
        return as_module(self.name)

    @property
    def template(self) -> str:
        """As code names it."""
        return f"extensions/{self.module}.html" if self.app.is_checkout else f"{self.module}.html"

    @property
    def schema(self) -> str:
        return f"schemas/{self.name}.json"

    def words(self) -> dict[str, str]:
        record = self.places[0].partition("/")[0] if self.places else "deal"
        return {
            "name": self.name,
            "title": self.title,
            "view": record,
            "about": _ABOUT.get(record, "deal_id"),
            "template": self.template,
            "class_name": as_class(self.name),
        }

    def texts(self) -> dict[Path, str]:
        app, words = self.app, self.words()
        found = {app.code / f"{self.module}.py": made(f"{self.stem}.py", words)}
        if self.kind in IFRAMES:
            found[app.templates / self.template] = made(f"{self.stem}.html", words)
        if has(f"{self.stem}.json"):
            found[app.folder / self.schema] = made(f"{self.stem}.json", words)
        found[test_file(app, self.module)] = made(f"{self.stem}_test.py", words)
        return found

    def entry(self) -> dict[str, Any]:
        described = {"name": self.name, "kind": self.kind.value, "title": self.title}
        place: Mapping[str, Any] = {"views": list(self.places)}
        if self.kind in PANELS and len(self.places) == 1:
            place = {"view": self.places[0].partition("/")[0]}
        elif self.kind is SurfaceKind.FLOATING_WINDOW:
            place = {"entry_points": ["top_bar", "phone"]}
        elif self.kind is SurfaceKind.SETTINGS_PAGE:
            place = {}
        schema = {"schema": self.schema} if has(f"{self.stem}.json") else {}
        reached = {"path": f"/surfaces/{self.name}", "jwt_secret": self.name}
        return {**described, "description": f"{self.title}.", **place, **schema, **reached}


def test_file(app: AppFolder, module: str) -> Path:
    folder = app.folder / "tests" / "extensions" if app.is_checkout else app.folder / "tests"
    return folder / f"test_{module}.py"


def write_surface(
    app: AppFolder, kind: SurfaceKind, name: str, views: Sequence[str], title: str = ""
) -> list[str]:
    """What was written, in lines for who asked. Raises Refused, and then nothing is."""
    checked(name)
    places = places_of(kind, views)
    if kind in PANELS and len(places) > 1:
        raise Refused(f"A {spoken(kind)} of this backend stands beside one kind of record: give one --view.")
    refuse_too_many(read(app.manifest), kind, name, places)
    plan = _Plan(app, kind, name, checked_title(title or as_title(name)), places)
    module_text = with_extension(app.module_file.read_text(encoding="utf-8"), app.package, plan.module)
    manifest_text = with_surface(app.manifest.read_text(encoding="utf-8"), plan.entry())
    texts = plan.texts()
    write_new(texts)
    app.module_file.write_text(module_text, encoding="utf-8")
    app.manifest.write_text(manifest_text, encoding="utf-8")
    lines = [f"  {_short(file, app)}" for file in texts]
    changed = [f"  {_short(file, app)} has it now" for file in (app.module_file, app.manifest)]
    return [f"Written, the {spoken(kind)} {name!r}:", *lines, *changed]


def _short(file: Path, app: AppFolder) -> str:
    return str(file.relative_to(app.folder)) if file.is_relative_to(app.folder) else str(file)
