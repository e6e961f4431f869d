"""Who may say who somebody is: a Principal is made where it was verified, and nowhere else."""

import ast
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT

# The signed context of an iframe; a new grant, asked of Pipedrive; a call that bears our own credentials,
# also one for a channel or a job, whose id says where its record must lie; and
# what one of these has left on record: a company's users, the rounds' schedule, the journal's notices; and
# the operator, who says whose installation to end.
MAKERS = {
    "marketplace_app/cli/installations.py",
    "marketplace_app/domain/context.py",
    "marketplace_app/installations/forgetting.py",
    "marketplace_app/installations/granting.py",
    "marketplace_app/installations/installations.py",
    "marketplace_app/installations/replay.py",
    "marketplace_app/installations/rounds.py",
    "marketplace_app/jobs/attempts.py",
    "marketplace_app/messaging/gate.py",
    "marketplace_app/oauth/notices.py",
    "marketplace_app/storage/jobs.py",
    "marketplace_app/storage/sweep.py",
}
CLIENT_MAKERS = {f"marketplace_app/installations/{name}.py" for name in ("granting", "installations")}
FOR_VIEWERS = tuple(f"marketplace_app/{room}" for room in ("surfaces", "messaging", "kit", "extensions"))


def makers_in(folder: Path, made: str = "Principal") -> set[str]:
    found = set()
    for file in folder.rglob("*.py"):
        tree = ast.parse(file.read_text())
        names = _names_of(made, tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and any(_is_named(each, names) for each in (node.func, *node.args)):
                found.add(file.relative_to(folder.parent).as_posix())
    return found


def _names_of(made: str, tree: ast.AST) -> set[str]:
    """What the class is called in a module: also by another name that it was imported under."""
    aliases = [alias for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names]
    return {made} | {alias.asname for alias in aliases if alias.name == made and alias.asname}


def _is_named(node: ast.expr, names: set[str]) -> bool:
    """Called itself, or given to something that may call it, such as partial or map."""
    return isinstance(node, (ast.Name, ast.Attribute)) and ast.unparse(node).rpartition(".")[2] in names


def namers_in(folder: Path, name: str) -> set[str]:
    """Whoever has that word in its code, called or not."""
    return {
        file.relative_to(folder.parent).as_posix()
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if name in (getattr(node, "attr", None), getattr(node, "id", None), getattr(node, "name", None))
        or (isinstance(node, ast.Constant) and node.value == name)
    }


def test_principals_are_made_by_verification_only() -> None:
    assert makers_in(ROOT / "marketplace_app") == MAKERS


def test_clients_are_made_of_installations_only() -> None:
    assert makers_in(ROOT / "marketplace_app", "PipedriveClient") == CLIENT_MAKERS


@pytest.mark.parametrize("folder", FOR_VIEWERS)
def test_what_a_viewer_sees_acts_as_the_viewer(folder: str) -> None:
    """Nobody sees or does in a panel what a colleague may."""
    assert namers_in(ROOT / folder, "as_company") == set()


@pytest.mark.parametrize("token", ["access_token", "refresh_token"])
def test_nobody_else_has_a_token_in_hand(token: str) -> None:
    """There is no third way to one: who keeps them, who renews them, and who sends them."""
    rooms = {name.rpartition("/")[0] for name in namers_in(ROOT / "marketplace_app", token)}
    assert rooms == {f"marketplace_app/{name}" for name in ("domain", "installations", "pipedrive")}


@pytest.mark.parametrize(
    "line",
    [
        "api = PipedriveClient(who, source, line, clock)",
        "from client import PipedriveClient as Api\napi = Api(who, source, line, clock)",
        "import client\napi = client.PipedriveClient(who, source, line, clock)",
        "api = partial(PipedriveClient, who)(source, line, clock)",
        "apis = map(PipedriveClient, everybody)",
    ],
)
def test_another_way_to_a_client_would_be_found(line: str, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "door.py").write_text(line)
    assert makers_in(tmp_path / "app", "PipedriveClient") == {"app/door.py"}


def test_a_token_in_another_hand_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "door.py").write_text("send((await store.find(who)).tokens.access_token)")
    assert namers_in(tmp_path / "app", "access_token") == {"app/door.py"}


def test_another_maker_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "door.py").write_text("who = principal.Principal(int(query['companyId']), 1)")
    (tmp_path / "app" / "own.py").write_text("api = client.PipedriveClient(who, source, transport, clock)")
    assert makers_in(tmp_path / "app") == {"app/door.py"}
    assert makers_in(tmp_path / "app", "PipedriveClient") == {"app/own.py"}


@pytest.mark.parametrize(
    "line",
    ["api = await installations.as_company(1)", "ask = self.parts.as_company", "getattr(x, 'as_company')"],
)
def test_a_surface_that_acts_for_a_company_would_be_found(tmp_path: Path, line: str) -> None:
    (tmp_path / "surfaces").mkdir()
    (tmp_path / "surfaces" / "panel.py").write_text(f"async def f():\n    {line}")
    assert namers_in(tmp_path / "surfaces", "as_company") == {"surfaces/panel.py"}
