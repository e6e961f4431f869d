"""Projects: the list, tasks that are done, the form, and where REDIRECT_TO leads."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import violations
from tests.browser.host import Host

pytestmark = pytest.mark.usefixtures("reset")


def test_new_project_starts_in_the_first_phase_of_its_board(host: Host, tab: Page) -> None:
    host.open(tab, "/projects")
    tab.get_by_role("button", name="Project", exact=True).click()
    dialog = tab.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Coffee bar")
    dialog.get_by_label("Board").select_option("Partner onboarding")
    dialog.get_by_role("button", name="Save").click()
    expect(tab.get_by_role("row", name="Coffee bar")).to_contain_text("Kick-off")


def test_task_is_done_by_its_box_and_subtasks_stand_below(host: Host, tab: Page) -> None:
    project = host.write("POST", "projects", {"title": "Coffee bar", "board_id": 1, "phase_id": 1})["id"]
    top = host.write("POST", "tasks", {"title": "Install", "project_id": project})["id"]
    host.write("POST", "tasks", {"title": "Afterwards", "project_id": project})
    host.write("POST", "tasks", {"title": "Connect", "project_id": project, "parent_task_id": top})
    host.open(tab, f"/projects/{project}")
    expect(tab.locator(".moment-subject")).to_have_text(["Install", "Connect", "Afterwards"])
    tab.get_by_role("checkbox", name="Done: Connect").click()
    expect(tab.locator("[data-body='{\"done\": 0}']")).to_have_count(1)
    expect(tab.get_by_role("checkbox", name="Done: Connect")).to_be_checked()


def test_redirect_to_a_project_leads_to_its_page(host: Host, tab: Page) -> None:
    project = host.write("POST", "projects", {"title": "Coffee bar", "board_id": 1, "phase_id": 1})["id"]
    panel = host.open_deal(tab)
    panel.evaluate("args => void sdk.execute('redirect_to', args)", {"view": "projects", "id": project})
    expect(tab.get_by_role("heading", name="Coffee bar", level=1)).to_be_visible()
    host.open(tab, "/projects/99999")
    expect(tab.get_by_role("heading", name="No such project")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/projects", "/projects/1"])
def test_projects_meet_wcag_in_both_themes(host: Host, tab: Page, path: str, theme: str) -> None:
    host.open(tab, "/deals")
    assert host.script(tab, "theme", {"theme": theme}) == 200
    tab.goto(f"{host.acme}{path}")
    assert violations(tab) == []
