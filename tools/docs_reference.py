"""The generated parts of the reference pages, from the code that they describe; the same code gives the same bytes.

A part stands between `<!-- generated: NAME -->` and `<!-- end -->`; what is around it is written by hand.

    python -m tools.docs_reference            say which pages are behind the code
    python -m tools.docs_reference --write    write them anew
"""

import re
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tools import docs_codes, docs_x12, docs_x12_rules, docs_x12_standard
from tools import docs_tables as tables

ROOT = Path(__file__).parents[1]
PART = re.compile(r"(?P<begin><!-- generated: (?P<name>[\w.-]+) -->\n).*?(?P<end><!-- end -->)", re.DOTALL)

PARTS: dict[str, Callable[[], str]] = {
    "command-line": tables.command_line,
    "site-file": tables.site_file,
    "payers-file": tables.payers_file,
    "contract-file": tables.contract_file,
    "edits": tables.edits,
    "findings": tables.findings,
    "adjustment-reasons": tables.adjustment_reasons,
    "x12": docs_x12.transactions,
    **{f"x12.{key}": partial(docs_x12.guide_page, key) for key in docs_x12.BY_KEY},
    "x12.segments": docs_x12_standard.segments,
    "x12.composites": docs_x12_standard.composites,
    "x12.code-sets": docs_x12_standard.code_sets,
    "x12.partners": docs_x12_standard.partners,
    **{f"x12.rules.{kind}": partial(docs_x12_rules.rules, kind) for kind in docs_x12_rules.KINDS},
    "code-layouts": docs_codes.layouts,
    "code-downloads": docs_codes.downloads,
    "code-lists": docs_codes.small_lists,
    "coding-notes": docs_codes.notes,
    "coding-guidelines": docs_codes.guidelines,
    "crosswalk": tables.crosswalk,
    "place-of-service": tables.places_of_service,
}


def rebuilt(text: str) -> str:
    """A page with every generated part made anew. Raises KeyError for a part that nothing generates."""
    return PART.sub(lambda match: f"{match['begin']}\n{PARTS[match['name']]().strip()}\n\n{match['end']}", text)


def pages() -> list[Path]:
    """The pages of the manual that have generated parts."""
    found = sorted((ROOT / "docs" / "reference").rglob("*.md"))
    return [page for page in found if PART.search(page.read_text("utf-8"))]


def main(arguments: list[str]) -> int:
    """Compare, or with --write write."""
    behind = [(page, text) for page in pages() if (text := rebuilt(page.read_text("utf-8"))) != page.read_text("utf-8")]
    for page, text in behind:
        if "--write" in arguments:
            page.write_text(text, "utf-8")
        print(f"{page.relative_to(ROOT)}: {'written' if '--write' in arguments else 'behind the code'}")
    return 1 if behind and "--write" not in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
