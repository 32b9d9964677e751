"""The professional claim of a coded encounter (837P; CMS-1500)."""

from collections.abc import Sequence

from msgspec.structs import replace

from superbill.chart.model import Chart, EncounterRecord
from superbill.claims import from_chart
from superbill.claims.codes import needs_clia
from superbill.claims.control import MAX_ACCOUNT, control_number, is_account
from superbill.claims.coverage_order import order_coverages
from superbill.claims.inputs import (
    BillingParties,
    Built,
    CoverageOnClaim,
    CoverageOrder,
    Held,
    Outcome,
    PayerLookup,
    Price,
    SelfPay,
)
from superbill.claims.lines import build_lines, choose_diagnoses
from superbill.claims.model import Address, Claim, Diagnosis, OtherInsurance, Provider, ServiceLine
from superbill.coding.model import CodedEncounter, Disposition
from superbill.findings import Finding, Place, Severity, errors, header

LINES_PER_CLAIM = 50
# Places that are no practice's address: the patient's home, in person or by telehealth, and telehealth elsewhere
# (Claims Processing Manual ch. 26 §10.4 item 32 exempts home).
_NOT_OURS = frozenset({"02", "10", "12"})


def assemble(
    chart: Chart,
    encounter: EncounterRecord,
    coded: CodedEncounter,
    *,
    account: str,
    parties: BillingParties,
    payers: PayerLookup,
    price: Price,
) -> Outcome:
    """From a visit to its first payer's claims: order the coverages, then build.

    Gives Built, SelfPay, or Held with the findings that say what is missing; bad data never raises.
    """
    if coded.disposition is not Disposition.CODED:
        return Held(findings=coded.findings or (_error("claims.not-coded", "disposition", *_NOT_CODED),))
    return build(chart, encounter, coded, order_coverages(chart, encounter, payers), account, parties, price)


_NOT_CODED = ("The encounter is not coded.", "Code it first; its coding findings say what is missing.")


def build(
    chart: Chart,
    encounter: EncounterRecord,
    coded: CodedEncounter,
    order: CoverageOrder,
    account: str,
    parties: BillingParties,
    price: Price,
) -> Outcome:
    """The claims of a coded encounter for the first coverage of `order`."""
    findings = [*order.findings, *_unbillable(coded, account)]
    if not order.coverages:  # before the patient alone is asked to pay, the chart must be beyond doubt
        findings += chart.findings
    if errors(findings):
        return Held(findings=tuple(findings))
    diagnoses, places = choose_diagnoses(coded, findings)
    lines = build_lines(coded, account, places, parties, price, findings)
    if errors(findings):
        return Held(findings=tuple(findings))
    if not order.coverages:
        return SelfPay(
            account=account,
            reason=order.self_pay,
            lines=lines,
            diagnoses=diagnoses,
            patient_paid=encounter.copay_collected,
            findings=tuple(findings),
        )
    first = _claim(chart, encounter, coded, order.coverages, account, parties, diagnoses, lines)
    return Built(claims=_split(first, account), coverages=order.coverages, findings=tuple(findings))


def _unbillable(coded: CodedEncounter, account: str) -> list[Finding]:
    found = []
    if coded.claim_kind != "professional":
        message = f"The encounter is coded for an {coded.claim_kind} claim."
        found.append(_error("claims.not-professional", "claim kind", message, "Bill it on that claim form."))
    if not coded.diagnoses:
        found.append(_error("claims.no-diagnosis", "diagnoses", "There is no diagnosis.", "Code why the patient came."))
    if not coded.services:
        found.append(_error("claims.no-service", "services", "There is no service to bill.", "Code what was done."))
    if not coded.place_of_service:
        fix = "Give the location its place of service in the site file, or correct the encounter's class."
        found.append(_error("claims.no-place-of-service", "place of service", "Where it happened is not known.", fix))
    if not is_account(account):
        message = f"{account!r} can't head a control number."
        fix = f"Use an account of 1 to {MAX_ACCOUNT} capital letters and digits."
        found.append(_error("claims.account", "account", message, fix))
    return found


def _error(rule: str, field: str, message: str, fix: str) -> Finding:
    where: Place = header(field)
    return Finding(rule=rule, severity=Severity.ERROR, where=where, message=message, fix=fix)


def _claim(
    chart: Chart,
    encounter: EncounterRecord,
    coded: CodedEncounter,
    coverages: Sequence[CoverageOnClaim],
    account: str,
    parties: BillingParties,
    diagnoses: tuple[Diagnosis, ...],
    lines: tuple[ServiceLine, ...],
) -> Claim:
    first, *others = coverages
    billing = parties.billing
    stay = from_chart.stay(encounter, coded.place_of_service)
    return Claim(
        control_number=control_number(account, first.subscriber.responsibility),
        billing=billing,
        pay_to=parties.pay_to if parties.pay_to and not same_place(parties.pay_to, billing) else None,
        rendering=_other_than(billing, parties.rendering),
        referring=parties.referring,
        supervising=parties.supervising,
        service_facility=_facility(parties, coded.place_of_service),
        subscriber=first.subscriber,
        patient=from_chart.patient(chart),
        payer=first.payer.payer,
        diagnoses=diagnoses,
        place_of_service=coded.place_of_service,
        lines=lines,
        other_insurance=tuple(_other(coverage, parties) for coverage in others),
        prior_authorization=encounter.authorization_number.strip(),
        clia=parties.clia if needs_clia(lines) else "",
        accident=from_chart.accident(encounter, coded),
        onset=from_chart.onset(encounter, coded),
        last_menstrual_period=from_chart.last_menstrual_period(encounter, coded),
        admission=stay.start,
        discharge=stay.end,
        accept_assignment=parties.accept_assignment,
        benefits_assigned=parties.benefits_assigned,
        release_of_information=parties.release_of_information,
        patient_paid=encounter.copay_collected or None,
    )


def _other_than(billing: Provider, rendering: Provider | None) -> Provider | None:
    """Loop 2310B only when the one who rendered is not the billing provider."""
    return None if rendering is None or (rendering.npi and rendering.npi == billing.npi) else rendering


def _facility(parties: BillingParties, place_of_service: str) -> Provider | None:
    """Loop 2310C only when care was given somewhere else than the billing address, at a practice's place."""
    facility = parties.service_facility
    if facility is None or place_of_service in _NOT_OURS or same_place(facility, parties.billing):
        return None
    return facility


def same_place(one: Provider, other: Provider) -> bool:
    """Whether two parties have the same street address (case, punctuation and ZIP+4 do not count)."""
    return _street(one.address) == _street(other.address)


def _street(address: Address | None) -> tuple[str, str, str]:
    if address is None:
        return ("", "", "")
    return (_bare(address.line1), _bare(address.line2), address.postal_code[:5])


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _other(coverage: CoverageOnClaim, parties: BillingParties) -> OtherInsurance:
    return OtherInsurance(
        subscriber=coverage.subscriber,
        payer=coverage.payer.payer,
        benefits_assigned=parties.benefits_assigned,
        release_of_information=parties.release_of_information,
    )


def _split(claim: Claim, account: str) -> tuple[Claim, ...]:
    """At most 50 lines a claim (837P TR3, loop 2400). What the patient paid stays with the first."""
    if len(claim.lines) <= LINES_PER_CLAIM:
        return (claim,)
    parts = []
    for part, start in enumerate(range(0, len(claim.lines), LINES_PER_CLAIM), start=1):
        chunk = claim.lines[start : start + LINES_PER_CLAIM]
        lines = tuple(replace(line, number=number) for number, line in enumerate(chunk, start=1))
        parts.append(
            replace(
                claim,
                control_number=control_number(account, claim.subscriber.responsibility, part=part),
                lines=lines,
                clia=claim.clia if needs_clia(lines) else "",
                patient_paid=claim.patient_paid if part == 1 else None,
            )
        )
    return tuple(parts)
