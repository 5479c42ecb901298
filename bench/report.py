"""How large the report is and how long a browser takes to draw it, by number of records.

python bench/report.py [RECORDS...]    default: 1000 10000 100000; needs Chromium and playwright
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import sync_playwright

from pipeline.report.collect import Collected, Row
from pipeline.report.render import render

WORDS = (
    "council budget vote storm ferry harbour market bank profit school hospital bridge strike wage election minister "
    "court trial police fire flood drought harvest museum festival league final coach record export tariff energy"
).split()
TOPICS = ("politics", "economy", "crime", "sport", "health", "science", "arts", "conflict", "disaster", "environment")


def rows(count: int) -> list[Row]:
    pick = random.Random(4)
    made = []
    for _ in range(count):
        when = datetime(2026, 9, 1) + timedelta(minutes=pick.randrange(60 * 1440))
        title = " ".join(pick.choices(WORDS, k=9)) + f" {pick.randrange(10_000)}"
        source = f"outlet-{int(pick.paretovariate(0.7)) % 200:03d}.example"
        made.append(Row(f"{pick.getrandbits(128):032x}", title, f"{when.isoformat()}Z", source, "en",
                        (pick.choice(TOPICS),), ("Norway",), (), "", None, None, None, "b"))  # fmt: skip
    return sorted(made, key=lambda row: (row.when or "", row.id), reverse=True)


def main() -> None:
    sizes = [int(a) for a in sys.argv[1:]] or [1_000, 10_000, 100_000]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for size in sizes:
            before = time.process_time()
            page = render(Collected(tuple(rows(size)), size, (), (), (), ()), title="bench")
            cpu = time.process_time() - before
            file = Path(folder) / "report.html"
            file.write_bytes(page)
            tab = browser.new_page()
            before = time.monotonic()
            tab.goto(file.as_uri())
            tab.wait_for_selector("body[data-ready]", timeout=120_000)
            ready = time.monotonic() - before
            before = time.monotonic()
            tab.fill("#search", "bank profit")
            tab.wait_for_function("document.getElementById('results').textContent !== ''")
            print(f"{size} records: {len(page) / 1e6:.2f} MB, {cpu:.1f} CPU s, drawn after {ready:.2f} s, "
                  f"search {time.monotonic() - before:.2f} s")  # fmt: skip
            tab.close()
        browser.close()


if __name__ == "__main__":
    main()
