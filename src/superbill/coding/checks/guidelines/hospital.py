"""What depends on the stay or on age: sepsis present on admission, ulcers that change, present-on-admission."""

from collections.abc import Iterator

from superbill.codesets.poa_exempt.lookup import exempt
from superbill.coding.checks.guidelines.codes import codes
from superbill.coding.checks.guidelines.rule import ERROR, WARNING, Facts, Problem, Rule, named
from superbill.findings import Severity

_SEPSIS = codes("A40-A41")
_LOCAL = codes("J13-J18 J85 J86 L02 L03 N10 N12 N136 N151 N300 N390 K35 K572 K61 K63.0 K65 K81 K830 M00 M86 G00")
_ULCER = codes("L89")
_STAGE_OPEN = "9"
_NEWBORN_DAYS = 28
_UNREPORTED = frozenset(["", "1"])  # 1: as claims before version 5010 said it
_INDICATORS = frozenset(["Y", "N", "U", "W"]) | _UNREPORTED
_EVERY = codes("A-Z")
_CHRONIC = codes("C00-C96 E08-E13 E78 F20 G20 G30 G35 I10-I13 I2510 J43 J449 K50-K51 K70 K74 M05-M06 M15-M19 N18 B20")


def _indicator(facts: Facts, position: int) -> str:
    poa = facts.coded.poa
    return poa[position - 1].strip().upper() if position <= len(poa) else ""


def _local_first(facts: Facts) -> Iterator[Problem]:
    sepsis = facts.where(_SEPSIS)[0]
    if not _LOCAL.matches(facts.codes[0]):
        return
    local, systemic, present = named(facts.codes[0]), named(facts.codes[sepsis - 1]), _indicator(facts, sepsis)
    fix = f"Put {systemic} first, unless the sepsis developed after admission."
    if present == "Y":
        yield Problem(sepsis, f"{local} stands before {systemic}, which was present on admission.", fix)
    elif not present:
        message = f"{local} stands before {systemic}; whether the sepsis was present on admission is not known."
        yield Problem(sepsis, message, fix, Severity.NOT_CHECKED)


def _newborn_sepsis(facts: Facts) -> Iterator[Problem]:
    if facts.days is not None and facts.days <= _NEWBORN_DAYS:
        position = facts.where(_SEPSIS)[0]
        message = f"{named(facts.codes[position - 1])} is sepsis of a patient {facts.days} days old."
        yield Problem(position, message, "Use P36.-, unless the sepsis is documented as acquired in the community.")


def _ulcer(facts: Facts) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for position in facts.where(_ULCER):
        code = facts.codes[position - 1]
        other = seen.setdefault(code[:-1], code)
        if other == code:
            continue
        # In hospital an ulcer that grows worse is two codes: the stage on admission and the highest (I.C.12.a.6).
        if facts.coded.setting == "outpatient" or _STAGE_OPEN in (code[-1], other[-1]):
            message = f"{named(code)} stands with {named(other)}, the same site in another stage."
            yield Problem(position, message, "Keep the stage that the documentation gives.")


def _count(facts: Facts) -> Iterator[Problem]:
    given, needed = len(facts.coded.poa), len(facts.codes)
    if given and given != needed:
        message = f"There are {given} present-on-admission indicators for {needed} diagnoses."
        yield Problem(1, message, "Give one for each diagnosis, empty for exempt ones.")


def _value(facts: Facts) -> Iterator[Problem]:
    for position in range(1, min(len(facts.coded.poa), len(facts.codes)) + 1):
        if _indicator(facts, position) not in _INDICATORS:
            message = f"{_indicator(facts, position)!r} of {named(facts.codes[position - 1])} is no indicator."
            yield Problem(position, message, "Use Y, N, U or W; leave it empty for an exempt diagnosis.")


def _exempt(facts: Facts, position: int) -> bool | None:
    return exempt(facts.book.store, facts.codes[position - 1], facts.coded.on)


def _needed(facts: Facts) -> Iterator[Problem]:
    for position in range(1, min(len(facts.coded.poa), len(facts.codes)) + 1):
        if _indicator(facts, position) not in _UNREPORTED:
            continue
        code, listed = named(facts.codes[position - 1]), _exempt(facts, position)
        if listed is None:
            message = f"{code} has no indicator; the list of exempt diagnoses of the day is not there."
            fix = "Import the year's list: superbill codesets import FILE."
            yield Problem(position, message, fix, Severity.NOT_CHECKED)
        elif not listed:
            yield Problem(position, f"{code} has no indicator, and is not exempt.", "Say Y, N, U or W.")


def _needless(facts: Facts) -> Iterator[Problem]:
    for position in range(1, min(len(facts.coded.poa), len(facts.codes)) + 1):
        if _indicator(facts, position) not in _UNREPORTED and _exempt(facts, position):
            message = f"{named(facts.codes[position - 1])} is exempt, and has an indicator."
            yield Problem(position, message, "Leave it empty.")


def _chronic(facts: Facts) -> Iterator[Problem]:
    for position in facts.where(_CHRONIC):
        if _indicator(facts, position) == "N":
            message = f"{named(facts.codes[position - 1])}, a chronic condition, is marked as not present on admission."
            yield Problem(position, message, "Use Y: chronic conditions are present though diagnosed later.")


RULES = (
    Rule(
        section="I.C.1.d.4", name="local-infection-before-sepsis",
        title="Sepsis that was present on admission goes before the local infection",
        severity=WARNING, setting="inpatient", on=_SEPSIS, check=_local_first,
    ),
    Rule(
        section="I.C.12.a", name="ulcer-in-two-stages", title="A pressure ulcer has one stage, in hospital up to two",
        severity=WARNING, on=_ULCER, check=_ulcer,
    ),
    Rule(
        section="I.C.16.f", name="sepsis-of-the-newborn", title="Sepsis of the newborn is P36 unless it was acquired",
        severity=WARNING, on=_SEPSIS, check=_newborn_sepsis,
    ),
    Rule(
        section="Appendix.I", name="indicator-count", title="Every diagnosis has an indicator, or is exempt",
        severity=ERROR, setting="inpatient", on=_EVERY, check=_count,
    ),
    Rule(
        section="Appendix.I", name="indicator-value", title="Present-on-admission is Y, N, U, W or empty",
        severity=ERROR, setting="inpatient", on=_EVERY, check=_value,
    ),
    Rule(
        section="Appendix.I", name="indicator-needed", title="Only exempt diagnoses have no indicator",
        severity=ERROR, setting="inpatient", on=_EVERY, check=_needed,
    ),
    Rule(
        section="Appendix.I", name="indicator-of-exempt", title="Exempt diagnoses have no indicator",
        severity=WARNING, setting="inpatient", on=_EVERY, check=_needless,
    ),
    Rule(
        section="Appendix.I", name="chronic-not-present", title="Chronic conditions are present on admission",
        severity=WARNING, setting="inpatient", on=_CHRONIC, check=_chronic,
    ),
)  # fmt: skip
