"""Coverage of FHIR as records of the chart, and the payer that a Claim or ExplanationOfBenefit names."""

from superbill.chart.fhir.context import Context, address_of, first_code, label, name_of
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import Reference
from superbill.chart.fhir.people import member_number, organization
from superbill.chart.fhir.references import key_of
from superbill.chart.fhir.resources import Claim, Coverage, CoverageClass, Patient, RelatedPerson
from superbill.chart.model import CoverageRecord, Relationship, SubscriberRecord
from superbill.chart.normal import person_name, sex
from superbill.effective import Period

SELF_PAY = "self-pay"

# FHIR subscriber-relationship: the patient is the … of the subscriber.
_RELATIONSHIPS: dict[str, Relationship] = {
    "self": "self", "spouse": "spouse", "common": "spouse", "child": "child",
    "parent": "other", "other": "other", "injured": "other",
}  # fmt: skip
# v3 RoleCode, the other way round: the related person is the … of the patient.
_ROLES: dict[str, Relationship] = {
    "SPS": "spouse", "HUSB": "spouse", "WIFE": "spouse", "DOMPART": "spouse",
    "PRN": "child", "MTH": "child", "FTH": "child", "NMTH": "child", "NFTH": "child", "STPMTH": "child",
    "STPFTH": "child", "STPPRN": "child", "ADOPTP": "child", "ADOPTM": "child", "ADOPTF": "child", "GUARD": "child",
}  # fmt: skip
_NOT_IN_FORCE = frozenset({"cancelled", "draft", "entered-in-error"})


def coverage_record(item: Item, coverage: Coverage, context: Context) -> CoverageRecord | None:
    """The coverage; None, and counted, when its status says that it never was one."""
    if coverage.status in _NOT_IN_FORCE:
        context.report.skipped[f"Coverage {coverage.status}"] += 1
        return None
    start = context.day(coverage.period.start, item, "period.start")
    end = context.day(coverage.period.end, item, "period.end")
    # A period that ends before it starts stays as it is: it is never in force, and the finding says so.
    context.in_order(start, end, item, "ends before it starts")
    relationship, subscriber = _subscriber(item, coverage, context)
    group, plan = _class(coverage.classes, "group"), _class(coverage.classes, "plan")
    return CoverageRecord(
        id=item.id,
        payer=payer_name(coverage, context),
        member_id=coverage.subscriber_id or member_number(coverage.identifier),
        group_number=group.value,
        group_name=group.name or plan.name or plan.value,
        kind=first_code(coverage.type) or coverage.type.text,
        relationship=relationship,
        subscriber=subscriber,
        order=coverage.order if coverage.order and coverage.order > 0 else 1,
        period=Period(start, end),
        source=item.source,
    )


def payer_name(coverage: Coverage, context: Context) -> str:
    """Who pays: the insurer by name; "self-pay" where the payor is the patient or a relative."""
    for payor in coverage.payor:
        kind = key_of(payor).partition("/")[0].partition("?")[0]
        if kind in ("Patient", "RelatedPerson") or context.index.find(payor, Patient, RelatedPerson):
            return SELF_PAY
        insurer = organization(payor, context, coverage.contained)
        if insurer is not None:
            return insurer.name.family or insurer.id
    return ""


def payer_hint(claim: Claim, context: Context) -> str:
    """The payer that a claim names: of its coverage (the focal one first), contained or not, else its insurer."""
    for insurance in sorted(claim.insurance, key=lambda one: not one.focal):
        found = context.index.find(insurance.coverage, Coverage, contained=claim.contained)
        if found and (name := payer_name(found[1], context)):
            return name
        if insurance.coverage.display:
            return insurance.coverage.display
    insurer = organization(claim.insurer, context, claim.contained)
    return (insurer.name.family or insurer.id) if insurer else ""


def _class(classes: tuple[CoverageClass, ...], code: str) -> CoverageClass:
    return next((one for one in classes if code in (first_code(one.type), label(one.type))), CoverageClass())


def _subscriber(item: Item, coverage: Coverage, context: Context) -> tuple[Relationship, SubscriberRecord | None]:
    """How the patient is related to the subscriber, and the subscriber when that is someone else.

    Coverage.relationship decides; without it the role of the RelatedPerson; without that, "self" for no
    subscriber or the patient, "other" for someone else.
    """
    said = _RELATIONSHIPS.get(first_code(coverage.relationship).casefold())
    if said == "self":
        return "self", None
    found = context.index.find(coverage.subscriber, Patient, RelatedPerson, contained=coverage.contained)
    if found is None:
        named = coverage.subscriber.display
        return said or ("other" if named else "self"), _only_named(coverage.subscriber) if named else None
    person = found[1]
    if isinstance(person, Patient) and _is_beneficiary(coverage, found[0], context):
        return "self", None
    role = next((_ROLES[code] for code in _roles(person) if code in _ROLES), None)
    return said or role or "other", SubscriberRecord(
        name=name_of(person.name),
        birth_date=context.day(person.birth_date, item, "the subscriber's birthDate"),
        sex=sex(person.gender),
        address=address_of(person.address),
    )


def _roles(person: Patient | RelatedPerson) -> list[str]:
    if isinstance(person, Patient):
        return []
    return [coding.code for kind in person.relationship for coding in kind.coding]


def _is_beneficiary(coverage: Coverage, subscriber_id: str, context: Context) -> bool:
    beneficiary = context.index.find(coverage.subject, Patient)
    return beneficiary is not None and beneficiary[0] == subscriber_id


def _only_named(reference: Reference) -> SubscriberRecord:
    return SubscriberRecord(name=person_name(reference.display))
