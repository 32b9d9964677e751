"""Remittances to an 835."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from itertools import groupby

from msgspec.structs import replace

from superbill.claims.model import Contact, OutpatientAdjudication, Person
from superbill.findings import Place
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.parts_write import (
    Unwritable,
    address,
    adjustments,
    amount,
    contact,
    in_its_loop,
    inner,
    inpatient,
    named,
    organized,
    outpatient,
    procedure,
    reference,
)
from superbill.x12.library import compiled
from superbill.x12.model import (
    BankAccount,
    Envelope,
    ProviderAdjustment,
    Remittance,
    RemittanceClaim,
    RemittanceLine,
)
from superbill.x12.nodes import Node
from superbill.x12.standard.composites import C042
from superbill.x12.standard.control import LX
from superbill.x12.standard.parties import DTM, N1, NM1, QTY
from superbill.x12.standard.payment import BPR, CLP, PLB, TRN
from superbill.x12.standard.service import LQ, SVC
from superbill.x12.text import exact, plain
from superbill.x12.tree import Interchange, Loop, assemble

ELECTRONIC = frozenset(("ACH", "BOP", "FWT"))
_ADJUSTMENTS_PER_PLB = 6
_NOBODY = Person("")


# --- lines and claims -----------------------------------------------------------------------------------------------


@lru_cache(1 << 12)
def _day(qualifier: str, day: date | None) -> DTM | None:
    return None if day is None else DTM(qualifier=qualifier, date=day)


def _days(*days: DTM | None) -> list[DTM]:
    return [day for day in days if day is not None]


@in_its_loop
def _line(node: Node, line: RemittanceLine) -> Loop:
    start, end = line.service.start, line.service.end
    one_day = start is not None and end in (None, start)
    submitted = line.submitted_procedure
    return assemble(node, {
        "service": SVC(
            procedure=procedure(line.procedure),
            charge=line.charge,
            paid=line.paid,
            revenue_code=exact(line.revenue_code),
            quantity=line.units,
            submitted_procedure=None if submitted is None else procedure(submitted),
            submitted_quantity=line.submitted_units,
        ),
        "service_dates": _days(_day("472", start)) if one_day else _days(_day("150", start), _day("151", end)),
        "adjustments": adjustments(line.adjustments),
        "line_item_control_number": reference("6R", line.control_number),
        "supplemental_amounts": amount("B6", line.allowed),
        "remarks": [LQ(code_list="HE", code=exact(remark)) for remark in line.remarks],
    })  # fmt: skip


def _member(qualifier: str, person: Person | None, member_id: str) -> NM1 | None:
    if person is None and not member_id:
        return None
    return named(qualifier, person or _NOBODY, "MI", member_id)


def _rendering(claim: RemittanceClaim, payee: str) -> NM1 | None:
    """Where the rendering provider's name is not known, the payee's stands for it beside the NPI."""
    if not claim.rendering_npi:
        return None
    if claim.rendering is None:
        return organized("82", payee, "XX", claim.rendering_npi)
    return named("82", claim.rendering, "XX", claim.rendering_npi)


def _crossover(claim: RemittanceClaim) -> NM1 | None:
    if not (claim.crossover_payer or claim.crossover_payer_id):
        return None
    return organized("TT", claim.crossover_payer, "PI", claim.crossover_payer_id)


def _decided(claim: RemittanceClaim) -> Parts:
    """MIA for what was decided on an inpatient stay, else MOA; the remarks go with it."""
    if claim.inpatient is not None:
        stay = inpatient(replace(claim.inpatient, remarks=claim.remarks))
        return {"inpatient_adjudication": stay, "outpatient_adjudication": outpatient(claim.outpatient)}
    if claim.outpatient is None and not claim.remarks:
        return {}
    told = replace(claim.outpatient or OutpatientAdjudication(), remarks=claim.remarks)
    return {"outpatient_adjudication": outpatient(told)}


@in_its_loop
def _claim(node: Node, claim: RemittanceClaim, payee: str) -> Loop:
    """Loop 2100."""
    lines, days = inner(node, "lines"), claim.covered_days
    return assemble(node, {
        "claim": CLP(
            patient_control_number=exact(claim.control_number),
            status=exact(claim.status),
            charge=claim.charge,
            paid=claim.paid,
            patient_responsibility=claim.patient_responsibility,
            filing_indicator=exact(claim.claim_filing_indicator),
            payer_claim_control_number=exact(claim.payer_control_number),
            facility_type=exact(claim.place_of_service),
            frequency=exact(claim.frequency),
            drg=exact(claim.drg),
            drg_weight=claim.drg_weight,
        ),
        "adjustments": adjustments(claim.adjustments),
        "patient": _member("QC", claim.patient, claim.patient_member_id),
        "subscriber": _member("IL", claim.subscriber, claim.subscriber_member_id),
        "rendering_provider": _rendering(claim, payee),
        "crossover_carrier": _crossover(claim),
        **_decided(claim),
        "statement_dates": _days(_day("232", claim.statement.start), _day("233", claim.statement.end)),
        "coverage_expired": _day("036", claim.coverage_expired),
        "received_date": _day("050", claim.received),
        "supplemental_quantities": None if days is None else QTY(qualifier="CA", quantity=days),
        "lines": [_line(lines, each) for each in claim.lines],
    })  # fmt: skip


@in_its_loop
def _header(node: Node, remittance: Remittance) -> Loop:
    """Loop 2000: one for all claims."""
    claims = inner(node, "claims")
    return assemble(node, {
        "header_number": LX(number=1),
        "claims": [_claim(claims, each, remittance.payee_name) for each in remittance.claims],
    })  # fmt: skip


# --- the payment ----------------------------------------------------------------------------------------------------


def _payment(remittance: Remittance) -> BPR:
    """BPR. Both accounts belong to an electronic payment and to no other."""
    method = remittance.payment_method
    plainly = BPR(
        handling="H" if method == "NON" else "I",
        amount=remittance.payment_amount,
        credit_or_debit="C",
        method=exact(method),
        date=remittance.payment_date,
    )
    if method not in ELECTRONIC:
        return plainly
    payer, payee = remittance.payer_account, remittance.payee_account
    if payer is None or payee is None:
        raise Unwritable(f"an {method} payment names the payer's and the payee's account")
    return BPR(
        handling=plainly.handling,
        amount=plainly.amount,
        credit_or_debit=plainly.credit_or_debit,
        method=plainly.method,
        format="CCP",
        **_account("sender", payer),
        originator=exact(remittance.originator_id),
        **_account("receiver", payee),
        date=plainly.date,
    )


def _account(whose: str, account: BankAccount) -> Parts:
    return {
        f"{whose}_bank_qualifier": "01",
        f"{whose}_bank": exact(account.routing),
        f"{whose}_account_qualifier": account.kind,
        f"{whose}_account": exact(account.number),
    }


@in_its_loop
def _payer(node: Node, remittance: Remittance) -> Loop:
    """Loop 1000A. PER*BL is required even when there is nothing to say in it."""
    return assemble(node, {
        "name": N1(entity="PR", name=plain(remittance.payer_name)),
        **address(remittance.payer_address),
        "additional_ids": reference("2U", remittance.payer_id),
        "technical_contacts": contact("BL", remittance.payer_contact or Contact()),
    })  # fmt: skip


@in_its_loop
def _payee(node: Node, remittance: Remittance) -> Loop:
    """Loop 1000B."""
    npi = exact(remittance.payee_npi)
    return assemble(node, {
        "name": N1(entity="PE", name=plain(remittance.payee_name), id_qualifier="XX", id=npi),
        "additional_ids": reference("TJ", remittance.payee_tin),
    })  # fmt: skip


def _provider_adjustments(found: Iterable[ProviderAdjustment]) -> Iterator[PLB]:
    """PLBs: adjustments of one provider and fiscal year share a segment, six at most."""
    for (npi, year), members in groupby(found, key=lambda each: (each.npi, each.fiscal_year_end)):
        every = list(members)
        for start in range(0, len(every), _ADJUSTMENTS_PER_PLB):
            row: list[object] = []
            for each in every[start : start + _ADJUSTMENTS_PER_PLB]:
                row += [C042(exact(each.reason), exact(each.reference)), each.amount]
            yield PLB("", exact(npi), year, *row)  # type: ignore[arg-type]  # reason and amount in turn


@in_its_loop
def _parts(root: Node, remittance: Remittance) -> Parts:
    """The parts of a whole 835."""
    headers = inner(root, "headers")
    trace, originator = exact(remittance.trace_number), exact(remittance.originator_id)
    return {
        "payment": _payment(remittance),
        "trace": TRN(trace_type="1", number=trace, originator=originator),
        "production_date": _day("405", remittance.production_date),
        "payer": _payer(inner(root, "payer"), remittance),
        "payee": _payee(inner(root, "payee"), remittance),
        "headers": _header(headers, remittance) if remittance.claims else None,
        "provider_adjustments": list(_provider_adjustments(remittance.provider_adjustments)),
    }


def payments(remittances: Iterable[Remittance], envelope: Envelope) -> Interchange:
    """An 835 for each remittance. Raises X12WriteError for one that can't be carried."""
    root = compiled("835").root

    def sets() -> Iterator[Parts]:
        for each in remittances:
            try:
                yield _parts(root, each)
            except Unwritable as problem:
                where = Place(field=f"payment {each.trace_number}", loop=problem.loop)
                raise refusal("x12.not-writable", f"{problem}.", where) from None

    return interchange("835", envelope, sets())
