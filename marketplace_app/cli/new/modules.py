"""Changes of a module that somebody else wrote: an import more, a name more in EXTENSIONS."""

import ast

from marketplace_app.cli.local.app_folder import extensions_tuple
from marketplace_app.cli.new.refused import Refused

LONGEST_LINE = 110


def with_extension(source: str, package: str, name: str) -> str:
    """`from package.name import extension as name`, and `name` at the end of EXTENSIONS."""
    found = extensions_tuple(source)
    if found is None:
        raise Refused("There is no tuple EXTENSIONS to add the extension to.")
    lines = source.splitlines(keepends=True)
    start = _offset(lines, found.lineno, found.col_offset)
    end = _offset(lines, found.end_lineno or 0, found.end_col_offset or 0)
    names = [ast.get_source_segment(source, each) or "" for each in found.elts]
    longer = _longer(source[start:end], names, name, LONGEST_LINE - found.col_offset)
    changed = source[:start] + longer + source[end:]
    module = f"{package}.{name}" if package else name
    return with_line(changed, f"from {module} import extension as {name}")


def with_imported(source: str, module: str, *names: str) -> str:
    """These names are imported from that module, beside those that already are."""
    tree = ast.parse(source)
    found = next(
        (node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module == module), None
    )
    if found is None:
        return with_line(source, import_of(module, names))
    known = [f"{each.name} as {each.asname}" if each.asname else each.name for each in found.names]
    if set(names) <= set(known):
        return source
    lines = source.splitlines(keepends=True)
    fresh = import_of(module, {*known, *names}) + "\n"
    return "".join([*lines[: found.lineno - 1], fresh, *lines[found.end_lineno or found.lineno :]])


def import_of(module: str, names: "set[str] | tuple[str, ...]") -> str:
    """In the order in which the linter sorts: constants, classes, functions."""
    ordered = sorted(names, key=lambda each: (not each.isupper(), not each[:1].isupper(), each.lower()))
    line = f"from {module} import {', '.join(ordered)}"
    if len(line) <= LONGEST_LINE:
        return line
    return "\n".join([f"from {module} import (", *(f"    {each}," for each in ordered), ")"])


def with_line(source: str, line: str) -> str:
    """An import more, where the linter would sort it among the others of the same top package."""
    lines = source.splitlines()
    imports = [node for node in ast.parse(source).body if isinstance(node, ast.Import | ast.ImportFrom)]
    if not imports:
        doc = 1 if ast.get_docstring(ast.parse(source)) is not None else 0
        at = (ast.parse(source).body[0].end_lineno or 0) if doc else 0
        return (
            "\n".join([*lines[:at], *([""] if doc else []), line, *([] if doc else [""]), *lines[at:]]) + "\n"
        )
    after = [node for node in imports if _key(ast.unparse(node)) < _key(line)]
    at = (after[-1].end_lineno or 0) if after else imports[0].lineno - 1
    return "\n".join([*lines[:at], line, *lines[at:]]) + "\n"


def _key(line: str) -> tuple[str, str]:
    module = line.split()[1]
    return module, line


def _longer(text: str, names: list[str], name: str, room: int) -> str:
    """The tuple's text with one name more; on several lines where it was, or would be too long."""
    if "\n" in text:
        return f"{text[:-1].rstrip().rstrip(',')},\n    {name},\n)"
    line = f"({', '.join([*names, name])})" if names else f"({name},)"
    return line if len(line) <= room else "\n".join(["(", *(f"    {each}," for each in [*names, name]), ")"])


def _offset(lines: list[str], line: int, column: int) -> int:
    """AST columns count octets."""
    before = lines[line - 1].encode()[:column].decode()
    return sum(map(len, lines[: line - 1])) + len(before)
