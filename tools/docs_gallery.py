"""docs/images/screens/*.png: the real screens of the demo, for the README and the guides.

    python -m tools.docs_gallery [NAME …]

Makes a demo of its own, serves it, and looks at it with the system's Chromium.
"""

import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright
from tests.browser_support import CHROMIUM, FLAGS, PRACTICE, RUN, Watched, serving, settled

OUT = Path(__file__).parents[1] / "docs" / "images" / "screens"
COLOURS = 64
WIDE = {"viewport": {"width": 1280, "height": 800}}
# Name: whose screen, its address in the practice, and how the browser is shaped.
SCREENS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "today": ("biller", "today", WIDE),
    "claims": ("biller", "claims", WIDE),
    "claim": ("biller", "claims/A1174P1", WIDE),
    "coding": ("coder", "visits/A1001", WIDE),
    "payments": ("poster", "payments", WIDE),
    "denials": ("biller", "denials", WIDE),
    "account": ("biller", "accounts/1", WIDE),
    "register": ("frontdesk", "register", WIDE),
    "figures": ("manager", "manage/figures/denied-dollars?by=payer", WIDE),
    "receivables-dark": ("manager", "manage/receivables", {**WIDE, "color_scheme": "dark"}),
}


def main(*wanted: str) -> None:
    """Draw the screens named, or all."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        folder = Path(place) / "out"
        subprocess.run([*RUN, "demo", "--out", str(folder), "--json"], check=True, capture_output=True)
        passwords = folder / "passwords"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with serving(folder, "--demo-users", "--password-file", str(passwords)) as served:
            for name in wanted or SCREENS:
                role, path, shape = SCREENS[name]
                watched = Watched(browser, **shape)
                watched.sign_in(served.address, role, served.passwords[role])
                watched.page.goto(f"{served.address}/p/{PRACTICE}/{path}")
                settled(watched.page)
                watched.page.wait_for_timeout(1500)  # values that come one by one
                picture = Image.open(BytesIO(watched.page.screenshot())).convert("RGB")
                file = OUT / f"{name}.png"
                picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
                print(f"{file.name}: {file.stat().st_size / 1000:.0f} kB {watched.complaints or ''}")
                watched.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
