"""Small charts, claims and remittances by construction, for tests of the app."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from superbill.chart.model import Chart, EncounterRecord, PatientRecord, PersonName
from superbill.claims.model import (
    Address,
    Adjustment,
    Claim,
    Diagnosis,
    Patient,
    Payer,
    Person,
    Procedure,
    Provider,
    ServiceLine,
    Subscriber,
)
from superbill.coding.model import AssignedCode, CodedEncounter, CodedService, Disposition
from superbill.effective import Period
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 9, 1)
TODAY = date(2026, 11, 2)


def chart(number: int, visits: int = 1, *, reason: str = "") -> Chart:
    """A patient with `visits` encounters on consecutive days."""
    start = datetime(DAY.year, DAY.month, DAY.day, 10, 0, tzinfo=UTC)
    return Chart(
        patient=PatientRecord(
            id=f"p{number}", name=PersonName(f"Family{number}", ("Given",)), birth_date=date(1970, 1, 1)
        ),
        encounters=tuple(
            EncounterRecord(id=f"p{number}e{visit}", start=start + timedelta(days=visit), payer_hint=reason)
            for visit in range(visits)
        ),
    )


def coded(encounter_id: str, patient_id: str) -> CodedEncounter:
    return CodedEncounter(
        encounter_id=encounter_id,
        patient_id=patient_id,
        date_of_service=DAY,
        diagnoses=(AssignedCode(system="ICD-10-CM", code="I10"),),
        services=(CodedService(procedure=AssignedCode(system="CPT", code="99213"), service_date=DAY),),
        disposition=Disposition.CODED,
    )


def claim(account: str, charges: tuple[int, ...] = (120_00, 30_00), *, number: str = "", day: date = DAY) -> Claim:
    """A claim of `account` with one line per charge; line keys are "{account}-1", "{account}-2" …"""
    person = Person("Family", "Given")
    address = Address("1 Main St", "Springfield", "IL", "627010001")
    return Claim(
        control_number=number or f"{account}P1",
        billing=Provider(organization="Lakeside", npi="1234567893", tin="123456789", tin_kind="EI", address=address),
        subscriber=Subscriber(responsibility="P", relationship="18", person=person, member_id="M1"),
        patient=Patient(person=person, birth_date=date(1970, 1, 1)),
        payer=Payer(name="Payer One", id="00001"),
        diagnoses=(Diagnosis("I10"),),
        place_of_service="11",
        lines=tuple(
            ServiceLine(
                number=place,
                control_number=f"{account}-{place}",
                procedure=Procedure("99213" if place == 1 else "36415"),
                charge=charge,
                service=Period(day, day),
                diagnosis_pointers=(1,),
            )
            for place, charge in enumerate(charges, 1)
        ),
    )


def paid_line(sent: ServiceLine, paid: int, *adjustments: tuple[str, str, int]) -> RemittanceLine:
    return RemittanceLine(
        procedure=sent.procedure,
        charge=sent.charge,
        paid=paid,
        control_number=sent.control_number,
        service=sent.service,
        adjustments=tuple(Adjustment(group, reason, amount) for group, reason, amount in adjustments),
    )


def answer(sent: Claim, *lines: RemittanceLine, status: str = "1", number: str = "PCN1") -> RemittanceClaim:
    return RemittanceClaim(
        control_number=sent.control_number,
        status=status,
        charge=sum(line.charge for line in lines),
        paid=sum(line.paid for line in lines),
        payer_control_number=number,
        lines=lines,
    )


def remittance(
    trace: str, *claims: RemittanceClaim, plb: tuple[ProviderAdjustment, ...] = (), day: date = TODAY
) -> Remittance:
    amount = sum(one.paid for one in claims) - sum(one.amount for one in plb)
    return Remittance(
        payer_name="Payer One",
        payer_id="00001",
        payee_name="Lakeside",
        payee_npi="1234567893",
        trace_number=trace,
        originator_id="1000000001",
        payment_amount=amount,
        payment_method="ACH" if amount else "NON",
        payment_date=day,
        claims=claims,
        provider_adjustments=plb,
    )


def usual_answer(sent: Claim) -> RemittanceClaim:
    """Line 1: 80 paid, 20 coinsurance, the rest contractual. Line 2: denied CO-50. Others: contractual in full."""
    lines: list[RemittanceLine] = []
    for line in sent.lines:
        if line.number == 1:
            rest = line.charge - 100_00
            lines.append(paid_line(line, 80_00, ("CO", "45", rest), ("PR", "2", 20_00)))
        elif line.number == 2:
            lines.append(paid_line(line, 0, ("CO", "50", line.charge)))
        else:
            lines.append(paid_line(line, 0, ("CO", "45", line.charge)))
    return answer(sent, *lines)


def billed(actor: Any, charts: int = 2, visits: int = 2, *, next_payer: str = "", first: int = 1) -> list[Claim]:
    """Import, code, open and send claims for `charts` × `visits` encounters; the claims as sent."""
    from superbill.app.claims.actions import ClaimDraft, mark_sent, open_claims, prepare_batch
    from superbill.app.claims.models import ClaimRow
    from superbill.app.encounters.actions import record_coding
    from superbill.app.encounters.models import EncounterRow
    from superbill.app.patients.actions import import_charts

    import_charts(actor, [chart(number, visits) for number in range(first, first + charts)], at=AT)
    rows = list(actor.scope.rows(EncounterRow).filter(state="imported").select_related("patient").order_by("id"))
    record_coding(actor, [(row.pk, coded(row.source_id, row.patient.source_id)) for row in rows], at=AT)
    drafts = [
        ClaimDraft(
            encounter=row.pk,
            claim=claim(row.account_number, day=row.date_of_service),
            payer_key="one",
            next_payer=next_payer,
        )
        for row in rows
    ]
    open_claims(actor, drafts, TODAY, at=AT)
    ready = list(actor.scope.rows(ClaimRow).filter(state="ready").order_by("id").values_list("id", flat=True))
    batch = prepare_batch(actor, "one", ready, lambda numbers: interchange(drafts, numbers.group), at=AT)
    mark_sent(actor, batch.pk, at=AT)
    return [draft.claim for draft in drafts]


def interchange(drafts: Any, group: int) -> bytes:
    """As much of an 837 as the app itself reads of one: ISA's delimiters, ST and CLM."""
    isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261102*0900*^*00501*000000001*0*T*:~"
    claims = "".join(f"CLM*{draft.claim.control_number}*150***11:B:1~" for draft in drafts)
    return f"{isa}GS*HC*S*R*20261102*0900*{group}*X*005010X222A1~ST*837*0001*005010X222A1~{claims}SE*9*0001~".encode()
