"""Edits: what a payer rejects, found before it does. Each family has its rules and, beside them, their cases."""

from superbill.claims.model import Claim
from superbill.edits import (
    accident,
    clinical,
    cob,
    diagnosis,
    drug,
    header,
    identity,
    laboratory,
    lines,
    modifiers,
    patient,
    payer,
    subscriber,
)
from superbill.edits.rule import RULES, Context, PayerFacts, Rule, payer_facts, run
from superbill.findings import Finding

FAMILIES = (
    *(identity, payer, subscriber, patient, header, diagnosis),
    *(lines, modifiers, clinical, accident, laboratory, drug, cob),
)


def check(claim: Claim, context: Context) -> list[Finding]:
    """Every finding on a claim; errors hold it. Never raises: a rule that can't run is itself a finding."""
    return run(RULES.values(), claim, context)


__all__ = ["FAMILIES", "RULES", "Context", "PayerFacts", "Rule", "check", "payer_facts"]
