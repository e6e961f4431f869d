"""Sightline as a salesperson meets it: Pipedrive's page in a tab, our panel in its iframe."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

from marketplace_app.cli.local.fetch import request
from tests.harness.stack import Stack

PANEL = "[data-panel] iframe"


@dataclass(frozen=True, slots=True)
class Seller:
    """One user of one company with a tab; `record` is a user of world()["users"]."""

    stack: Stack
    tab: Page
    domain: str
    record: Mapping[str, Any]

    @property
    def home(self) -> str:
        return self.stack.company_url(self.domain)

    def visit(self, path: str) -> None:
        self.tab.goto(f"{self.home}/login?user={self.record['id']}&next={path}")

    def open_deal(self, deal: int) -> FrameLocator:
        """The deal's page; answers the panel, once Pipedrive shows it."""
        self.visit(f"/deal/{deal}")
        return self.panel()

    def panel(self) -> FrameLocator:
        self.tab.wait_for_selector('[data-panel][data-state="ready"]')
        return self.tab.frame_locator(PANEL)

    def write(self, method: str, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """What this user does with another program meanwhile: a call of API v2 with the own API token."""
        address = f"{self.stack.emulator_url}/api/v2/{path}"
        reply = request(method, address, body=body, headers={"x-api-token": self.record["api_token"]})
        assert reply.status in (200, 201), reply.text
        written: dict[str, Any] = reply.json()["data"]
        return written


def users_of(stack: Stack, domain: str) -> list[dict[str, Any]]:
    world = stack.control.world()
    company = next(each["id"] for each in world["companies"] if each["domain"] == domain)
    return [user for user in world["users"] if user["company_id"] == company]


def user_named(stack: Stack, domain: str, name: str) -> dict[str, Any]:
    return next(user for user in users_of(stack, domain) if user["name"] == name)


def settled(panel: FrameLocator) -> None:
    """The panel shows a picture and waits for nothing."""
    expect(panel.locator("body")).to_have_attribute("data-state", "complete", timeout=15_000)
    expect(panel.locator("#surface[aria-busy]")).to_have_count(0)
