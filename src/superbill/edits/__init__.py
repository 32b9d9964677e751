"""Edits: what a payer rejects, found before it does. Each family has its rules and, beside them, their cases.

A family is a folder here with the modules of its rules (`rule.py`, or several) and `cases.yaml`; it is found by itself.
"""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from superbill.claims.model import Claim
from superbill.edits.context import (
    Authorization,
    Context,
    CoverageSpan,
    Enrolment,
    History,
    PastClaim,
    PastLine,
    PayerFacts,
    payer_facts,
)
from superbill.edits.reference import NO_REFERENCE, Reference
from superbill.edits.rule import RULES, Rule, RuleSet
from superbill.findings import Finding

FAMILIES: tuple[ModuleType, ...] = tuple(
    import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__) if found.ispkg
)
ALL = RuleSet(RULES.values())


def check(claim: Claim, context: Context) -> list[Finding]:
    """Every finding on a claim; errors hold it. Never raises: a rule that can't run is itself a finding."""
    return ALL.run(claim, context)


def not_checked(claim: Claim, context: Context) -> dict[str, list[str]]:
    """What applies to the claim and did not run: by the table of which no release is in force, the ids of the rules."""
    lacking: dict[str, list[str]] = {}
    day = claim.service.start
    for rule in ALL.unable(claim, context):
        for system in rule.needs:
            if day is None or not context.reference.in_force(system, day):
                lacking.setdefault(system, []).append(rule.id)
    return lacking


__all__ = [
    "ALL",
    "FAMILIES",
    "NO_REFERENCE",
    "RULES",
    "Authorization",
    "Context",
    "CoverageSpan",
    "Enrolment",
    "History",
    "PastClaim",
    "PastLine",
    "PayerFacts",
    "Reference",
    "Rule",
    "RuleSet",
    "check",
    "not_checked",
    "payer_facts",
]
