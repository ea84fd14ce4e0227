"""How a budget of 10,000 lines answers to its officer's hands, in Chromium: drawn, scrolled, typed, pasted.

``python -m bench.officers.screen`` measures this part alone, on a database and a server of its own. What is measured
is what a person waits for: the browser's own frames while scrolling, and its event timing, from a key to the next
picture (rounded by it to 8 ms).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from bench.officers.grid import LINES, PASTED
from bench.platform import running

_STEPS = 240  # of the wheel, from the first line to the last
_EDITS = 20
_DRAWN = "#ledger-grid[aria-busy=false] .slick-row"
_WATCH = """() => {
  window.frames_ = []; window.events_ = [];
  let before = performance.now();
  const frame = (now) => { window.frames_.push(now - before); before = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => list.getEntries().forEach((one) => window.events_.push([one.name, one.duration])))
    .observe({ type: "event", durationThreshold: 16, buffered: false });
}"""
_PASTE = """(text) => {
  const given = new DataTransfer();
  given.setData("text/plain", text);
  const began = performance.now();
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: given, bubbles: true, cancelable: true }));
  return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began))));
}"""
_LINE = "\t".join(["2010301", "50101", "30101", "基本支出", "", "一般公共预算拨款", "12.50"])


def measured() -> dict[str, tuple[float, float]]:
    """{what: (median, longest)} in ms; nothing where no Chromium is installed."""
    from playwright.sync_api import sync_playwright
    from tests.browser.serving import CHROMIUM, launched

    if CHROMIUM is None:
        return {}
    with running.database() as database, tempfile.TemporaryDirectory(prefix="zhengwu-bench-") as folder:
        environment = running.environment_of(Path(folder), database.url)
        filled = [sys.executable, "-m", "bench.officers.inside", "large", "--lines", str(LINES)]
        made = json.loads(subprocess.run(filled, env=environment, capture_output=True, check=True).stdout)
        with running.platform(Path(folder), database.url, 1) as ports, sync_playwright() as playwright:
            browser = launched(playwright)
            url = f"http://127.0.0.1:{ports[0]}"
            context = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}, locale="zh-CN")
            context.add_cookies([{"name": "sessionid", "value": made["session"], "url": url}])
            page = context.new_page()
            found = _worked(page, f"/budget/{made['budget']}/ledger/?sheet=lines")
            browser.close()
    return found


def _worked(page: Any, address: str) -> dict[str, tuple[float, float]]:
    """What an officer does, one after another."""
    opened = []
    for _ in range(5):
        page.goto(address)
        page.wait_for_selector(_DRAWN)
        opened.append(page.evaluate("performance.now()"))
    page.evaluate(_WATCH)
    grid = page.locator("#ledger-grid .slick-viewport-top.slick-viewport-left")
    height = grid.evaluate("one => one.scrollHeight - one.clientHeight")
    box = grid.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.evaluate("window.frames_.length = 0")
    for _ in range(_STEPS):
        page.mouse.wheel(0, height / _STEPS)
        page.evaluate("() => new Promise(requestAnimationFrame)")
    frames = page.evaluate("window.frames_")
    assert grid.evaluate("one => one.scrollTop") > 0.95 * height, "not scrolled to the end"
    found = {
        f"open {LINES:,} lines until they can be edited": (median(opened), max(opened)),
        f"a frame while scrolling from first to last, {_STEPS} steps": (median(frames), max(frames)),
    }

    page.locator(f"#ledger-grid .slick-row[data-row='{LINES - 1}'] .slick-cell.l8").click()
    found["a key of an amount, to be seen"] = _events(page, lambda number: page.keyboard.type(f"{number + 100}.5"))
    found["Enter: amount taken, next row"] = _events(page, lambda _: page.keyboard.press("Enter"))
    found["a page up or down"] = _events(page, lambda number: page.keyboard.press(("PageUp", "PageDown")[number % 2]))
    found["first line, last line"] = _events(page, lambda number: page.keyboard.press(("Control+Home", "Control+End")[number % 2]))  # fmt: skip
    page.locator(f"#ledger-grid .slick-row[data-row='{LINES}'] .slick-cell.l2").click()
    took = page.evaluate(_PASTE, "\n".join([_LINE] * PASTED))
    grown = grid.evaluate("one => one.scrollHeight - one.clientHeight") / height
    assert grown > 1 + 0.9 * PASTED / LINES, f"not pasted: {grown}"
    found[f"{PASTED} rows pasted, to be seen"] = (took, took)
    return found


def _events(page: Any, act: Any) -> tuple[float, float]:
    """(median, longest) of what the browser counts from an event of a hand to the next picture."""
    page.evaluate("window.events_.length = 0")
    for number in range(_EDITS):
        act(number)
        page.wait_for_timeout(60)
    page.wait_for_timeout(300)
    took = [duration for name, duration in page.evaluate("window.events_") if name.startswith("key")]
    return (median(took), max(took)) if took else (0.0, 0.0)


def report(found: dict[str, tuple[float, float]]) -> str:
    """The figures as lines of text."""
    if not found:
        return "The grid of a budget, in Chromium: not measured, there is none on this machine"
    lines = [f"{'The grid of a budget, in Chromium':58} {'median':>9} {'longest':>9}"]
    return "\n".join([*lines, *(f"{name:58} {one[0]:6.0f} ms {one[1]:6.0f} ms" for name, one in found.items())])


if __name__ == "__main__":
    print(report(measured()))
