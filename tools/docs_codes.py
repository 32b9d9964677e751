"""The reference of code sets and coding checks: layouts, downloads, lists, guideline rules, enforced notes."""

import tempfile
from datetime import date
from pathlib import Path

from tools.docs_tables import code, table

from superbill.codesets import lists
from superbill.codesets.icd10cm import instructions
from superbill.codesets.icd10cm.lookup import CodeBook
from superbill.codesets.layouts import LAYOUTS
from superbill.codesets.official import editions
from superbill.codesets.store import open_default
from superbill.coding.checks.guidelines import rules
from superbill.findings import Severity

APRIL = date(2026, 4, 1)


def layouts() -> str:
    """The file layouts that `codesets import` knows, with the systems of the releases they give."""
    return table(
        ("file", "gives releases of"),
        ([layout.title, ", ".join(code(system) for system in layout.systems)] for layout in LAYOUTS),
    )


def downloads() -> str:
    """What `codesets update` knows of."""
    return table(
        ("edition", "from", "bytes known"),
        (
            [each.title, each.effective.isoformat(), "yes" if each.sha256 or each.members else "no"]
            for each in editions()
        ),
    )


def small_lists() -> str:
    """The lists that ship with the package, in our own words."""
    return table(
        ("list", "title", "whose", "codes"),
        ([code(name), each.title, each.owner, f"{len(each.codes()):,}"] for name, each in sorted(_lists().items())),
    )


def _lists() -> dict[str, lists.CodeList]:
    return {each.system: each for each in lists.systems()}


def guidelines() -> str:
    """Every rule of the official guidelines that is checked."""
    return table(
        ("section", "rule", "what it finds", "severity", "since"),
        (
            [each.section, code(each.id), each.title, _severity(each.severity), each.since.isoformat()]
            for each in rules()
        ),
    )


def _severity(severity: Severity) -> str:
    return severity.value


def notes() -> str:
    """How many of the Tabular List's instructions are enforced."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_default(Path(folder))
        try:
            return instructions.table(instructions.coverage(CodeBook(store, APRIL)))
        finally:
            store.close()
