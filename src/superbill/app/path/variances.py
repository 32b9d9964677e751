"""What payers allowed on posted remittances, held against what their contracts say."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from superbill.app.remits.queries import Answered, answered_claims
from superbill.app.reports.cases import Case
from superbill.app.session import Books
from superbill.claims.model import Claim
from superbill.pricing.benefits import Accumulators, Benefits, PatientShare
from superbill.pricing.bill import bill_of
from superbill.pricing.contract import Contract
from superbill.pricing.contract_book import ContractBook
from superbill.pricing.estimate import estimate
from superbill.pricing.variance import Answer, Tolerance, Variance, compare
from superbill.remits.expected import answers_of


class Compared(Struct, frozen=True, kw_only=True):
    """One comparison and where it belongs. `contract` "" where none holds on the day of service."""

    claim: str
    payer: str
    contract: str
    service: date
    trace: str
    variance: Variance


class Shares:
    """The patient's shares that a plan leaves, claim after claim, counted on from what the payer told before."""

    def __init__(self, benefits: Benefits) -> None:
        self._benefits = benefits
        self._met: dict[tuple[int, int], Accumulators] = {}

    def expected(
        self, patient: int, claim: Claim, contract: Contract, answers: Sequence[Answer]
    ) -> dict[str, PatientShare]:
        """By line key, for the lines that were not denied; then what the payer told counts as met."""
        told = {answer.key: answer for answer in answers if not answer.denied and not answer.later}
        start = claim.service.start
        if start is None or not told:
            return {}
        year = (patient, start.year)
        met = self._met.get(year, Accumulators())
        bill = bill_of(claim, [line.number for line in claim.lines if line.control_number in told])
        found = estimate(bill, contract, self._benefits, met)
        for answer in told.values():
            met = met.after(answer.share)
        self._met[year] = met
        return {each.priced.key: each.share for each in found.lines if each.priced.allowed is not None}


def compared(
    books: Books,
    book: ContractBook,
    tolerance: Tolerance,
    payer: str,
    since: date | None,
    until: date | None,
    shares: Shares | None,
) -> Iterator[Compared]:
    """Every line that a contract of the site speaks of, as the payer answered it and as it was agreed."""
    assert books.known_site is not None
    answered: Iterable[Answered] = answered_claims(books.scope, payer=payer, since=since, until=until)
    if shares is not None:  # a patient's year is told in the order in which the payer counted it
        answered = sorted(answered, key=lambda each: (each.paid_on, each.claim.service.start or date.min))
    for each in answered:
        day = each.claim.service.start
        contract = book.find(each.payer_key, day, books.known_site.practice.key) if day else None
        if day is None or contract is None:
            continue
        answers = answers_of(each.answer, each.claim)
        expected = shares.expected(each.patient_id, each.claim, contract, answers) if shares else None
        for variance in compare(contract.price(bill_of(each.claim)), answers, tolerance, expected):
            yield Compared(
                claim=each.claim.control_number,
                payer=each.payer_key,
                contract=contract.agreement.key,
                service=day,
                trace=each.trace_number,
                variance=variance,
            )


def short_cases(books: Books, book: ContractBook) -> Iterator[Case]:
    """What the figure "underpaid" counts: every line that a contract speaks of, and by how many cents it fell short."""
    for one in compared(books, book, Tolerance(cents=1_00, percent=Decimal(0)), "", None, None, None):
        expected = one.variance.expected
        if expected and one.variance.verdict in ("as agreed", "underpaid", "overpaid"):
            short = -one.variance.difference if one.variance.verdict == "underpaid" else 0
            yield Case(one.claim, one.service, short, expected, one.payer)
