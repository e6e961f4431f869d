"""Who may say who somebody is: a Principal is made where it was verified, and nowhere else."""

import ast
from pathlib import Path

from tests.architecture.tree import ROOT

# The signed context of an iframe; a new grant, asked of Pipedrive, and what such a grant left to check;
# a call that bears our own credentials.
MAKERS = {
    "marketplace_app/domain/context.py",
    "marketplace_app/installations/installations.py",
    "marketplace_app/oauth/notices.py",
}


def makers_in(folder: Path) -> set[str]:
    found = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Principal":
                found.add(file.relative_to(folder.parent).as_posix())
    return found


def test_principals_are_made_by_verification_only() -> None:
    assert makers_in(ROOT / "marketplace_app") == MAKERS


def test_another_maker_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "door.py").write_text("who = principal.Principal(int(query['companyId']), 1)")
    assert makers_in(tmp_path / "app") == {"app/door.py"}
