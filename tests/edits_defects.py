"""Kinds of defects, each put into a clean claim, with the rules that are right to catch it.

An injection gives the spoiled claim and its context, or None where the claim has nothing that it could spoil.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from superbill.claims.model import Accident, Claim, Diagnosis, NationalDrug, Procedure, Provider, ServiceLine
from superbill.edits import Authorization, Context, CoverageSpan, Enrolment, History, PastClaim
from superbill.effective import Dated, Period

Spoiled = tuple[Claim, Context] | None
Inject = Callable[[Claim, Context], Spoiled]


class Defect(NamedTuple):
    """A kind of defect: a claim with it has a finding of one of `rules`."""

    name: str
    rules: tuple[str, ...]
    inject: Inject


def on_claim(**changes: object) -> Inject:
    """A change of fields of the claim."""
    return lambda claim, context: (replace(claim, **changes), context)


def on_claim_by(change: Callable[[Claim], Claim | None]) -> Inject:
    def inject(claim: Claim, context: Context) -> Spoiled:
        spoiled = change(claim)
        return None if spoiled is None else (spoiled, context)

    return inject


def on_line(change: Callable[[ServiceLine, Claim], ServiceLine | None], place: int = 0) -> Inject:
    """A change of one line, the first unless told."""

    def inject(claim: Claim, context: Context) -> Spoiled:
        line = change(claim.lines[place], claim)
        if line is None:
            return None
        lines = [*claim.lines]
        lines[place] = line
        return replace(claim, lines=tuple(lines)), context

    return inject


def recoded(line: ServiceLine, code: str, *modifiers: str, units: int | None = None) -> ServiceLine:
    made = replace(line, procedure=Procedure(code, modifiers), drug=None)
    return made if units is None else replace(made, units=Decimal(units))


def with_codes(*codes: str) -> Inject:
    """The claim with one line for each code ("20610-59": with a modifier)."""

    def inject(claim: Claim, context: Context) -> Spoiled:
        first = claim.lines[0]
        lines = []
        for number, text in enumerate(codes, 1):
            code, *modifiers = text.split("-")
            own = recoded(first, code, *modifiers, units=1)
            lines.append(replace(own, number=number, control_number=f"D-{number}", note="", unit_kind="UN"))
        return replace(claim, lines=tuple(lines), clia=""), context

    return inject


def billing(**changes: object) -> Inject:
    return on_claim_by(lambda claim: replace(claim, billing=replace(claim.billing, **changes)))


def subscriber(**changes: object) -> Inject:
    return on_claim_by(lambda claim: replace(claim, subscriber=replace(claim.subscriber, **changes)))


def patient(**changes: object) -> Inject:
    return on_claim_by(lambda claim: replace(claim, patient=replace(claim.patient, **changes)))


def diagnosed(*codes: str) -> Inject:
    """The claim with these diagnoses, every line pointing to the first."""

    def change(claim: Claim) -> Claim:
        lines = tuple(replace(line, diagnosis_pointers=(1,)) for line in claim.lines)
        return replace(claim, diagnoses=tuple(map(Diagnosis, codes)), lines=lines)

    return on_claim_by(change)


def wrong_npi(npi: str) -> str:
    return npi[:-1] + str((int(npi[-1]) + 1) % 10)


def _rendering(claim: Claim) -> Claim | None:
    if claim.rendering is None:
        return None
    return replace(claim, rendering=replace(claim.rendering, npi=wrong_npi(claim.rendering.npi)))


def _late(claim: Claim, context: Context) -> Spoiled:
    limit = replace(context.payer, filing_limit=Dated([(date.min, 365)]))
    return claim, replace(context, payer=limit, today=date(2028, 6, 1))


def _past(change: Callable[[Claim], Claim]) -> Inject:
    """Something billed before for the same patient."""

    def inject(claim: Claim, context: Context) -> Spoiled:
        before = replace(change(claim), control_number="BEFORE1")
        return claim, replace(context, history=History([PastClaim(claim=before, state="paid")]))

    return inject


def _coverage(span: Callable[[Claim], CoverageSpan]) -> Inject:
    return lambda claim, context: (claim, replace(context, coverage=(span(claim),)))


def _span(claim: Claim, **changes: object) -> CoverageSpan:
    first = claim.service.start
    assert first is not None
    base = CoverageSpan(
        payer_id=claim.payer.id, member_id=claim.subscriber.member_id, period=Period(first - timedelta(300), None),
        verified_on=first,
    )  # fmt: skip
    return replace(base, **changes)


def _enrolled(claim: Claim, context: Context) -> Spoiled:
    first = claim.service.start
    assert first is not None
    late = Enrolment(npi=claim.billing.npi, payer_id=claim.payer.id, period=Period(first + timedelta(1), None))
    return claim, replace(context, enrolments=(late,))


def _authorized(**changes: object) -> Inject:
    """A claim under an authorization that does not fit it."""

    def inject(claim: Claim, context: Context) -> Spoiled:
        number = "PA-44710"
        base = Authorization(number=number, payer_id=claim.payer.id, period=claim.service)
        known = () if changes.get("number") else (replace(base, **changes),)
        return replace(claim, prior_authorization=number), replace(context, authorizations=known)

    return inject


def _older(claim: Claim) -> Claim | None:
    if claim.subscriber.relationship != "18" or claim.patient.birth_date is None:
        return None
    insured = replace(claim.subscriber, birth_date=claim.patient.birth_date + timedelta(1))
    return replace(claim, subscriber=insured)


def _drug(claim: Claim) -> Claim:
    first = replace(claim.lines[0], drug=NationalDrug("00000000000", Decimal(1)))
    return replace(claim, lines=(first, *claim.lines[1:]))


def _to_medicare(claim: Claim, **changes: object) -> Claim | None:
    if claim.payer.claim_filing_indicator != "MB":
        return None
    return replace(claim, subscriber=replace(claim.subscriber, **changes))


def _sex(claim: Claim, sex: str) -> Claim:
    insured = claim.subscriber
    if insured.relationship == "18":
        insured = replace(insured, sex=sex)
    return replace(claim, patient=replace(claim.patient, sex=sex), subscriber=insured)


def _day(line: ServiceLine, by: int) -> ServiceLine:
    first = line.service.start
    assert first is not None
    return replace(line, service=Period(first + timedelta(by), first + timedelta(by)))


FACILITY = Provider(organization="Somewhere", npi="1234567890")

DEFECTS: tuple[Defect, ...] = (
    # who
    Defect("billing NPI with a wrong digit", ("identity.billing-npi",), on_claim_by(
        lambda c: replace(c, billing=replace(c.billing, npi=wrong_npi(c.billing.npi))))),
    Defect("billing tax number too short", ("identity.billing-tin",), billing(tin="12345678")),
    Defect("billing taxonomy of no shape", ("identity.billing-taxonomy",), billing(taxonomy="207Q")),
    Defect("billing provider without a name", ("identity.billing-name",), billing(organization="", person=None)),
    Defect("billing address missing", ("identity.billing-address",), billing(address=None)),
    Defect("rendering NPI with a wrong digit", ("identity.rendering-npi",), on_claim_by(_rendering)),
    Defect("service facility with a wrong NPI", ("identity.facility-npi",), on_claim(service_facility=FACILITY)),
    Defect("no member number", ("subscriber.member-id",), subscriber(member_id="")),
    Defect("a stand-in for a member number", ("subscriber.member-id-placeholder",), subscriber(member_id="999999999")),
    Defect("no Medicare number", ("subscriber.medicare-number",), on_claim_by(
        lambda c: _to_medicare(c, member_id="1EG4TE5MK7"))),
    Defect("insured without a name", ("subscriber.name",), on_claim_by(
        lambda c: replace(c, subscriber=replace(c.subscriber, person=replace(c.subscriber.person, last=""))))),
    Defect("no such relationship", ("subscriber.relationship",), subscriber(relationship="99")),
    Defect("self, and another birth date", ("subscriber.self-differs",), on_claim_by(_older)),
    Defect("patient without birth date", ("patient.birth-date",), patient(birth_date=None)),
    Defect("patient born after the service", ("patient.birth-after-service",), patient(birth_date=date(2026, 5, 5))),
    Defect("patient without a last name", ("patient.name",), on_claim_by(
        lambda c: replace(c, patient=replace(c.patient, person=replace(c.patient.person, last=""))))),
    Defect("patient without an address", ("patient.address",), patient(address=None)),
    Defect("payer without an id", ("payer.id",), on_claim_by(lambda c: replace(c, payer=replace(c.payer, id="")))),
    Defect("no such filing indicator", ("payer.filing-indicator",), on_claim_by(
        lambda c: replace(c, payer=replace(c.payer, claim_filing_indicator="Q9")))),
    # the whole claim
    Defect("a control number with a hyphen", ("claim.control-number",), on_claim(control_number="A-1")),
    Defect("a replacement without the payer's number", ("claim.payer-control-number",), on_claim(frequency="7")),
    Defect("an original with the payer's number", ("claim.original-with-number",), on_claim(payer_control_number="77")),
    Defect("a word for an authorization", ("claim.prior-authorization",), on_claim(prior_authorization="PENDING")),
    Defect("no signature", ("claim.signature",), on_claim(provider_signature=False)),
    Defect("an onset after the service", ("claim.onset-after-service",), on_claim(onset=date(2026, 12, 1))),
    Defect("an accident without a cause", ("accident.cause-missing",), on_claim(
        accident=Accident(on=date(2026, 5, 1), causes=()))),
    Defect("an auto accident without a state", ("accident.auto-state",), on_claim(
        accident=Accident(on=date(2026, 5, 1), causes=("AA",)))),
    Defect("an accident after its treatment", ("accident.date",), on_claim(
        accident=Accident(on=date(2027, 5, 1), causes=("OA",)))),
    Defect("sent too late", ("payer.timely-filing",), _late),
    Defect("no place of service", ("lines.place-of-service",), on_claim(place_of_service="")),
    # diagnoses
    Defect("no diagnosis", ("diagnosis.missing",), on_claim(diagnoses=())),
    Defect("a diagnosis with its dot", ("diagnosis.dot",), diagnosed("I25.10")),
    Defect("a diagnosis of no shape", ("diagnosis.shape",), diagnosed("1234")),
    Defect("a code that does not exist", ("diagnosis.not-in-force",), diagnosed("E1199")),
    Defect("a heading for a code", ("diagnosis.not-specific",), diagnosed("E11")),
    Defect("a diagnosis twice", ("diagnosis.duplicate",), diagnosed("I10", "I10")),
    Defect("an external cause first", ("diagnosis.external-cause-first",), diagnosed("W010XXA", "S93401A")),
    Defect("a manifestation first", ("diagnosis.manifestation-first",), diagnosed("F0280", "G309")),
    Defect("an injury without its 7th character", ("diagnosis.seventh-character", "diagnosis.not-specific",
                                                  "diagnosis.seventh-character-of-book"), diagnosed("S93401")),
    Defect("two that exclude each other", ("diagnosis.excludes1",), diagnosed("E119", "E109")),
    Defect("a pregnancy of a man", ("clinical.pregnancy-sex",), on_claim_by(
        lambda c: replace(_sex(c, "M"), diagnoses=(Diagnosis("O80"),)))),
    # lines
    Defect("no line", ("lines.missing",), on_claim(lines=())),
    Defect("a line at zero", ("lines.charge-zero",), on_line(lambda line, _: replace(line, charge=0))),
    Defect("a line below zero", ("lines.charge-negative",), on_line(lambda line, _: replace(line, charge=-100))),
    Defect("no units", ("lines.units-positive",), on_line(lambda line, _: replace(line, units=Decimal(0)))),
    Defect("half a unit", ("lines.units-whole",), on_line(
        lambda line, _: replace(recoded(line, "99213"), units=Decimal("1.5")))),
    Defect("a code of no shape", ("lines.procedure-shape",), on_line(lambda line, _: recoded(line, "9921"))),
    Defect("no pointer", ("lines.pointer-missing",), on_line(lambda line, _: replace(line, diagnosis_pointers=()))),
    Defect("a pointer to nothing", ("lines.pointer-range",), on_line(
        lambda line, _: replace(line, diagnosis_pointers=(12,)))),
    Defect("five pointers", ("lines.pointer-limit",), on_line(
        lambda line, _: replace(line, diagnosis_pointers=(1, 1, 1, 1, 1)))),
    Defect("a day to come", ("lines.date-in-future",), on_line(lambda line, _: _day(line, 90))),
    Defect("no day", ("lines.date-missing",), on_line(lambda line, _: replace(line, service=Period()))),
    Defect("an unlisted code without a word", ("lines.unlisted-description",), on_line(
        lambda line, _: replace(recoded(line, "99199"), note=""))),
    Defect("the same service twice", ("lines.duplicate",), with_codes("99213", "99213")),
    Defect("minutes for a visit", ("lines.minutes",), on_line(
        lambda line, _: replace(recoded(line, "99213"), unit_kind="MJ"))),
    Defect("a drug with a stand-in for its NDC", ("drug.ndc",), on_claim_by(_drug)),
    Defect("a test without a CLIA number", ("laboratory.clia-missing",), with_codes("99213", "80053")),
    # modifiers
    Defect("a modifier of no shape", ("modifiers.shape",), with_codes("99213-2")),
    Defect("the same modifier twice", ("modifiers.duplicate",), with_codes("20610-LT-LT")),
    Defect("both sides on one line", ("modifiers.sides", "modifiers.exclusive"), with_codes("20610-LT-RT")),
    Defect("25 on a procedure", ("modifiers.evaluation-only",), with_codes("20610-25")),
    Defect("59 on a visit", ("modifiers.distinct-on-visit",), with_codes("99213-59")),
    Defect("59 and XS", ("modifiers.distinct-twice",), with_codes("20610-59-XS")),
    Defect("both components on one line", ("modifiers.components", "modifiers.exclusive"), with_codes("93000-26-TC")),
    # tables
    Defect("a pair that is never paid together", ("ncci.pair",), with_codes("93000", "93005")),
    Defect("a pair without its modifier", ("ncci.pair",), with_codes("20611", "20610")),
    Defect("more units than likely", ("mue.day", "mue.line"), on_line(lambda line, _: recoded(line, "19303", units=2))),
    Defect("an add-on without its primary", ("add_on.primary-missing",), with_codes("22614")),
    # history, coverage, authorization, enrolment
    Defect("sent before", ("history.sent-before",), _past(lambda claim: claim)),
    Defect("a new patient who was seen last year", ("visits.new-patient",), lambda claim, context: (
        lambda spoiled: spoiled and _past(lambda c: replace(
            c, lines=tuple(_day(replace(line, procedure=Procedure("99213")), -300) for line in c.lines[:1])
        ))(spoiled[0], spoiled[1]))(with_codes("99203")(claim, context))),
    Defect("not covered on the day", ("coverage.not-active",), _coverage(
        lambda claim: _span(claim, period=Period(date(2020, 1, 1), date(2026, 5, 3))))),
    Defect("another member number than the card", ("coverage.member-id",), _coverage(
        lambda claim: _span(claim, member_id="OTHER77"))),
    Defect("the biller not enrolled yet", ("enrolment.billing",), _enrolled),
    Defect("an authorization that ended", ("authorization.dates",), _authorized(
        period=Period(date(2026, 1, 1), date(2026, 5, 3)))),
    Defect("an authorization for other codes", ("authorization.code",), _authorized(codes=("00001",))),
    Defect("an authorization that nobody knows", ("authorization.unknown",), _authorized(number="none")),
    Defect("an authorization used up", ("authorization.units",), _authorized(units=Decimal(1), used=Decimal(1))),
)  # fmt: skip
