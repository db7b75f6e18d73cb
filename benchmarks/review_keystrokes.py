"""A scripted reviewer with the keyboard alone: `python -m benchmarks.review_keystrokes http://localhost:8000 1 2 3`.

Opens each document on a running demo desk, clears every issue (Alt+Enter where something is suggested, Alt+A where
nothing is, and Enter where an error's reason is asked), and prints the keystrokes per issue; then types into a cell and
prints how long a keystroke takes to show, how long until findings have followed it, and for comparison how long this
machine takes for a fixed loop in the same page. Goal: 1.5 keystrokes per error, 50 ms, 150 ms.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Page, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium")
OPEN_ISSUES = "#issue[data-severity]"
MOST_STEPS = 400
ROUNDS = 15
TIMING = """async keys => {
  const input = document.querySelector('#panel-lines .cell-editor');
  const painted = () => new Promise(done => requestAnimationFrame(() => setTimeout(done)));
  const saved = () => document.querySelector('#save-state').dataset.status === 'saved';
  const press = key => input.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
  const times = {shown: [], settled: [], loop: []};
  for (const key of keys) {
    let start = performance.now();
    for (let n = 0, sum = 0; n < 3e6; n += 1) sum += Math.sqrt(n);
    times.loop.push(performance.now() - start);
    input.focus();
    start = performance.now();
    document.execCommand('insertText', false, key);
    await painted();
    times.shown.push(performance.now() - start);
    start = performance.now();
    press('Enter');
    while (!saved()) await painted();
    times.settled.push(performance.now() - start);
  }
  return times;
}"""


@dataclass(frozen=True, slots=True)
class Walk:
    issues: int
    keystrokes: int
    fixes: int
    """Suggestions taken, one keystroke each."""
    accepted: int
    """Warnings accepted for the reason shown, one keystroke each."""
    confirmed: int
    """Errors accepted for a reason that was confirmed, two keystrokes each."""
    left: int


def sign_in(page: Page, url: str, name: str, password: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    page.press("[name=password]", "Enter")
    page.wait_for_load_state()


def open_document(page: Page, url: str, document: str) -> None:
    page.goto(f"{url}/documents/{document}/review/")
    page.wait_for_selector("html[data-ready]", state="attached")


def open_issues(page: Page) -> int:
    return sum(int(page.locator(f"#count-{severity} b").inner_text() or 0) for severity in ("error", "warning"))


def clear(page: Page) -> Walk:
    """Settles everything; counts what a hand would press. The page opens at the first issue."""
    issues, keystrokes, fixes, accepted, confirmed = open_issues(page), 0, 0, 0, 0
    while page.locator(OPEN_ISSUES).count() and keystrokes < MOST_STEPS:
        suggested = page.locator("#issue-actions .primary").count() > 0
        fixes += suggested
        page.keyboard.press("Alt+Enter" if suggested else "Alt+a")
        keystrokes += 1
        if page.locator("#reason").count():  # an error is accepted for a reason that was looked at
            page.keyboard.press("Enter")
            keystrokes, confirmed = keystrokes + 1, confirmed + 1
        else:
            accepted += not suggested
        page.wait_for_selector("#save-state[data-status=saved]")
    return Walk(issues, keystrokes, fixes, accepted, confirmed, open_issues(page))


def latency(page: Page) -> dict[str, float]:
    page.click("#tab-lines")
    page.locator("#panel-lines td.money").first.click()
    keys = [str(n) for n in random.sample(range(100, 1000), ROUNDS)]  # others than stand there from an earlier run
    times: dict[str, list[float]] = page.evaluate(TIMING, keys)
    return {name: median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="a running demo desk")
    parser.add_argument("documents", nargs="+", help="numbers of documents to clear")
    parser.add_argument("--name", default="reviewer")
    parser.add_argument("--password", default="claimdesk-demo")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, options.url, options.name, options.password)
        walks = [report(page, options.url, document) for document in options.documents]
        browser.close()
    issues, keystrokes = sum(walk.issues for walk in walks), sum(walk.keystrokes for walk in walks)
    print(f"all: {issues} issues, {keystrokes} keystrokes: {keystrokes / max(issues, 1):.2f} each")


def report(page: Page, url: str, document: str) -> Walk:
    open_document(page, url, document)
    walk = clear(page)
    ratio = walk.keystrokes / walk.issues if walk.issues else 0
    print(
        f"document {document}: {walk.issues} issues, {walk.keystrokes} keystrokes ({ratio:.2f} each): "
        f"{walk.fixes} fixed, {walk.accepted} warnings and {walk.confirmed} errors accepted, {walk.left} left"
    )
    times = latency(page) if page.locator("#panel-lines td.money").count() else None
    if times:
        shown, settled, loop = (f"{times[name]:.0f} ms" for name in ("shown", "settled", "loop"))
        print(f"  shown {shown}, findings {settled} (fixed loop {loop})")
    return walk


if __name__ == "__main__":
    main()
