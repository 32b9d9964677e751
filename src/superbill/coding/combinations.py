"""Codes that change each other: combination codes and exclusions, from a table of sourced rules."""

from functools import cache

from msgspec import Struct, convert

from superbill.codesets.crosswalk import lookup as crosswalk
from superbill.coding.context import Visit, suggested
from superbill.coding.diagnoses import Diagnosis, sort_key
from superbill.coding.groups import load


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """One row of combinations.yaml; all cells are prefixes of codes."""

    name: str
    source: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()
    replace: dict[str, str] = {}
    drop: tuple[str, ...] = ()
    add: tuple[str, ...] = ()

    def holds(self, codes: list[str]) -> bool:
        """Do the codes of the encounter meet the rule's conditions?"""
        return (
            all(any(code.startswith(prefix) for code in codes) for prefix in self.all)
            and (not self.any or any(code.startswith(self.any) for code in codes))
            and not (self.none and any(code.startswith(self.none) for code in codes))
        )


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order in which they run."""
    return convert(tuple(load("combinations.yaml")), tuple[Rule, ...])


def combine(visit: Visit, found: list[Diagnosis]) -> tuple[list[Diagnosis], dict[str, str]]:
    """The diagnoses after all rules, and which code now stands for which ("" when it was dropped)."""
    became: dict[str, str] = {}
    for rule in rules():
        if not rule.holds([diagnosis.code.code for diagnosis in found]):
            continue
        kept: list[Diagnosis] = []
        for diagnosis in found:
            code = diagnosis.code.code
            into = next((new for prefix, new in rule.replace.items() if code.startswith(prefix)), None)
            if into is not None:
                became[code] = into
                kept.append(_as(diagnosis, into, rule))
            elif rule.drop and code.startswith(rule.drop):
                became[code] = ""
            else:
                kept.append(diagnosis)
        for code in rule.add:
            dated = crosswalk.in_force("ICD-10-CM", code, visit.day)
            if dated and all(diagnosis.code.code != dated for diagnosis in kept):
                kept.append(Diagnosis(suggested("ICD-10-CM", dated, visit.encounter.id, "", _named(rule)), tier=1))
        found = _unique(kept)
    return sorted(found, key=sort_key), became


def follow(code: str, became: dict[str, str]) -> str:
    """The code that stands for `code` after the rules; "" when it was dropped."""
    for _ in range(len(became)):
        if code not in became or became[code] == code:
            break
        code = became[code]
    return code


def _as(diagnosis: Diagnosis, code: str, rule: Rule) -> Diagnosis:
    old = diagnosis.code
    new = suggested("ICD-10-CM", code, old.evidence[0].record, old.evidence[0].text, _named(rule), old.confidence)
    return Diagnosis(new, tier=diagnosis.tier, rank=diagnosis.rank)


def _named(rule: Rule) -> str:
    return f"{rule.name}: {rule.source}"


def _unique(found: list[Diagnosis]) -> list[Diagnosis]:
    best: dict[str, Diagnosis] = {}
    for diagnosis in sorted(found, key=sort_key):
        best.setdefault(diagnosis.code.code, diagnosis)
    return list(best.values())
