"""Who pays for a visit, and in which order.

Sources: Medicare Secondary Payer Manual (CMS Pub. 100-05) ch. 1 and 2 for Medicare; Medicaid pays last (42 CFR
433.139); NAIC Coordination of Benefits Model Regulation (120) for children of two insured parents.
"""

from datetime import date
from typing import NamedTuple

from msgspec.structs import replace

from superbill.chart.model import Chart, CoverageRecord, EncounterRecord
from superbill.claims.control import RESPONSIBILITIES
from superbill.claims.from_chart import RELATIONSHIPS, insured_by
from superbill.claims.inputs import CoverageOnClaim, CoverageOrder, PayerKind, PayerLookup, PayerOnClaim
from superbill.claims.model import Patient, Responsibility, Subscriber
from superbill.findings import Finding, Severity, header

SELF_PAY_WORDS = frozenset({"self-pay", "self pay", "selfpay", "no_insurance", "no insurance", "uninsured", "cash"})
# Supplements pay after what they supplement; Medicaid after everybody.
_RANK: dict[PayerKind, int] = {"supplement": 1, "medicaid": 2}
_ACCIDENT_PAYER: dict[str, PayerKind] = {"employment": "workers_compensation", "auto": "auto"}
ACCIDENT_KINDS = frozenset(_ACCIDENT_PAYER.values())
# SBR05, why Medicare is not primary, by the kind of the payer before it; others by age (Pub. 100-05 ch. 2).
_WHY_SECOND: dict[PayerKind, str] = {"workers_compensation": "15", "auto": "14"}
_WORKING_AGED, _DISABLED, _MEDICARE_AGE = "12", "43", 65


class _Known(NamedTuple):
    """A coverage whose payer and insured person are known."""

    record: CoverageRecord
    payer: PayerOnClaim
    insured: Patient


def order_coverages(chart: Chart, encounter: EncounterRecord, payers: PayerLookup) -> CoverageOrder:
    """The coverages that pay for `encounter`, first to last, as they stand on its claims.

    In force on the date of service; an accident's payer alone for that visit; otherwise by the chart's order, with
    supplements behind what they supplement and Medicaid last. `payers` knows a payer by the chart's word for it.
    """
    if encounter.payer_hint.strip().casefold() in SELF_PAY_WORDS:
        return CoverageOrder(self_pay="the visit was registered as self-pay")
    if not chart.coverages:
        return CoverageOrder(self_pay="the chart has no coverage")
    day = encounter.date_of_service
    findings: list[Finding] = []
    known = _in_force(chart, day, payers, findings)
    kind = _ACCIDENT_PAYER.get(encounter.accident.kind) if encounter.accident else None
    known = _for_accident(known, kind, findings)
    if any(finding.severity is Severity.ERROR for finding in findings):
        return CoverageOrder(findings=tuple(findings))
    if not known:
        return CoverageOrder(self_pay="no coverage was in force on the date of service", findings=tuple(findings))
    ordered = sorted(known, key=_payment_rank)
    _check_order(ordered, findings)
    claim_number = encounter.accident.claim_number if encounter.accident and kind else ""
    return CoverageOrder(
        coverages=tuple(_on_claims(ordered, chart, day, claim_number)),
        findings=tuple(findings),
    )


def in_payment_order(chart: Chart, payers: PayerLookup) -> list[tuple[CoverageRecord, PayerOnClaim]]:
    """Every coverage whose payer is known, in force or not, in the order of payment; accidents' payers among them."""
    known = [
        _Known(record, payer, insured)
        for record in chart.coverages
        if (payer := payers(record.payer)) is not None and (insured := insured_by(record, chart)) is not None
    ]
    return [(one.record, one.payer) for one in sorted(known, key=_payment_rank)]


def _in_force(chart: Chart, day: date, payers: PayerLookup, findings: list[Finding]) -> list[_Known]:
    known: list[_Known] = []
    for record in chart.coverages:
        place = header(f"coverage {record.id}")
        if day not in record.period:
            findings.append(
                Finding(
                    rule="claims.coverage-not-in-force",
                    severity=Severity.WARNING,
                    where=place,
                    message=f"{record.payer} is not in force on {day.isoformat()}, the date of service.",
                    fix="Ask the patient for the current insurance, or correct the coverage's dates.",
                )
            )
            continue
        if record.payer.strip().casefold() in SELF_PAY_WORDS:
            continue
        payer = payers(record.payer)
        insured = insured_by(record, chart)
        if payer is None:
            findings.append(_error("claims.payer-unknown", record, "No payer of the practice is called that."))
        elif insured is None:
            findings.append(_error("claims.subscriber-missing", record, "The insured person is not named."))
        else:
            known.append(_Known(record, payer, insured))
    return known


_FIXES = {
    "claims.payer-unknown": "Add the name to the payer's `match` words in the site file, or enter the payer there.",
    "claims.subscriber-missing": "Enter the insured person's name, birth date and sex, or make it self.",
}


def _error(rule: str, record: CoverageRecord, message: str) -> Finding:
    return Finding(
        rule=rule,
        severity=Severity.ERROR,
        where=header(f"coverage {record.id}"),
        message=f"{record.payer or 'A coverage without a payer'}: {message}",
        fix=_FIXES[rule],
    )


def _for_accident(known: list[_Known], kind: PayerKind | None, findings: list[Finding]) -> list[_Known]:
    """With an accident, its payer alone; without one, every payer but those of accidents."""
    if kind is None:
        return [one for one in known if one.payer.kind not in ACCIDENT_KINDS]
    theirs = [one for one in known if one.payer.kind == kind]
    if theirs:
        return theirs
    employment = kind == "workers_compensation"
    findings.append(
        Finding(
            rule="claims.accident-payer",
            severity=Severity.ERROR if employment else Severity.WARNING,
            where=header("accident"),
            message=f"The visit is for {'a work' if employment else 'an auto'} accident; no payer for it is on file.",
            why="Health plans exclude work injuries and pay after auto insurance (CARC 19, 20, 21).",
            fix="Enter the employer's compensation carrier or the auto insurer with its claim number.",
        )
    )
    return [one for one in known if one.payer.kind not in ACCIDENT_KINDS]


def _payment_rank(one: _Known) -> tuple[int, int, tuple[int, int], str]:
    """Kind, the chart's order, then the birthday rule (the parent born earlier in the year), then the id."""
    born = one.insured.birth_date
    birthday = (born.month, born.day) if born and one.record.relationship == "child" else (13, 0)
    return _RANK.get(one.payer.kind, 0), one.record.order, birthday, one.record.id


def _check_order(ordered: list[_Known], findings: list[Finding]) -> None:
    kinds = [one.payer.kind for one in ordered]
    if "supplement" in kinds and "medicare" not in kinds:
        findings.append(
            Finding(
                rule="claims.supplement-alone",
                severity=Severity.WARNING,
                where=header("coverage"),
                message="A Medicare supplement is on file without Medicare in force.",
                fix="Enter the patient's Medicare coverage; a supplement pays only after it.",
            )
        )
    if len(ordered) > len(RESPONSIBILITIES):
        del ordered[len(RESPONSIBILITIES) :]


def _on_claims(ordered: list[_Known], chart: Chart, day: date, claim_number: str) -> list[CoverageOnClaim]:
    return [
        CoverageOnClaim(
            coverage_id=one.record.id,
            payer=one.payer,
            subscriber=_subscriber(one, RESPONSIBILITIES[place], _why_second(ordered, place, chart, day), claim_number),
        )
        for place, one in enumerate(ordered)
    ]


def _why_second(ordered: list[_Known], place: int, chart: Chart, day: date) -> str:
    """SBR05: only on Medicare, and only when another payer comes before it."""
    if ordered[place].payer.kind != "medicare" or place == 0:
        return ""
    age = chart.age_on(day)
    by_age = _DISABLED if age is not None and age < _MEDICARE_AGE else _WORKING_AGED
    return _WHY_SECOND.get(ordered[0].payer.kind, by_age)


def _subscriber(one: _Known, responsibility: Responsibility, insurance_type: str, claim_number: str) -> Subscriber:
    record, insured = one.record, one.insured
    return Subscriber(
        responsibility=responsibility,
        relationship=RELATIONSHIPS[record.relationship],
        person=insured.person,
        member_id=record.member_id.strip(),
        group_number=record.group_number,
        group_name="" if record.group_number else record.group_name,
        insurance_type=insurance_type,
        birth_date=insured.birth_date,
        # DMG of a subscriber who is not the patient: birth date and sex, or neither (837P TR3, loop 2010BA).
        sex=insured.sex if insured.birth_date else None,
        address=insured.address,
        property_casualty_claim_number=claim_number,
    )


def with_responsibility(coverage: CoverageOnClaim, responsibility: Responsibility) -> CoverageOnClaim:
    """The same coverage at another place in the order of payment."""
    return replace(coverage, subscriber=replace(coverage.subscriber, responsibility=responsibility))
