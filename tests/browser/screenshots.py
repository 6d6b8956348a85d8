"""Pictures of conversations on a phone, for the README: ``make screenshots``."""

from __future__ import annotations

import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.cli import trained
from bot.settings import ROOT, Settings
from tests.browser.conftest import CHROMIUM, FLAGS
from tests.conftest import running

SAID = {
    "fr": "où apprendre le français près de Bellevue ?",
    "ar": "أين أتعلم الفرنسية قرب بيلفو",
    "ti": "ናይ ፈረንሳ ቋንቋ ኣብ Bellevue ክመሃር ይደሊ",
}
FRAME = """<body style="margin:0;display:flex;gap:24px;padding:24px;background:#c9d3db;align-items:flex-start">
{pictures}</body>"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        var = Path(folder)
        (var / "models").mkdir()
        model = trained(Settings())
        (var / "models" / model.name).write_bytes(model.read_bytes())
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with running(var) as started:
            for language, text in SAID.items():
                page = browser.new_page(viewport={"width": 390, "height": 1180})
                page.goto(f"{started.url}/?lang={language}")
                page.fill("#text", text)
                page.press("#text", "Enter")
                page.locator(".card").first.wait_for()
                page.evaluate("scrollTo(0, 0)")
                page.screenshot(path=var / f"{language}.png")
        pictures = "".join(f'<img src="file://{var / f"{language}.png"}">' for language in SAID)
        (var / "all.html").write_text(FRAME.format(pictures=pictures))
        page = browser.new_page(viewport={"width": 1266, "height": 1228})
        page.goto(f"file://{var / 'all.html'}")
        page.screenshot(path=ROOT / "docs" / "conversations.png")
        browser.close()


if __name__ == "__main__":
    main()
