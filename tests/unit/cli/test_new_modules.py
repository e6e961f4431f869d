import ast

import pytest

from marketplace_app.cli.new.modules import with_extension, with_imported

KIT = "marketplace_app.kit"
LONG = f"from {KIT} import ActionContext, Extension, PanelContext, Refresh, Replies, Snackbar, count, say"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("EXTENSIONS = ()", "EXTENSIONS = (two,)"),
        ("EXTENSIONS = (one,)", "EXTENSIONS = (one, two)"),
        ("EXTENSIONS: tuple[int, ...] = (one, more)", "EXTENSIONS: tuple[int, ...] = (one, more, two)"),
        ("EXTENSIONS = (\n    one,\n    more,\n)", "EXTENSIONS = (\n    one,\n    more,\n    two,\n)"),
        ("é = 1; EXTENSIONS = (é,)", "é = 1; EXTENSIONS = (é, two)"),
    ],
)
def test_a_name_is_added_to_the_tuple(before: str, after: str) -> None:
    changed = with_extension(f"import os\n\n{before}\n", "package", "two")
    assert changed == f"import os\nfrom package.two import extension as two\n\n{after}\n"


def test_a_docstring_stays_the_first() -> None:
    changed = with_extension('"""What it is."""\n\nEXTENSIONS = ()\n', "package", "two")
    assert ast.get_docstring(ast.parse(changed)) == "What it is."
    assert "from package.two import extension as two\n" in changed


def test_an_import_gets_what_it_lacks_in_the_linters_order() -> None:
    changed = with_imported(
        "from marketplace_app.kit import Extension, say\n\nx = 1\n", KIT, "Snackbar", "say"
    )
    assert changed == "from marketplace_app.kit import Extension, Snackbar, say\n\nx = 1\n"
    assert with_imported(changed, KIT, "say") == changed


def test_an_import_that_grows_too_long_is_broken() -> None:
    changed = with_imported(LONG + "\n", KIT, "Notification")
    assert changed.startswith("from marketplace_app.kit import (\n    ActionContext,\n    Extension,\n")
    assert max(map(len, changed.splitlines())) <= 110
    assert ast.parse(changed).body


def test_a_tuple_that_grows_too_long_is_broken() -> None:
    names = [f"surface_number_{number}" for number in range(6)]
    changed = with_extension(f"import os\n\nEXTENSIONS = ({', '.join(names)})\n", "package", "two")
    assert changed.endswith(
        "EXTENSIONS = (\n" + "".join(f"    {each},\n" for each in [*names, "two"]) + ")\n"
    )
