"""A file that outgrows these holds two ideas."""

import gzip
from statistics import median

import pytest

from tests.architecture.tree import PACKAGES, ROOT, functions, length, modules

LONGEST_MODULE, USUAL_MODULE = 300, 120
LONGEST_FUNCTION, USUAL_FUNCTION = 40, 10


def test_no_module_is_long() -> None:
    ours = modules(*PACKAGES, "scripts", "tests", "bench")
    long = {str(m.relative_to(ROOT)): length(m) for m in ours if length(m) > LONGEST_MODULE}
    assert not long


def test_no_function_is_long() -> None:
    found = [pair for module in modules(*PACKAGES, "scripts", "bench") for pair in functions(module)]
    assert not {where: lines for where, lines in found if lines > LONGEST_FUNCTION}


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_and_functions_are_usually_short(package: str) -> None:
    ours = modules(package)
    assert median(length(module) for module in ours) <= USUAL_MODULE
    assert median(lines for module in ours for _, lines in functions(module)) <= USUAL_FUNCTION


def test_surface_js_is_small() -> None:
    """300 lines and 4 KiB as it is sent: the server renders, and this only shows."""
    octets = (ROOT / "static" / "surface.js").read_bytes()
    assert len(octets.splitlines()) <= 300
    assert len(gzip.compress(octets, 9)) <= 4096
