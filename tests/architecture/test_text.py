"""What no file of ours may hold."""

import re

from tests.architecture.tree import ROOT, our_files, texts

# Put together here, so that this file does not hold what it looks for.
REGISTRIES = tuple(".".join(host) for host in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org")))
ROOTS = "work|tmp|root|home"
MACHINE_PATHS = re.compile(rf"(?<![A-Za-z0-9_.$}}~-])/(?:{ROOTS})/[a-z]")


def test_no_file_names_a_registry_host() -> None:
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text] == []


def test_no_file_names_a_path_of_one_machine() -> None:
    found = [(name, match[0]) for name, text in texts() for match in [MACHINE_PATHS.search(text)] if match]
    assert found == []


def test_a_path_of_a_machine_would_be_noticed() -> None:
    assert MACHINE_PATHS.search("see /" + "work/place")
    assert not MACHINE_PATHS.search("https://example.test/" + "work/place and docs/" + "work/place")


def test_templates_escape_everything() -> None:
    """`|safe` and its like are where a name with markup in it becomes markup."""
    unsafe = re.compile(r"\|\s*safe\b|autoescape\s+false")
    templates = our_files(".html", ".jinja", ".j2", ".svg")
    found = [str(t.relative_to(ROOT)) for t in templates if unsafe.search(t.read_text(encoding="utf-8"))]
    assert found == []


def test_no_module_makes_markup_by_hand() -> None:
    found = [name for name, text in texts() if name.endswith(".py") and re.search(r"\bMarkup\(", text)]
    assert [name for name in found if not name.startswith("tests/")] == []
