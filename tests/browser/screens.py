"""Takes the pictures of docs/screens: ``python -m tests.browser.screens``. Look at them after a change of the looks."""

import io
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.browser.serving import ROOT, Visitor, launched, served

FOLDER = ROOT / "docs" / "screens"
_COLOURS = 96


class Screen(NamedTuple):
    """A picture: its name, the page, who looks at it, how."""

    name: str
    path: str
    who: str = ""
    width: int = 1366
    height: int = 860
    scheme: Literal["light", "dark"] = "light"
    language: str = "zh"


_R = "/review/documents/"
SCREENS = (
    Screen("board", "/review/", "reviewer"),
    Screen("upload", "/review/upload/", "reviewer"),
    Screen("desk", _R + "{walked}/rounds/2/findings/4/", "reviewer"),
    Screen("desk-pdf-dark", _R + "{pdf}/", "reviewer", scheme="dark"),
    Screen("desk-en", _R + "{pdf}/rounds/1/findings/2/", "reviewer", language="en"),
    Screen("desk-360", _R + "{walked}/", "reviewer", 360, 800),
    Screen("confirm", _R + "{confirming}/", "reviewer"),
    Screen("changes", _R + "{walked}/rounds/2/changes/", "reviewer"),
    Screen("coverage", _R + "{walked}/rounds/2/coverage/?table=2", "reviewer"),
    Screen("budget", "/budget/{budget}/", "officer"),
    Screen("budget-ledger", "/budget/{grid}/ledger/", "reading"),
    Screen("budget-ledger-dark", "/budget/{grid}/ledger/", "reading", scheme="dark", language="en"),
    Screen("budget-compare", "/budget/{budget}/versions/compare/?old=last&new=now", "officer"),
    Screen("budget-history", "/budget/{budget}/history/", "officer"),
    Screen("budget-project", "/budget/projects/{project}/", "officer"),
    Screen("budget-publication", "/budget/{budget}/publication/", "officer"),
    Screen("budget-board", "/budget/years/2022/", "reviewer"),
    Screen("budget-control", "/budget/{budget}/control/", "reviewer"),
    Screen("budget-360", "/budget/{budget}/", "officer", 360, 800),
    Screen("home", "/"),
    Screen("department", "/d/999001/"),
    Screen("department-360", "/d/999001/", width=360, height=800),
    Screen("document", "/d/999001/2021/budget/#t1"),
    Screen("compare", "/compare/?a=299001&b=999001"),
)


def main() -> None:
    """Serve the example data, open each page, keep its picture."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as home, served(Path(home)) as platform, sync_playwright() as playwright:
        browser = launched(playwright)
        for screen in SCREENS:
            size = {"width": screen.width, "height": screen.height}
            visitor = Visitor(browser, platform, screen.who, screen.language, viewport=size, color_scheme=screen.scheme)
            visitor.page.goto(screen.path.format(**platform.made), wait_until="networkidle")
            if screen.name == "coverage":
                visitor.page.locator(".map-sheet a.coverage-broken").first.click()
                visitor.page.locator("#relations .steps").wait_for()
            keep(visitor.page.screenshot(), FOLDER / f"{screen.name}.png")
            visitor.close()
        browser.close()
    total = sum(path.stat().st_size for path in FOLDER.glob("*.png"))
    print(f"{len(SCREENS)} pictures, {total // 1000} KB")


def keep(picture: bytes, path: Path) -> None:
    """As a PNG of few colours: pages have not many."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(_COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main()
