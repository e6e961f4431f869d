"""The gallery of the kit's parts, as a foreign app in the emulator."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Frame, FrameLocator, Page

from marketplace_app.cli.local.app_folder import AppFolder
from marketplace_app.cli.local.fetch import request
from tests.browser.sightline import Seller, settled, user_named
from tests.harness.processes import wait_for
from tests.harness.stack import Stack, running_stack

GALLERY = Path(__file__).parents[2] / "examples" / "gallery"
READERS = {"en": "Marta Kask", "vi": "Nguyễn Thùy Linh"}


@contextmanager
def running_gallery(folder: Path) -> Iterator[Stack]:
    with running_stack(folder, parts=("valkey",)) as stack:
        local, app = stack.local, AppFolder.at(GALLERY)
        local.plan = replace(
            local.plan, manifest=app.manifest, settings={**local.plan.settings, **app.settings()}
        )
        local.identity = local.identity.with_surfaces(local.plan.surface_secret_names())
        local.start_emulator()
        local.start_serve()
        for name in READERS.values():
            stack.install(user_named(stack, "acme", name))
        yield stack


def frame_of(tab: Page, stack: Stack) -> Frame:
    return next(frame for frame in tab.frames if frame.url.startswith(stack.app_url))


def opened(gallery: Stack, tab: Page, language: str = "en") -> FrameLocator:
    tab.emulate_media(reduced_motion="reduce")  # colours are read as they stay, not on their way
    seller = Seller(gallery, tab, "acme", user_named(gallery, "acme", READERS[language]))
    panel = seller.open_deal(1)
    settled(panel)
    return panel


def alone(gallery: Stack, tab: Page) -> None:
    """The surface's own page, as wide as the tab."""
    tab.goto(address(gallery))
    tab.locator(".stack").wait_for()


def address(gallery: Stack) -> str:
    """Of that page, once its picture comes with the first answer: without Pipedrive it gets no second one."""
    url = str(gallery.surface("gallery", user_named(gallery, "acme", READERS["en"]), 1)["url"])
    wait_for(lambda: request("GET", url).headers["surface-state"] == "complete", 30)
    return url


def settings_page(gallery: Stack, tab: Page) -> FrameLocator:
    """The app's page in Pipedrive's settings."""
    tab.emulate_media(reduced_motion="reduce")
    seller = Seller(gallery, tab, "acme", user_named(gallery, "acme", READERS["en"]))
    seller.visit(f"/settings/marketplace/app/{gallery.identity.client_id}/app-settings")
    page = tab.frame_locator("iframe")
    settled(page)
    return page
