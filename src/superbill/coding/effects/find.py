"""What each code of a visit changes, by groupers and models that are adopted: told after coding, never to choose codes.

Inpatient: MS-DRG version by the day of discharge (codesets/msdrg). Any: CMS-HCC V28 (codesets/hcc). Services of an
outpatient department: OPPS Addendum B (codesets/opps). A code's part is found by leaving it out and grouping anew.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from superbill.codesets.hcc.lookup import Member, RiskModel, RiskScore, risk_model
from superbill.codesets.msdrg import lookup as drgs
from superbill.codesets.msdrg.importer import find as weighted
from superbill.codesets.msdrg.stay import Diagnosis, Poa, Stay
from superbill.codesets.opps.lookup import item
from superbill.codesets.optional import NotInstalled
from superbill.codesets.store import Store
from superbill.coding.effects.model import Coded, Effects, Group, Risk, Status, Without
from superbill.coding.inpatient.disposition import HOME
from superbill.coding.suggest.model import Suggestion, Visit
from superbill.findings import Finding, Severity, header

Grouping = Callable[[Sequence[Coded]], Group | None]
_AGED = 65
_INDICATORS = ("Y", "N", "U", "W")


def effects(codes: Iterable[Coded], visit: Visit, store: Store, discharge_status: str = "") -> Effects:
    """The group and the score of these codes in their sequence, and what each of them changes. The first ICD-10-CM code
    is the principal diagnosis. `discharge_status` has two digits, "" for what nobody said: home is taken then, and said
    so. What can't be told (no package, no table, no age or sex) is a finding, not an error."""
    every = tuple(codes)
    findings: list[Finding] = []
    grouping = _grouping(visit, store, findings, discharge_status or HOME)
    scoring = _scoring(visit, findings)
    group = grouping(every) if grouping else None
    risk = scoring(every) if scoring else None
    if grouping and group is None:
        findings.append(_not_told("coding.effects.principal", "drg", "No group: there is no diagnosis.", "Code one."))
    if group is not None and not discharge_status:
        findings.append(_not_told(
            "coding.effects.discharge", "drg", "No discharge disposition is said; the group takes a discharge home.",
            "Write it in the note, or give --discharge-status.",
        ))  # fmt: skip
    if group is not None and group.weight is None and not group.problem:
        findings.append(_not_told(
            "coding.effects.weights", "weight", f"The weight of DRG {group.drg} is not told: the store has no Table 5.",
            "Import the IPPS table of weights: superbill codesets import FILE.",
        ))  # fmt: skip
    if visit.setting == "outpatient" and any(each.system in ("CPT", "HCPCS") for each in every):
        findings.extend(_no_addendum(every, visit, store))
    parts = tuple(_part(place, every, grouping, group, scoring, risk, visit, store) for place in range(len(every)))
    return Effects(group=group, risk=risk, codes=parts, findings=tuple(findings))


def of_suggestion(suggestion: Suggestion) -> tuple[Coded, ...]:
    """The codes of a suggestion as they would be reported."""
    present = suggestion.present or ("",) * len(suggestion.diagnoses)
    diagnoses = [
        Coded(code=each.code, present=indicator) for each, indicator in zip(suggestion.diagnoses, present, strict=True)
    ]
    others = (*suggestion.procedures, *(each.code for each in suggestion.services))
    return (*diagnoses, *(Coded(code=each.code, system=each.system) for each in others))


def _grouping(visit: Visit, store: Store, findings: list[Finding], discharge_status: str) -> Grouping | None:
    """Groups codes as a stay of the visit; None for an outpatient, or where something is missing."""
    if visit.setting != "inpatient":
        return None
    if visit.age is None or not visit.sex:
        findings.append(_not_told(
            "coding.effects.patient", "drg", "The MS-DRG is not told: it takes the patient's age and sex.",
            "Give both: --age, --sex.",
        ))  # fmt: skip
        return None
    try:
        by = drgs.grouper()
        version = drgs.version_on(visit.on)
    except (NotInstalled, ValueError) as problem:
        findings.append(_not_told("coding.effects.grouper", "drg", f"The MS-DRG is not told: {problem}", _extra("drg")))
        return None
    age, sex = int(visit.age), "F" if visit.sex == "female" else "M"

    def grouped(codes: Sequence[Coded]) -> Group | None:
        diagnoses = [_diagnosis(each) for each in codes if each.system == "ICD-10-CM"]
        if not diagnoses:
            return None
        stay = Stay(
            principal=diagnoses[0], secondary=tuple(diagnoses[1:]),
            procedures=tuple(each.code for each in codes if each.system == "ICD-10-PCS"), age=age,
            sex="F" if sex == "F" else "M", discharge_status=discharge_status,
        )  # fmt: skip
        try:
            found = by.group(stay, version)
        except ValueError as problem:
            return Group(drg="", problem=str(problem), by=by.name)
        told = Group(
            drg=found.drg, mdc=found.mdc, severity=found.severity, problem=found.problem,
            by=f"{found.grouper}, MS-DRG version {found.version}",
        )  # fmt: skip
        row = weighted(store, found.drg, visit.on)
        return told if row is None else replace(told, title=row.title, weight=row.weight, weights=f"FY{_year(visit)}")

    return grouped


def _year(visit: Visit) -> int:
    return visit.on.year + (visit.on.month >= 10)


def _diagnosis(coded: Coded) -> Diagnosis:
    present: Poa = coded.present if coded.present in _INDICATORS else ""  # type: ignore[assignment]  # one of Poa
    return Diagnosis(coded.code.replace(".", ""), present)


def _scoring(visit: Visit, findings: list[Finding]) -> Callable[[Sequence[Coded]], Risk] | None:
    """Scores codes as those of a Medicare Advantage member of the visit's age and sex, aged or disabled by age."""
    if visit.age is None or not visit.sex:
        findings.append(_not_told(
            "coding.effects.patient", "hcc", "The risk score is not told: it takes the patient's age and sex.",
            "Give both: --age, --sex.",
        ))  # fmt: skip
        return None
    try:
        model: RiskModel = risk_model()
    except NotInstalled as problem:
        findings.append(
            _not_told("coding.effects.model", "hcc", f"The risk score is not told: {problem}", _extra("hcc"))
        )
        return None
    entitled: Literal["0", "1"] = "0" if visit.age >= _AGED else "1"
    member = Member(
        age=int(visit.age), sex="F" if visit.sex == "female" else "M", entitled_by=entitled, entitled_now=entitled
    )

    def scored(codes: Sequence[Coded]) -> Risk:
        found: RiskScore = model.score(member, tuple(each.code for each in codes if each.system == "ICD-10-CM"))
        return Risk(
            score=found.score, categories=tuple((each.code, each.coefficient) for each in found.categories),
            by=f"{found.by}, CMS-HCC {found.model}, payment year {found.year}",
        )  # fmt: skip

    return scored


def _part(
    place: int, every: tuple[Coded, ...], grouping: Grouping | None, group: Group | None,
    scoring: Callable[[Sequence[Coded]], Risk] | None, risk: Risk | None, visit: Visit, store: Store,
) -> Without:  # fmt: skip
    """What happens without the code at a place."""
    code = every[place]
    rest = every[:place] + every[place + 1 :]
    found = Without(code=code.code, system=code.system)
    if grouping and group and code.system.startswith("ICD"):
        found = _regrouped(found, place, every, rest, grouping, group)
    if scoring and risk and code.system == "ICD-10-CM":
        less = scoring(rest)
        gone = tuple(name for name, _ in risk.categories if name not in {other for other, _ in less.categories})
        found = replace(found, categories=gone, score=less.score - risk.score if less.score != risk.score else None)
    if visit.setting == "outpatient" and code.system in ("CPT", "HCPCS"):
        paid = item(store, code.code, visit.on)
        if paid:
            status = Status(
                status=paid.status, means=paid.means, apc=paid.apc, rate=paid.rate, by=paid.release.name
            )  # fmt: skip
            found = replace(found, status=status)
    return replace(found, words=_words(found, group))


def _regrouped(
    found: Without, place: int, every: tuple[Coded, ...], rest: tuple[Coded, ...], grouping: Grouping, group: Group
) -> Without:
    principal = next(at for at, each in enumerate(every) if each.system == "ICD-10-CM")
    less = grouping(rest)
    if place != principal and every[place].system == "ICD-10-CM":
        beside = grouping((every[principal], every[place]))
        found = replace(found, alone=beside.severity if beside else "")
    if less is None or less.drg == group.drg:
        return found
    weight: Decimal | None = None
    if less.weight is not None and group.weight is not None:
        weight = less.weight - group.weight
    return replace(found, drg=less.drg, severity=less.severity, weight=weight)


def _words(found: Without, group: Group | None) -> str:
    """What happens, in a sentence."""
    said = []
    if group and found.drg:
        weight = f", weight {found.weight:+}" if found.weight is not None else ""
        said.append(f"without it DRG {found.drg} instead of {group.drg}{weight}")
        if group.severity in ("MCC", "CC") and found.severity != group.severity:
            said.append(f"it is the only {group.severity}")
    elif found.alone in ("MCC", "CC"):
        said.append(f"{found.alone}, without which the group stays the same")
    if found.categories:
        lost = f" ({found.score:+})" if found.score is not None else ""
        said.append(f"without it HCC {', '.join(found.categories)} is lost{lost}")
    elif found.score:
        said.append(f"without it the risk score changes by {found.score:+}")
    if found.status:
        rate = f", APC {found.status.apc}, {found.status.rate} dollars" if found.status.rate else ""
        said.append(f"OPPS status {found.status.status}{rate}: {found.status.means}")
    return "; ".join(said) or "changes nothing that is told here"


def _no_addendum(every: tuple[Coded, ...], visit: Visit, store: Store) -> Iterable[Finding]:
    known = [item(store, each.code, visit.on) for each in every if each.system in ("CPT", "HCPCS")]
    if not any(known):
        yield _not_told(
            "coding.effects.opps", "apc", "The OPPS status of the services is not told: no Addendum B that lists them.",
            "Import the quarter's Addendum B: superbill codesets import FILE.",
        )  # fmt: skip


def _extra(name: str) -> str:
    return f"Install it: pip install 'superbill[{name}]'."


def _not_told(rule: str, field: str, message: str, fix: str) -> Finding:
    return Finding(rule=rule, severity=Severity.NOT_CHECKED, where=header(field), message=message, fix=fix)
