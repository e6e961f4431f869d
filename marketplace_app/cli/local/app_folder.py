"""An app on this backend by its folder: manifest.json, templates, and the module with its EXTENSIONS."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from marketplace_app.cli.local.plan import CHECKOUT

NAME = "EXTENSIONS"
_LEFT_OUT = ("tests", "node_modules")


class NoApp(Exception):
    """There is no app in that folder; the text says what is missing and what to do."""


@dataclass(frozen=True, slots=True)
class AppFolder:
    """`module_file` assigns EXTENSIONS; `templates` is where its own templates lie."""

    folder: Path
    module_file: Path
    templates: Path

    @classmethod
    def at(cls, folder: Path) -> "AppFolder":
        """Raises NoApp."""
        folder = folder.resolve()
        if not (folder / "manifest.json").is_file():
            raise NoApp(
                f"There is no manifest.json in {folder}. Go to the folder of an app, or make one: "
                "marketplace-app new app FOLDER"
            )
        if folder == CHECKOUT:
            ours = CHECKOUT / "marketplace_app" / "extensions" / "__init__.py"
            return cls(folder, ours, CHECKOUT / "templates")
        found = [file for file in _candidates(folder) if extensions_tuple(file.read_text()) is not None]
        if len(found) != 1:
            how_many = f"{len(found)} modules" if found else "No module"
            raise NoApp(
                f"{how_many} of {folder} assign{'' if found else 's'} a tuple {NAME}; one must, at the top "
                f"of its file: {NAME} = (extension,)"
            )
        return cls(folder, found[0], folder / "templates")

    @property
    def manifest(self) -> Path:
        return self.folder / "manifest.json"

    @property
    def is_checkout(self) -> bool:
        return self.folder == CHECKOUT

    @property
    def code(self) -> Path:
        """Where the modules of its extensions lie."""
        return self.module_file.parent

    @property
    def package(self) -> str:
        """The dotted name of that folder; empty when its modules stand alone."""
        return ".".join(self._above())

    @property
    def module(self) -> str:
        """What can be imported to get EXTENSIONS."""
        names = [*self._above(), self.module_file.stem]
        return ".".join(name for name in names if name != "__init__")

    @property
    def root(self) -> Path:
        """The folder from which `module` is imported."""
        return self.code.parents[len(self._above()) - 1] if self._above() else self.code

    def settings(self) -> dict[str, str]:
        """What plugs it in, beside MANIFEST."""
        if self.is_checkout:
            return {}
        return {
            "EXTENSIONS": f"{self.module}:{NAME}",
            "TEMPLATES_DIR": str(self.templates),
            "PYTHONPATH": str(self.root),
        }

    def files(self) -> Iterator[Path]:
        """What a running app is made of: modules, templates, translations, manifest and schemas."""
        yield self.manifest
        yield from self.folder.glob("schemas/*.json")
        for folder, patterns in ((self.code, ("*.py",)), (self.templates, ("*.html", "*.po"))):
            for pattern in patterns:
                found = folder.rglob(pattern)
                yield from (file for file in found if not _is_left_out(file.relative_to(folder)))

    def _above(self) -> list[str]:
        names: list[str] = []
        folder = self.code
        while (folder / "__init__.py").is_file():
            names.insert(0, folder.name)
            folder = folder.parent
        return names


def extensions_tuple(source: str) -> ast.Tuple | None:
    """The tuple that is assigned to EXTENSIONS; None when there is none or the file cannot be read."""
    try:
        statements = ast.parse(source).body
    except SyntaxError:
        return None
    for statement in statements:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign):
            targets = [statement.target]
        is_ours = any(isinstance(target, ast.Name) and target.id == NAME for target in targets)
        if is_ours and isinstance(statement.value, ast.Tuple):  # type: ignore[attr-defined]
            return statement.value  # type: ignore[attr-defined]
    return None


def _candidates(folder: Path) -> Iterator[Path]:
    for file in sorted(
        [*folder.glob("*.py"), *folder.glob("*/__init__.py"), *folder.glob("*/extensions.py")]
    ):
        if not _is_left_out(file.relative_to(folder)):
            yield file


def _is_left_out(path: Path) -> bool:
    return any(part in _LEFT_OUT or part.startswith(".") for part in path.parts)
