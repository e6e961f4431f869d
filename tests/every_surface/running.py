"""The app of this package on a running stack, installed for some of acme's users."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.browser.sightline import user_named
from tests.harness.stack import Stack, running_stack

HERE = Path(__file__).parent
MANIFEST = HERE / "manifest.json"
SETTINGS = {
    "EXTENSIONS": "tests.every_surface.extensions:EXTENSIONS",
    "MANIFEST": str(MANIFEST),
    "TEMPLATES_DIR": str(HERE / "templates"),
    "PYTHONPATH": str(HERE.parents[1]),
}
SURFACES = {"every-panel", "every-modal", "every-window", "every-settings", "every-link"}
USERS = ("Marta Kask", "Nguyễn Thùy Linh", "Jack Miller")  # an admin, a Vietnamese reader, neither


@contextmanager
def running_every(folder: Path) -> Iterator[Stack]:
    with running_stack(folder, parts=("valkey",)) as stack:
        local = stack.local
        local.plan = replace(local.plan, manifest=MANIFEST, settings={**local.plan.settings, **SETTINGS})
        local.identity = local.identity.with_surfaces(SURFACES)
        local.start_emulator()
        local.start_serve()
        for name in USERS:
            stack.install(user_named(stack, "acme", name))
        yield stack
