"""docs/images/statement.png: both pages of one statement of the demo, side by side.

    make demo
    python tools/docs_screenshot.py out/statements/statement-S000015.pdf

Needs pdftoppm (Debian: poppler-utils) and Pillow.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

OUT = Path(__file__).parents[1] / "docs" / "images" / "statement.png"
DOTS_PER_INCH, COLOURS, MARGIN, GREY = 78, 24, 10, (208, 212, 218)


def main(statement: str) -> None:
    """Draw the pages on grey and keep few colours: the picture is text."""
    with tempfile.TemporaryDirectory() as place:
        command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-l", "2", "-png", statement, f"{place}/page"]
        subprocess.run(command, check=True, capture_output=True)
        pages = [Image.open(path).convert("RGB") for path in sorted(Path(place).glob("page*.png"))]
    width = sum(page.width for page in pages) + MARGIN * (len(pages) + 1)
    picture = Image.new("RGB", (width, max(page.height for page in pages) + 2 * MARGIN), GREY)
    at = MARGIN
    for page in pages:
        picture.paste(page, (at, MARGIN))
        at += page.width + MARGIN
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(OUT, optimize=True)
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


main(*sys.argv[1:])
