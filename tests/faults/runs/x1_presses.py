"""X1 where the page is not drawn by the server alone: parts of its address, and what a press brings.

The panel stands in Pipedrive's page here, and its picture is swapped; snackbars repeat names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from playwright.sync_api import FrameLocator, Page, Route, expect

from tests.faults.lab.hostile_town import HostileTown
from tests.faults.lab.lab import Lab
from tests.faults.lab.markup import Trial, payload
from tests.faults.lab.watched import Watch
from tests.integration.person import with_query

_PARAMETERS = (
    "id",
    "theme",
    "selectedIds",
    "resource",
    "view",
    "data",
    "context",
    "filter",
    "excludedIds",
    "x",
)
_OF_THE_DOOR = ("error", "error_description", "state", "code")
_FIRST = 1_000_000  # payloads of addresses have numbers of their own
_PATIENCE_MILLISECONDS = 30_000


@dataclass(slots=True)
class Addresses:
    """Pairs are a payload and a parameter of a page."""

    watch: Watch
    lab: Lab
    number: int = _FIRST
    pairs: int = 0

    def look(self, panel_url: str) -> list[str]:
        """What ran, with our policy and without any, on a good page, a refusal and the first door."""
        texts = self._texts((*_PARAMETERS, *_OF_THE_DOOR))
        in_panel = {name: texts[name] for name in _PARAMETERS}
        at_the_door = "&".join(f"{name}={quote(texts[name])}" for name in _OF_THE_DOOR)
        pages = {
            with_query(panel_url, **in_panel): len(in_panel),
            with_query(panel_url, **in_panel, token="x"): len(in_panel),
            f"{self.lab.app_url()}/oauth/callback?{at_the_door}": len(_OF_THE_DOOR),
        }
        bodies = dict.fromkeys(pages)
        ran = self.watch.visit(bodies, policy=True)[0] + self.watch.visit(bodies, policy=False)[0]
        return [f"of an address: {what}" for what in ran]

    def _texts(self, names: tuple[str, ...]) -> Mapping[str, str]:
        """One that is alive for each."""
        found: dict[str, str] = {}
        while len(found) < len(names):
            numbers = range(self.number, self.number + 2 * len(names))
            self.number = numbers.stop
            tried = [Trial(each, "query", f"<body><p>{payload(each)}</p>") for each in numbers]
            texts = [payload(trial.number) for trial in self.watch.alive(tried)]
            found |= dict(zip((name for name in names if name not in found), texts, strict=False))
        self.pairs += len(_PARAMETERS) * 2 + len(_OF_THE_DOOR)
        return found


def press(watch: Watch, town: HostileTown, *, policy: bool) -> list[str]:
    """Refreshes the panel in Pipedrive's page, finishes the step and opens it again; what ran meanwhile."""
    tab = watch.context.new_page()
    if not policy:
        tab.route(f"{town.lab.app_url()}/surfaces/**", _without_policy)
    panel = _opened(tab, town)
    with tab.expect_response(lambda reply: "/sections/all" in reply.url, timeout=_PATIENCE_MILLISECONDS):
        panel.get_by_role("button", name="Refresh").click()
    _settled(panel)
    panel.get_by_role("button", name="Done", exact=True).click()
    panel.get_by_role("button", name="Undo").click(timeout=_PATIENCE_MILLISECONDS)
    expect(panel.get_by_role("button", name="Done", exact=True)).to_be_visible(timeout=_PATIENCE_MILLISECONDS)
    watch.listen(tab)
    tab.close()
    return [f"after a press: {what}" for what in watch.take()[0]]


def _opened(tab: Page, town: HostileTown) -> FrameLocator:
    world = town.lab.control.world()
    domain = next(each["domain"] for each in world["companies"] if each["id"] == town.user["company_id"])
    home = f"http://{domain}.localhost:{urlsplit(town.lab.emulator_url).port}"
    tab.goto(f"{home}/login?user={town.user['id']}&next=/deal/{town.ids['with step']}")
    tab.wait_for_selector('[data-panel][data-state="ready"]', timeout=_PATIENCE_MILLISECONDS)
    panel = tab.frame_locator("[data-panel] iframe")
    _settled(panel)
    return panel


def _settled(panel: FrameLocator) -> None:
    body = panel.locator("body")
    expect(body).to_have_attribute("data-state", "complete", timeout=_PATIENCE_MILLISECONDS)
    expect(panel.locator("#surface[aria-busy]")).to_have_count(0, timeout=_PATIENCE_MILLISECONDS)


def _without_policy(route: Route) -> None:
    reply = route.fetch()
    headers = {name: value for name, value in reply.headers.items() if name != "content-security-policy"}
    route.fulfill(response=reply, headers=headers)
