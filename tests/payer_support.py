"""Claims and payers for the tests of the simulated payer. All of it fictional."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from importlib import resources

import msgspec

from superbill.claims.model import (
    Address,
    Adjustment,
    Claim,
    Contact,
    Diagnosis,
    LineAdjudication,
    OtherInsurance,
    Patient,
    Payer,
    Person,
    Procedure,
    Provider,
    ServiceLine,
    Subscriber,
)
from superbill.effective import Period
from superbill.payer.config import Member, PayerConfig, Payers, Plan, Rates, read_payers
from superbill.payer.history import History, payee_of
from superbill.payer.payment import Payment, in_order
from superbill.payer.state import Pending, State
from superbill.x12.model import Remittance, RemittanceClaim, RemittanceLine

ADDRESS = Address("1 Sample Street", "Harrow Lake", "WI", "548990012")
NPI, TIN = "1999999018", "399999999"
BILLING = Provider(
    organization="Lakeland Family Medicine",
    npi=NPI,
    tin=TIN,
    tin_kind="EI",
    taxonomy="193200000X",
    address=ADDRESS,
    contact=Contact("Billing Office", "7155550101"),
)
RENDERING = Provider(person=Person("Vasterling", "Ingrid"), npi="1999999026", taxonomy="207Q00000X")
DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def clinic() -> Payers:
    """The demo clinic's payers."""
    return read_payers((resources.files("superbill.demo") / "clinic" / "payers.toml").read_text())


def payer(**changes) -> PayerConfig:
    """A commercial payer without chance: allows 60 %, copay $30, deductible $500, coinsurance 20 %."""
    fields = {
        "key": "plan",
        "name": "Blue Peak Health PPO",
        "id": "BPH10",
        "originator_id": "1399999910",
        "claim_filing_indicator": "CI",
        "address": ADDRESS,
        "contact": Contact("Provider Relations", "7155550192"),
        "percent_of_charge": {"1900-01-01": Decimal("0.6")},
        "plans": (
            Plan(
                name="PPO",
                benefits={
                    "copay": {"office": 30_00},
                    "deductible": 500_00,
                    "coinsurance": "0.20",
                    "out_of_pocket_maximum": 2_000_00,
                    "preventive": ["99381-99397", "90471"],
                    "non_covered": {"97010": "PR-204", "A4550": "CO-96:N180"},
                    "authorization_required": ["73721"],
                    "filing_days": 180,
                },
            ),
        ),
    }
    return PayerConfig(**(fields | changes))


def payers(*configs: PayerConfig, seed: int = 7) -> Payers:
    return Payers(receiver_id="CLEARSIM", receiver_name="SIMULATED", seed=seed, payers=configs or (payer(),))


def line(number=1, code="99213", charge=200_00, *, modifiers=(), day=DAY, units=1, control="", answers=()):
    return ServiceLine(
        number=number,
        control_number=control or f"L{number}",
        procedure=Procedure(code, tuple(modifiers)),
        charge=charge,
        units=Decimal(units),
        service=Period(day, day),
        diagnosis_pointers=(1,),
        adjudications=tuple(answers),
    )


def claim(*lines: ServiceLine, control="A1", member="M100", first="Vera", **changes) -> Claim:
    fields = {
        "control_number": control,
        "billing": BILLING,
        "rendering": RENDERING,
        "subscriber": Subscriber(
            responsibility=changes.pop("responsibility", "P"),
            relationship="18",
            person=Person("Testcase", first),
            member_id=member,
            birth_date=date(1980, 5, 6),
            sex="F",
            address=ADDRESS,
        ),
        "patient": Patient(person=Person("Testcase", first), birth_date=date(1980, 5, 6), sex="F", address=ADDRESS),
        "payer": Payer(name="Blue Peak Health PPO", id="BPH10", address=ADDRESS),
        "diagnoses": (Diagnosis("I10"),),
        "place_of_service": "11",
        "lines": lines or (line(),),
    }
    return Claim(**(fields | changes))


def paid_by_first(each: ServiceLine, paid: int, *adjustments: Adjustment) -> ServiceLine:
    """The line with a first payer's answer; what is neither paid nor adjusted is contractual."""
    rest = each.charge - paid - sum(piece.amount for piece in adjustments)
    pieces = (*((Adjustment("CO", "45", rest),) if rest else ()), *adjustments)
    answer = LineAdjudication(
        payer_id="MCR01",
        paid=paid,
        procedure=each.procedure,
        units=each.units,
        adjustments=pieces,
        paid_on=DAY + timedelta(days=20),
    )
    return msgspec.structs.replace(each, adjudications=(answer,))


def first_payer(paid: int | None) -> OtherInsurance:
    return OtherInsurance(
        subscriber=Subscriber(
            responsibility="P", relationship="18", person=Person("Testcase", "Vera"), member_id="1EG4", address=ADDRESS
        ),
        payer=Payer(name="Medicare Part B", id="MCR01", claim_filing_indicator="MB"),
        paid=paid,
        paid_on=DAY + timedelta(days=20) if paid is not None else None,
    )


class Desk:
    """A payer's adjudication without files: claims in, remittances out, one payment per call."""

    def __init__(self, *configs: PayerConfig, seed: int = 7) -> None:
        self.payers = payers(*configs, seed=seed)
        self.history = History(State())

    def accept(self, *claims: Claim, received: date = DAY + timedelta(days=3), due: date | None = None) -> list[str]:
        icns = []
        for each in claims:
            icn = self.history.new_icn(each.payer.id, self.payers.seed, each.control_number)
            pending = Pending(icn=icn, payer=each.payer.id, claim=each, received=received, due=due or received)
            self.history.state.pending[icn] = pending
            icns.append(icn)
        return icns

    def pay(self, on: date = DAY + timedelta(days=17), *, reopen: tuple[str, ...] = ()) -> Remittance | None:
        """One payment of all that is due, all of one payer and payee."""
        due = in_order(each for each in self.history.state.pending.values() if each.due <= on)
        payment = Payment(self.payers.payer(due[0].payer), payee_of(due[0].claim), on, self.payers.seed, self.history)
        for each in due:
            if self.history.state.pending.pop(each.icn, None) is not None:
                payment.add(each)
        for icn in reopen:
            payment.reopen(icn)
        return payment.close(self._trace)

    def _trace(self) -> str:
        self.history.state.trace += 1
        return f"{self.history.state.trace:010d}"


def decide(given: Claim, config: PayerConfig | None = None, **accepted) -> RemittanceClaim:
    """The answer to one claim."""
    desk = Desk(config or payer())
    desk.accept(given, **accepted)
    remittance = desk.pay(on=accepted.get("received", DAY) + timedelta(days=17))
    assert_balanced(remittance)
    return remittance.claims[0]


def adjustments(each: RemittanceLine) -> dict[str, int]:
    """Cents by group and reason ("CO-45")."""
    return {f"{piece.group}-{piece.reason}": piece.amount for piece in each.adjustments}


def assert_balanced(remittance: Remittance) -> None:
    """Every line, every claim and the payment add up (835 guide, balancing)."""
    for answer in remittance.claims:
        for each in answer.lines:
            assert each.charge - each.paid == sum(piece.amount for piece in each.adjustments)
            assert len({(piece.group, piece.reason) for piece in each.adjustments}) == len(each.adjustments)
        assert answer.charge == sum(each.charge for each in answer.lines)
        assert answer.paid == sum(each.paid for each in answer.lines)
        if answer.patient_responsibility is not None:
            pieces = (piece for each in answer.lines for piece in each.adjustments)
            assert answer.patient_responsibility == sum(piece.amount for piece in pieces if piece.group == "PR")
    taken = sum(each.amount for each in remittance.provider_adjustments)
    assert remittance.payment_amount == sum(answer.paid for answer in remittance.claims) - taken
    assert remittance.payment_amount >= 0
    assert (remittance.payment_method == "NON") == (remittance.payment_amount == 0)


__all__ = [
    "ADDRESS", "BILLING", "DAY", "NOON", "NPI", "Desk", "Member", "Rates", "adjustments", "assert_balanced", "claim",
    "clinic", "decide", "first_payer", "line", "paid_by_first", "payer", "payers",
]  # fmt: skip
