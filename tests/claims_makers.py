"""A small visit, its practice and its payers, from which the tests of claims start. All fictional."""

from datetime import UTC, date, datetime
from decimal import Decimal

from superbill.chart.model import (
    Chart,
    CoverageRecord,
    EncounterRecord,
    PatientRecord,
    PersonName,
    PostalAddress,
    SubscriberRecord,
)
from superbill.claims import BillingParties, PayerOnClaim, assemble
from superbill.claims.model import Address, Payer, Person, Provider
from superbill.coding.model import AssignedCode, CodedEncounter, CodedService, Disposition, Evidence

DAY = date(2026, 3, 2)
HOME = PostalAddress(("12 Elm Court",), "Dublin", "OH", "43016")
PRICES = {
    "99213": 125_00,
    "99214": 185_00,
    "83036": 18_00,
    "90686": 32_00,
    "71046": 64_00,
    "J3490": 40_00,
    "00400": 9_00,
}
BILLING = Provider(
    organization="Maple Street Family Medicine",
    npi="1234567893",
    taxonomy="207Q00000X",
    tin="311234567",
    tin_kind="EI",
    address=Address("100 Maple Street", "Columbus", "OH", "432151234"),
)
RENDERING = Provider(person=Person("Okafor", "Ada"), npi="1003000126", taxonomy="207Q00000X")
PARTIES = BillingParties(billing=BILLING, rendering=RENDERING, clia="36D0123456")


def payer(key, kind="commercial", indicator="CI"):
    return PayerOnClaim(
        key=key, payer=Payer(name=key.title(), id=key.upper()[:5], claim_filing_indicator=indicator), kind=kind
    )


PAYERS = {
    one.key: one
    for one in (
        payer("buckeye"),
        payer("second"),
        payer("medicare", "medicare", "MB"),
        payer("medigap", "supplement"),
        payer("medicaid", "medicaid", "MC"),
        payer("compensation", "workers_compensation", "WC"),
        payer("motor", "auto", "AM"),
    )
}


def coverage(key, order=1, **more):
    return CoverageRecord(id=f"c-{key}", payer=key, member_id=f"{key.upper()}77", order=order, **more)


MOTHER = SubscriberRecord(name=PersonName("Rivera", ("Elena",)), birth_date=date(1990, 4, 12), sex="F", address=HOME)


def chart(*coverages, born=date(1980, 4, 12), given=("Elena", "Maria")):
    patient = PatientRecord(id="p1", name=PersonName("Rivera", given), birth_date=born, sex="F", address=HOME)
    return Chart(patient=patient, coverages=coverages)


def encounter(**more):
    return EncounterRecord(id="e1", start=datetime(2026, 3, 2, 9, 30, tzinfo=UTC), **more)


def code(text, system="ICD-10-CM", record=""):
    return AssignedCode(system=system, code=text, evidence=(Evidence(record),) if record else ())


def service(text, pointers=(1,), units=1, **more):
    return CodedService(
        procedure=code(text, "CPT"), units=Decimal(units), service_date=DAY, diagnosis_pointers=pointers, **more
    )


def coded(*services, diagnoses=("E11.9", "I10"), **more):
    return CodedEncounter(
        encounter_id="e1",
        patient_id="p1",
        date_of_service=DAY,
        place_of_service=more.pop("place_of_service", "11"),
        diagnoses=tuple(one if isinstance(one, AssignedCode) else code(one) for one in diagnoses),
        services=services or (service("99213", (1, 2)),),
        disposition=Disposition.CODED,
        **more,
    )


def built(the_chart, the_encounter=None, the_coded=None, parties=PARTIES, account="A1007"):
    return assemble(
        the_chart,
        the_encounter or encounter(),
        the_coded or coded(),
        account=account,
        parties=parties,
        payers=PAYERS.get,
        price=lambda code, modifiers, day: PRICES.get(code),
    )


def claim(*coverages, **more):
    """The claim of a visit for its first payer."""
    (one,) = built(chart(*(coverages or (coverage("buckeye"),))), **more).claims
    return one


def rules(result):
    return {finding.rule for finding in result.findings}
