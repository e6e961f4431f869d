import ast


def lines_of_code(source: str) -> int:
    """Without imports and blank lines, as the promise of eight lines counts them."""
    tree = ast.parse(source)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    imported = {line for node in imports for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    lines = enumerate(source.splitlines(), 1)
    return sum(bool(line.strip()) and number not in imported for number, line in lines)
