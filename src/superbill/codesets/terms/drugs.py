"""What the name of a drug tells: its class, the code of its long-term use, and for what it is usually given.

None of it is a diagnosis: a drug in a note is a reason to ask, never a condition (guidelines I.C.21.c.3 on Z79; the
codes of its indications are hints only).
"""

from superbill.codesets.terms.model import Term

LONG_TERM = "Z79"


def is_drug(term: Term) -> bool:
    """Does the term name a drug?"""
    return term.kind == "drug"


def long_term_code(term: Term) -> str:
    """The dotted code of the drug's long-term use (Z79.-), "" for a drug without a class there and for what is none."""
    return next((code for code in term.codes if code.startswith(LONG_TERM)), "") if is_drug(term) else ""


def indications(term: Term) -> tuple[str, ...]:
    """Codes of that for which the drug is usually given, the most usual first; () for what is no drug."""
    return tuple(code for code in term.codes if not code.startswith(LONG_TERM)) if is_drug(term) else ()


def drug_class(term: Term) -> str:
    """The drug's class and use in words, "" for what is no drug: "ACE inhibitor hypertension"."""
    return term.means if is_drug(term) else ""
