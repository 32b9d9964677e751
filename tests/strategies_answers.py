"""Valid remittances and acknowledgements for generative tests."""

from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from superbill.claims.model import (
    Adjustment,
)
from superbill.x12.model import (
    BankAccount,
    BusinessUnit,
    ClaimAcknowledgement,
    ClaimStatus,
    ElementError,
    FunctionalAcknowledgement,
    LineStatus,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
    SegmentError,
    SituationalTrigger,
    StatusCode,
    TransactionSetResponse,
)
from tests.strategies_parts import (
    addresses,
    adjustments,
    cents,
    contacts,
    days,
    digits,
    maybe,
    maybe_cents,
    names,
    npis,
    people,
    periods,
    plain_units,
    procedures,
    word,
)


@st.composite
def remittance_lines(draw: st.DrawFn, sign: int) -> RemittanceLine:
    charge = draw(cents)
    paid = draw(st.integers(0, charge))
    taken = draw(adjustments(charge - paid))
    procedure, submitted = draw(procedures), draw(st.none() | procedures)
    return RemittanceLine(
        procedure=procedure,
        charge=sign * charge,
        paid=sign * paid,
        units=draw(plain_units),
        submitted_procedure=submitted if submitted is None or submitted.code != procedure.code else None,
        submitted_units=draw(st.none() | plain_units),
        service=draw(periods()),
        control_number=draw(maybe(word(1, 15))),
        adjustments=tuple(Adjustment(each.group, each.reason, sign * each.amount, each.quantity) for each in taken),
        allowed=draw(maybe_cents),
        remarks=draw(st.lists(st.sampled_from(["N56", "M15", "MA130"]), max_size=3, unique=True).map(tuple)),
    )


@st.composite
def remittance_claims(draw: st.DrawFn) -> RemittanceClaim:
    """A balanced claim payment; status 22 takes back."""
    status = draw(st.sampled_from(["1", "2", "4", "19", "22"]))
    lines = tuple(draw(remittance_lines(-1 if status == "22" else 1)) for _ in range(draw(st.integers(1, 3))))
    subscriber = draw(st.none() | people())
    crossover = draw(names if status == "19" else maybe(names))
    owes = any(each.group == "PR" for line in lines for each in line.adjustments)
    return RemittanceClaim(
        control_number=draw(word(1, 20)),
        status=status,
        charge=sum(line.charge for line in lines),
        paid=sum(line.paid for line in lines),
        patient_responsibility=draw(st.integers(0, 99_999) if owes else st.none() | st.integers(0, 99_999)),
        claim_filing_indicator=draw(st.sampled_from(["12", "MB", "MC", "HM"])),
        payer_control_number=draw(word(1, 20)),
        place_of_service=draw(st.sampled_from(["", "11"])),
        frequency=draw(st.sampled_from(["", "1", "7"])),
        drg=draw(st.sampled_from(["", "470"])),
        drg_weight=draw(st.none() | st.just(Decimal("1.9003"))),
        covered_days=draw(st.none() | st.integers(1, 90).map(Decimal)),
        patient=draw(people()),
        patient_member_id=draw(word(2, 12)),
        subscriber=subscriber,
        subscriber_member_id=draw(word(2, 12)) if subscriber else "",
        rendering=draw(people()),
        rendering_npi=draw(npis),
        crossover_payer=crossover,
        crossover_payer_id=draw(word(2, 10)) if crossover else "",
        statement=draw(periods()),
        received=draw(st.none() | days),
        coverage_expired=draw(st.none() | days),
        remarks=draw(st.lists(st.sampled_from(["MA01", "MA07", "MA18"]), max_size=3, unique=True).map(tuple)),
        lines=lines,
    )


@st.composite
def remittances(draw: st.DrawFn) -> Remittance:
    """A balanced payment of up to four claims with provider adjustments (more than fit one PLB)."""
    paid = tuple(draw(st.lists(remittance_claims(), max_size=4)))
    payee = draw(npis)
    reasons = draw(st.lists(st.sampled_from(["WO", "FB", "L6", "72", "CS"]), max_size=8))
    taken = tuple(
        ProviderAdjustment(
            npi=payee,
            fiscal_year_end=date(2026, 12, 31),
            reason=reason,
            reference=draw(maybe(word(1, 15))),
            amount=draw(st.integers(-99_999, 99_999).filter(bool)),
        )
        for reason in reasons
    )
    amount = sum(claim.paid for claim in paid) - sum(each.amount for each in taken)
    electronic = draw(st.booleans()) and amount > 0
    return Remittance(
        payer_name=draw(names),
        payer_id=draw(word(2, 10)),
        payer_address=draw(addresses()),
        payer_contact=draw(contacts()),
        payee_name=draw(names),
        payee_npi=payee,
        payee_tin=draw(maybe(digits(8, 8).map(lambda text: "1" + text))),
        trace_number=draw(word(1, 20)),
        originator_id=draw(digits(9, 9).map(lambda text: "1" + text)),
        payment_amount=amount,
        payment_method="ACH" if electronic else "CHK",
        payment_date=draw(days),
        production_date=draw(st.none() | days),
        payer_account=BankAccount("999999992", "123456") if electronic else None,
        payee_account=BankAccount("999988880", "98765", "SG") if electronic else None,
        claims=paid,
        provider_adjustments=taken,
    )


_triggers = st.builds(
    SituationalTrigger,
    segment=st.sampled_from(["CLM", "NM1", "HL"]),
    position=st.integers(1, 99_999),
    loop=st.sampled_from(["", "2300"]),
    element=st.integers(1, 20),
    component=st.none() | st.integers(1, 5),
)
_element_errors = st.builds(
    ElementError,
    position=st.integers(1, 20),
    component=st.none() | st.integers(1, 5),
    code=st.sampled_from(["1", "5", "7", "8", "I10", "I12"]),
    value=maybe(word(1, 20)),
    triggers=st.lists(_triggers, max_size=2).map(tuple),
)
_segment_errors = st.builds(
    SegmentError,
    segment=st.sampled_from(["CLM", "NM1", "SV1", "N3"]),
    position=st.integers(1, 99_999),
    loop=st.sampled_from(["", "2300", "2400"]),
    code=st.sampled_from(["2", "3", "8", "I6"]),
    triggers=st.lists(_triggers, max_size=2).map(tuple),
    business_unit=st.none() | st.builds(BusinessUnit, st.sampled_from(["CLM01", "TRN02"]), word(1, 20)),
    elements=st.lists(_element_errors, max_size=3).map(tuple),
)


@st.composite
def functional_acknowledgements(draw: st.DrawFn) -> FunctionalAcknowledgement:
    def response(number: int) -> TransactionSetResponse:
        errors = tuple(draw(st.lists(_segment_errors, max_size=3)))
        return TransactionSetResponse(
            identifier="837",
            control_number=f"{number:04}",
            version="005010X222A1",
            code="R" if errors else "A",
            errors=errors,
            syntax_codes=("5",) if errors else (),
        )

    responses = tuple(response(number) for number in range(1, draw(st.integers(1, 3)) + 1))
    accepted = sum(each.code == "A" for each in responses)
    return FunctionalAcknowledgement(
        functional_id="HC",
        group_control_number=draw(digits(1, 9)),
        version="005010X222A1",
        code="A" if accepted == len(responses) else "P" if accepted else "R",
        included=len(responses),
        received=len(responses),
        accepted=accepted,
        responses=responses,
    )


_statuses = st.lists(
    st.sampled_from(
        [StatusCode("A2", "20"), StatusCode("A7", "562", "85"), StatusCode("A3", "33"), StatusCode("A7", "164", "IL")]
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each.status,
).map(tuple)


@st.composite
def claim_statuses(draw: st.DrawFn) -> ClaimStatus:
    line = st.builds(
        LineStatus,
        procedure=procedures,
        charge=cents,
        units=st.none() | plain_units,
        control_number=maybe(word(1, 15)),
        service=periods(),
        statuses=_statuses,
    )
    action = draw(st.sampled_from(["WQ", "U"]))
    return ClaimStatus(
        control_number=draw(word(1, 20)),
        patient=draw(people()),
        member_id=draw(word(2, 12)),
        action=action,
        statuses=draw(_statuses),
        charge=draw(cents),
        payer_control_number=draw(maybe(word(1, 15))),
        service=draw(periods()),
        effective=draw(days),
        lines=tuple(draw(st.lists(line, max_size=2))) if action == "U" else (),
    )


@st.composite
def claim_acknowledgements(draw: st.DrawFn) -> ClaimAcknowledgement:
    return ClaimAcknowledgement(
        source_name=draw(names),
        source_id=draw(word(2, 10)),
        receiver_name=draw(names),
        receiver_id=draw(word(2, 10)),
        provider_name=draw(names),
        provider_npi=draw(npis),
        reference=draw(word(1, 20)),
        batch_reference=draw(word(1, 20)),
        received=draw(days),
        processed=draw(days),
        claims=tuple(draw(st.lists(claim_statuses(), min_size=1, max_size=4))),
    )
