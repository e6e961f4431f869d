"""The files of this checkout that are ours: what git tracks, and what it would track."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("marketplace_app", "pipedrive_emulator")
BINARY = {".png", ".ico", ".woff2", ".webp", ".jpg"}


def our_files(*suffixes: str) -> list[Path]:
    """Tracked and new files, ignored ones left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [file for file in files if file.is_file() and (not suffixes or file.suffix in suffixes)]


def texts() -> Iterator[tuple[str, str]]:
    """Path from the root, and content, of every file of words."""
    for file in our_files():
        if file.suffix not in BINARY:
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def modules(*roots: str) -> list[Path]:
    folders = tuple(ROOT / root for root in roots)
    return [file for file in our_files(".py") if any(file.is_relative_to(folder) for folder in folders)]


def functions(module: Path) -> Iterator[tuple[str, int]]:
    """`path:line name` and the number of lines, decorators left out."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            where = f"{module.relative_to(ROOT)}:{node.lineno} {node.name}"
            yield where, (node.end_lineno or node.lineno) - node.lineno + 1


def length(file: Path) -> int:
    return len(file.read_text(encoding="utf-8").splitlines())
