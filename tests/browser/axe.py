"""What axe finds on a page."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

_SCRIPT = Axe().axe_script
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_BY_LOOKS = ["color-contrast", "target-size", "scrollable-region-focusable", "link-in-text-block", "region"]


def faults(page: Page, run: Literal["tag", "rule"] = "tag") -> list[str]:
    """By all rules of WCAG 2.2 AA and of good practice ("tag"), or by those ("rule") that depend on width and colours:
    for a second look at a page that is the same otherwise."""
    only = {"type": run, "values": _TAGS if run == "tag" else _BY_LOOKS}
    expect(page.locator("[aria-busy=true]")).to_have_count(0)  # what is being made is not there to be used
    if not page.evaluate("'axe' in window"):
        page.evaluate(_SCRIPT)
    options = {"runOnly": only, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options).then(({ violations }) => violations)", options)
    return [
        f"{one['id']}: {node['target'][0]} {node['html'][:120]} {node['failureSummary'][:200]}"
        for one in found
        for node in one["nodes"][:4]
    ]
