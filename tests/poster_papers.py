"""What a payer might send the demo clinic: 835s about claims of its database, made with the writer."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import date, datetime, time
from typing import Any

import msgspec
import psycopg
from msgspec.structs import replace

from superbill.app.places import is_postgres
from superbill.claims.model import Adjustment, Claim, Contact
from superbill.x12 import write_835
from superbill.x12.model import Envelope, Remittance, RemittanceClaim, RemittanceLine

DAY = date(2026, 11, 15)  # of the demo's books


def demo_claim(db: str, state: str, payer: str = "") -> Claim:
    """The first claim of the database in this state."""
    there: Any = psycopg.connect(db) if is_postgres(db) else sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    with closing(there):
        query = "select doc from claims_claimrow where state = ? and (? = '' or payer_key = ?) order by id"
        row = there.execute(query.replace("?", "%s") if is_postgres(db) else query, (state, payer, payer)).fetchone()
    return msgspec.json.decode(row[0], type=Claim)


def paid_in_full(claim: Claim, *, number: str = "", charged: int | None = None) -> RemittanceClaim:
    """An answer that pays four fifths of every line and leaves a fifth to the patient. `number`: a mangled CLM01."""
    lines = tuple(
        RemittanceLine(
            procedure=line.procedure,
            revenue_code=line.revenue_code,
            charge=line.charge,
            paid=line.charge - line.charge // 5,
            units=line.units,
            service=claim.days_of(line),
            control_number="" if number else line.control_number,
            adjustments=(Adjustment("PR", "2", line.charge // 5),),
        )
        for line in claim.lines
    )
    return RemittanceClaim(
        control_number=number or claim.control_number,
        status="1" if claim.subscriber.responsibility == "P" else "2",
        charge=sum(line.charge for line in lines) if charged is None else charged,
        paid=sum(line.paid for line in lines),
        patient_responsibility=sum(line.charge - line.paid for line in lines),
        claim_filing_indicator="12",
        payer_control_number=f"PCN{claim.control_number}",
        patient=claim.patient.person,
        patient_member_id=claim.subscriber.member_id,
        lines=lines,
    )


def payment(claim: Claim, trace: str, answers: Iterable[RemittanceClaim]) -> Remittance:
    """A payment of the payer of `claim` for these answers."""
    told = tuple(answers)
    return Remittance(
        payer_name=claim.payer.name,
        payer_id=claim.payer.id,
        payer_contact=Contact(name="PROVIDER SERVICES", phone="8005550100"),
        payer_address=claim.billing.address,
        payee_name=claim.billing.organization or "",
        payee_npi=claim.billing.npi,
        payee_tin=claim.billing.tin,
        trace_number=trace,
        originator_id="1512345678",
        payment_amount=sum(one.paid for one in told),
        payment_method="CHK",
        payment_date=DAY,
        claims=told,
    )


def written(*remittances: Remittance) -> bytes:
    """The 835 file of these payments."""
    made = datetime.combine(DAY, time(6))
    envelope = Envelope(
        sender_id="PAYER", receiver_id="LAKELAND", interchange_control_number=77, group_control_number=77, created=made
    )
    return write_835([replace(one, production_date=DAY) for one in remittances], envelope=envelope)
