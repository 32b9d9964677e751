"""Clauses of a contract in a few words, for tables."""

from typing import Any

from superbill.money import dollars
from superbill.pricing.contract_methods import percent_text
from superbill.pricing.contract_model import Scope, Term


def scope_words(scope: Scope) -> str:
    """A scope in a few words: "codes 99202-99215; places 11"."""
    named = [
        f"{field.replace('_', ' ')} {' '.join(getattr(scope, field))}"
        for field in scope.__struct_fields__
        if getattr(scope, field)
    ]
    return "; ".join(named) or "everything else"


def pays_words(term: Term) -> str:
    """How a clause pays, in a few words."""
    pays: Any = term.pays
    method = str(type(pays).__struct_config__.tag)
    words: list[str] = [method.replace("-", " ")]
    for field in pays.__struct_fields__:
        value = getattr(pays, field)
        if value in (None, "") or (field == "percent" and value == 1):
            continue
        if field in ("amount", "base_rate", "factor"):
            words.append(dollars(value))
        elif field == "percent":
            words.append(percent_text(value))
        elif field == "days":
            words += [dollars(tier.rate) + (f" through day {tier.through}" if tier.through else "") for tier in value]
        else:
            words.append(str(value))
    if term.carve_out:
        words.append("(carved out)")
    if term.after:
        words.append(f"(after {term.after})")
    return " ".join(words)
