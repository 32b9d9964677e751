"""The ICD-10-CM Official Guidelines as rules, each with its section: `FAMILIES` checks them, `rules()` lists them.

The text followed is that of fiscal year 2026; rules that came later than ICD-10-CM itself say since when. Errors are
what the guidelines forbid outright; what they say should be, or may depend on the chart, is a warning.
"""

from collections.abc import Iterator
from functools import cache

from superbill.coding.checks.guidelines import age_sex, hospital, injuries, notes, pregnancy, sides, tables
from superbill.coding.checks.guidelines.program import Program
from superbill.coding.checks.guidelines.rule import Rule
from superbill.coding.checks.model import Check, Context
from superbill.findings import Finding

_CHAPTERS = (1, 2, 4, 5, 6, 9, 10, 13, 15, 16, 18, 19, 20, 21)
_TABLES = ("general", *(f"chapter_{number:02}" for number in _CHAPTERS), "combinations")


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the findings: the tables' by chapter, the computed ones, those that read the note."""
    told = tuple(rule for name in _TABLES for rule in tables.table(name))
    return (
        *told, *pregnancy.RULES, *injuries.RULES, *hospital.RULES, *age_sex.RULES, *sides.RULES, *notes.RULES,
    )  # fmt: skip


@cache
def _program() -> Program:
    return Program(rules())


def guidelines(context: Context) -> Iterator[Finding]:
    """The findings of all guidelines on the codes of an encounter."""
    return _program().findings(context)


FAMILIES: tuple[Check, ...] = (guidelines,)
