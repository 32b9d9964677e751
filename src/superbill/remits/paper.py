"""A paper explanation of benefits, keyed line by line: what the check still lacks, and the 835 that it would be.

What is keyed is what the paper shows: allowed, deductible, coinsurance, copay, other reasons, paid. It becomes a
Remittance, so that paper and electronic payments are planned and posted by one mechanism.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from superbill.claims.model import Adjustment, Claim, ServiceLine
from superbill.codesets.carc.lookup import reason as carc
from superbill.findings import Finding, Place, Severity
from superbill.money import Cents, dollars
from superbill.remits.plan import REVERSAL
from superbill.remits.posting import handling
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine

GROUPS = ("CO", "PR", "OA", "PI")
STATUSES = ("1", "2", "3", "4", "19", "20", "21", REVERSAL)
_SOURCE = "ASC X12 005010X221A1, balancing"


class KeyedLine(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """What the paper says of our claim's line `number` (from 1), in cents for the whole line.

    The charge less `allowed` is the contractual adjustment (CO-45); without `allowed` there is none. `adjustments` are
    the reasons printed beside the usual columns. On a reversal every amount is negative, as printed.
    """

    number: int
    paid: Cents = 0
    allowed: Cents | None = None
    deductible: Cents = 0
    coinsurance: Cents = 0
    copay: Cents = 0
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()


class KeyedClaim(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """One claim of the paper by our control number; `status` as CLP02 of an 835 (1 primary, 2 secondary, 4 denied,
    22 reversal)."""

    control_number: str
    lines: tuple[KeyedLine, ...]
    status: str = "1"
    payer_control_number: str = ""


class KeyedProviderAdjustment(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """Money of the check tied to no claim (PLB): a positive `amount` takes from the payment."""

    reason: str
    amount: Cents
    reference: str = ""


class PaperRemittance(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A check and the paper with it. `payer` is the payer's key at the site; `amount` the check's, in cents."""

    payer: str
    check_number: str
    on: date
    amount: Cents
    claims: tuple[KeyedClaim, ...] = ()
    provider_adjustments: tuple[KeyedProviderAdjustment, ...] = ()

    @property
    def keyed(self) -> Cents:
        """What is explained so far: payments of all lines less the provider's adjustments."""
        paid = sum(line.paid for claim in self.claims for line in claim.lines)
        return paid - sum(each.amount for each in self.provider_adjustments)

    @property
    def left(self) -> Cents:
        """What of the check is still to be keyed; negative when more is keyed than was paid."""
        return self.amount - self.keyed


class Parties(Struct, frozen=True, kw_only=True):
    """Who paid and who was paid, as an 835 names them."""

    payer_name: str
    payer_id: str
    payee_name: str
    payee_npi: str
    payee_tin: str = ""


def originator(payer_id: str) -> str:
    """What stands for TRN03 where there is no file: the payer as the site knows it."""
    return f"paper:{payer_id}"[:32]


def line_difference(keyed: KeyedLine, charge: Cents) -> Cents:
    """By how much a keyed line is off: its charge less everything that explains it; 0 when it is right."""
    return charge - keyed.paid - sum(each.amount for each in _adjustments(keyed, charge))


def findings(paper: PaperRemittance, claims: Mapping[str, Claim]) -> list[Finding]:
    """Everything that keeps the paper from being posted, the place named; `claims` are ours by control number."""
    found = list(_header(paper))
    twice = Counter((claim.control_number, claim.status) for claim in paper.claims)
    for claim in paper.claims:
        ours = claims.get(claim.control_number)
        if ours is None:
            said = f"There is no claim {claim.control_number} that was sent."
            found.append(_finding("claim", claim, 0, said, "Look the number up: superbill claim list."))
            continue
        if twice[claim.control_number, claim.status] > 1:
            said = f"Claim {claim.control_number} is keyed more than once with status {claim.status}."
            found.append(_finding("twice", claim, 0, said, "Key all of its lines under one claim."))
        if claim.status not in STATUSES:
            said = f"Claim status {claim.status} is none of {', '.join(STATUSES)}."
            found.append(
                _finding("status", claim, 0, said, "1 primary, 2 secondary, 3 tertiary, 4 denied, 22 reversal.")
            )
        found += _lines(claim, ours)
    if paper.left:
        more = "is still to be keyed" if paper.left > 0 else "is keyed too much"
        said = f"The check is {dollars(paper.amount)}, {dollars(abs(paper.left))} {more}."
        found.append(_finding("total", None, 0, said, "Key the rest, or correct an amount; interest is adjustment L6."))
    return found


def as_remittance(paper: PaperRemittance, parties: Parties, claims: Mapping[str, Claim]) -> Remittance:
    """The remittance that the paper is, once `findings` is empty. Raises KeyError for a claim that isn't ours."""
    return Remittance(
        payer_name=parties.payer_name,
        payer_id=parties.payer_id,
        payee_name=parties.payee_name,
        payee_npi=parties.payee_npi,
        payee_tin=parties.payee_tin,
        trace_number=paper.check_number,
        originator_id=originator(parties.payer_id),
        payment_amount=paper.amount,
        payment_method="CHK" if paper.amount else "NON",
        payment_date=paper.on,
        claims=tuple(_claim(claim, claims[claim.control_number]) for claim in paper.claims),
        provider_adjustments=tuple(
            ProviderAdjustment(
                npi=parties.payee_npi,
                fiscal_year_end=date(paper.on.year, 12, 31),
                reason=each.reason,
                reference=each.reference,
                amount=each.amount,
            )
            for each in paper.provider_adjustments
        ),
    )


def _claim(keyed: KeyedClaim, ours: Claim) -> RemittanceClaim:
    lines = tuple(_line(line, ours, keyed.status) for line in keyed.lines)
    return RemittanceClaim(
        control_number=keyed.control_number,
        status=keyed.status,
        charge=sum(line.charge for line in lines),
        paid=sum(line.paid for line in lines),
        payer_control_number=keyed.payer_control_number,
        lines=lines,
    )


def _line(keyed: KeyedLine, ours: Claim, status: str) -> RemittanceLine:
    line = _our_line(ours, keyed.number)
    assert line is not None, "`findings` tells of lines that are not there"
    charge = _charge(line, status)
    return RemittanceLine(
        procedure=line.procedure,
        revenue_code=line.revenue_code,
        charge=charge,
        paid=keyed.paid,
        units=line.units,
        service=ours.days_of(line),
        control_number=line.control_number,
        adjustments=_adjustments(keyed, charge),
        allowed=keyed.allowed,
        remarks=keyed.remarks,
    )


def _charge(line: ServiceLine, status: str) -> Cents:
    return -line.charge if status == REVERSAL else line.charge


def _our_line(ours: Claim, number: int) -> ServiceLine | None:
    return next((line for line in ours.lines if line.number == number), None)


def _adjustments(keyed: KeyedLine, charge: Cents) -> tuple[Adjustment, ...]:
    """The columns of the paper as CARCs, zeros left out. What is refused is part of the charge that isn't allowed: the
    contractual adjustment is what it leaves. An earlier payer's part (OA-23) is within what is allowed."""
    columns = [("PR", "1", keyed.deductible), ("PR", "2", keyed.coinsurance), ("PR", "3", keyed.copay)]
    made = [Adjustment(group, code, amount) for group, code, amount in columns if amount]
    made += keyed.adjustments
    if keyed.allowed is not None:
        refused = sum(each.amount for each in keyed.adjustments if handling(each) in ("denial", "contractual"))
        contractual = charge - keyed.allowed - refused
        if contractual:
            made.append(Adjustment("CO", "45", contractual))
    return tuple(made)


def _header(paper: PaperRemittance) -> Iterator[Finding]:
    if not paper.check_number.strip():
        yield _finding(
            "check-number", None, 0, "The check has no number.", "Key it; it tells one payment from another."
        )
    if paper.amount < 0:
        yield _finding("amount", None, 0, "A check is not less than nothing.", "Key what was taken back as reversals.")
    for place, each in enumerate(paper.provider_adjustments, 1):
        if not each.reason.strip() or not each.amount:
            said = f"Provider adjustment {place} needs a reason code and an amount."
            yield _finding(
                "provider-adjustment", None, 0, said, "L6 interest, WO recovered overpayment, FB forwarded …"
            )


def _lines(keyed: KeyedClaim, ours: Claim) -> Iterator[Finding]:
    numbers = Counter(line.number for line in keyed.lines)
    if not keyed.lines:
        yield _finding("lines", keyed, 0, "No line of this claim is keyed.", "Key every line that the paper answers.")
    for line in keyed.lines:
        own = _our_line(ours, line.number)
        if own is None:
            last = len(ours.lines)
            said = f"Claim {keyed.control_number} has lines 1 to {last}, there is no line {line.number}."
            yield _finding("line", keyed, line.number, said, "Key the line's number on our claim.")
            continue
        if numbers[line.number] > 1:
            said = f"Line {line.number} is keyed {numbers[line.number]} times."
            yield _finding("line-twice", keyed, line.number, said, "Add the amounts of a line that the payer split.")
        yield from _reasons(keyed, line)
        charge = _charge(own, keyed.status)
        if off := line_difference(line, charge):
            said = (
                f"Line {line.number} is off by {dollars(off)}: its charge is {dollars(charge)}, "
                f"{dollars(charge - off)} is explained."
            )
            yield _finding("line-balance", keyed, line.number, said, "Paid and all reasons add up to the charge.")


def _reasons(keyed: KeyedClaim, line: KeyedLine) -> Iterator[Finding]:
    for each in line.adjustments:
        if each.group not in GROUPS:
            said = f"Group code {each.group} is none of {', '.join(GROUPS)}."
            yield _finding(
                "group", keyed, line.number, said, "CO the contract's, PR the patient's, OA, PI the payer's."
            )
        if carc(each.reason) is None:
            said = f"There is no claim adjustment reason code {each.reason}."
            yield _finding("carc", keyed, line.number, said, "Key the code of the paper's legend, or the nearest CARC.")


def _finding(rule: str, claim: KeyedClaim | None, line: int, message: str, fix: str) -> Finding:
    field = f"claim {claim.control_number}" if claim else "check"
    return Finding(
        rule=f"remit.paper.{rule}",
        severity=Severity.ERROR,
        where=Place(service_line=line or None, field=field),
        message=message,
        fix=fix,
        source=_SOURCE,
    )
