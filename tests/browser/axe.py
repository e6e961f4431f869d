"""What axe-core finds on a page, by WCAG 2.2 AA."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Frame, Page

AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
# What WCAG 2.2 AA asks, and nothing of taste.
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "iframes": False}


def findings(frame: Frame | Page) -> list[str]:
    """Of all its rules, one line per rule that is broken, with the first place where it is."""
    frame.evaluate(AXE.read_text())
    result: dict[str, Any] = frame.evaluate(
        "async () => await axe.run(document, {resultTypes: ['violations']})"
    )
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in result["violations"]]


def violations(tab: Page) -> list[str]:
    tab.evaluate(AXE.read_text())
    found: dict[str, Any] = tab.evaluate("rules => axe.run(document, rules)", RULES)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
