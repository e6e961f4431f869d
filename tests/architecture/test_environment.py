"""Settings come in through one door."""

import ast

from tests.architecture.tree import ROOT, modules

DOORS = ("marketplace_app/cli/", "marketplace_app/asgi.py")


def test_only_the_command_line_and_asgi_read_the_environment() -> None:
    readers = [
        str(m.relative_to(ROOT)) for m in modules("marketplace_app") if reads_environment(m.read_text())
    ]
    assert [reader for reader in readers if not reader.startswith(DOORS)] == []


def reads_environment(source: str) -> bool:
    names = {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    imported = {
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "os"
        for alias in node.names
    }
    return bool((names | imported) & {"environ", "environb", "getenv", "getenvb"})


def test_a_reader_would_be_noticed() -> None:
    assert reads_environment("import os\nvalue = os.environ['X']")
    assert reads_environment("from os import getenv")
