"""Which clause speaks: the one that names the most. Clauses that name the same are refused when a contract is read."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from superbill.effective import Period
from superbill.pricing.bill import Bill, Item
from superbill.pricing.code_ranges import between, code_ranges
from superbill.pricing.contract_model import OF_CLAIMS, Agreement, Scope, Term

# The order in which scopes are compared. The first field in which two clauses differ decides between them.
ORDER = ("codes", "modifiers", "revenue_codes", "drgs", "kinds", "places", "bills", "claims")
_SINGLE = 10**12
Rank = tuple[int, ...]


@lru_cache(maxsize=8192)
def _narrowness(entry: str) -> int:
    """A single code names more than a range, a narrow range more than a wide one."""
    first, dash, last = entry.partition("-")
    return _SINGLE - (int(last, 36) - int(first, 36)) if dash else _SINGLE


def _ranged(entries: tuple[str, ...], value: str) -> int | None:
    if not value or value not in code_ranges(entries):
        return None
    return max(_narrowness(entry) for entry in entries if value in code_ranges((entry,)))


def _modified(wanted: tuple[str, ...], modifiers: tuple[str, ...]) -> int | None:
    """The first modifier of a line that any clause names decides: payers read them in their order."""
    return next((10 - place for place, modifier in enumerate(modifiers) if modifier in wanted), None)


def _billed(patterns: tuple[str, ...], bill: str) -> int | None:
    fitting = [sum(want != "X" for want in pattern) for pattern in patterns if _bill_fits(pattern, bill)]
    return max(fitting, default=None)


def _bill_fits(pattern: str, bill: str) -> bool:
    pairs = zip(pattern, bill, strict=False)
    return len(pattern) == len(bill) and all(want in ("X", has) for want, has in pairs)


def rank(scope: Scope, item: Item, bill: Bill) -> Rank | None:
    """How much of this line the scope names, to compare with other scopes; None when it does not fit."""
    # The cheapest and most telling first: most scopes that do not fit name other codes.
    codes = _ranged(scope.codes, item.code) if scope.codes else 0
    if codes is None:
        return None
    modifiers = _modified(scope.modifiers, item.modifiers) if scope.modifiers else 0
    revenue = _ranged(scope.revenue_codes, item.revenue_code) if scope.revenue_codes else 0
    drgs = _ranged(scope.drgs, bill.drg) if scope.drgs else 0
    if modifiers is None or revenue is None or drgs is None:
        return None
    kinds = _member(scope.kinds, item.kind) if scope.kinds else 0
    places = _member(scope.places, item.place) if scope.places else 0
    bills = _billed(scope.bills, bill.type_of_bill) if scope.bills else 0
    claims = _member(scope.claims, bill.kind) if scope.claims else 0
    if kinds is None or places is None or bills is None or claims is None:
        return None
    return codes, modifiers, revenue, drgs, kinds, places, bills, claims


def _member(wanted: tuple[str, ...], value: str) -> int | None:
    return 1 if value in wanted else None


def problems(agreement: Agreement) -> Iterator[tuple[str, str]]:
    """What is wrong with the clauses among each other, each with the key in the file: ids twice, ties, circles."""
    seen: dict[str, str] = {}
    for table, clause in agreement.all_clauses():
        if clause.id in seen:
            yield f"{table}: {clause.id!r}", f"this id stands in {seen[clause.id]} already. Give each clause its own id"
        seen[clause.id] = table
        if not _meet(agreement.period, clause.period):
            yield f"{table}: {clause.id!r}", "its days are not within the contract's. Mend start or end"
    yield from _ties(agreement)


def _ties(agreement: Agreement) -> Iterator[tuple[str, str]]:
    terms = {term.id: term for term in agreement.terms}
    for term in agreement.terms:
        if not term.after:
            continue
        other = terms.get(term.after)
        if other is None:
            yield f"terms: {term.id!r}: after", f"there is no term {term.after!r}. Name one of this contract"
        elif term.id in _before(other, terms) or other is term:
            yield f"terms: {term.id!r}: after", f"{term.after!r} comes after this one. Take one of the two out"
        elif not _tie(term, other):
            why = f"{term.after!r} names more or less, or holds on other days, so the order is clear. Take it out"
            yield f"terms: {term.id!r}: after", why
    listed = agreement.terms
    for place, term in enumerate(listed):
        for other in listed[:place]:
            if term.id in _before(other, terms) or other.id in _before(term, terms) or not _tie(term, other):
                continue
            fix = "Name more in one of them, end one before the other begins, or say which speaks first"
            why = f'names the same as {other.id!r} on the same days. {fix} (after = "{other.id}")'
            yield f"terms: {term.id!r}: scope", why


def _before(term: Term, terms: dict[str, Term]) -> list[str]:
    """The terms that a term comes after, nearest first."""
    chain: list[str] = []
    while term.after and term.after not in chain and term.after in terms:
        chain.append(term.after)
        term = terms[term.after]
    return chain


def depths(terms: Iterable[Term]) -> dict[str, int]:
    """How many terms come before each by `after`."""
    by_id = {term.id: term for term in terms}
    return {id: len(_before(term, by_id)) for id, term in by_id.items()}


def _tie(one: Term, other: Term) -> bool:
    """Whether there can be a line on which neither of two terms names more."""
    if isinstance(one.pays, OF_CLAIMS) != isinstance(other.pays, OF_CLAIMS) or not _meet(one.period, other.period):
        return False
    mine, theirs = one.scope, other.scope
    ranged = ("codes", "revenue_codes", "drgs")
    return (
        all(_ranges_tie(getattr(mine, field), getattr(theirs, field)) for field in ranged)
        and _bills_tie(mine.bills, theirs.bills)
        and all(
            bool(set(getattr(mine, field)) & set(getattr(theirs, field)))
            or not (getattr(mine, field) or getattr(theirs, field))
            for field in ("modifiers", "kinds", "places", "claims")
        )
    )


def _ranges_tie(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if not mine or not theirs:
        return not mine and not theirs
    return any(_narrowness(a) == _narrowness(b) and _overlap(a, b) for a in mine for b in theirs)


def _overlap(one: str, other: str) -> bool:
    a_first, _, a_last = one.partition("-")
    b_first, _, b_last = other.partition("-")
    return between(b_first, a_first, a_last or a_first) or between(a_first, b_first, b_last or b_first)


def _bills_tie(mine: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    if not mine or not theirs:
        return not mine and not theirs
    return any(
        a.count("X") == b.count("X") and all(x == y or "X" in (x, y) for x, y in zip(a, b, strict=True))
        for a in mine
        for b in theirs
    )


def _meet(one: Period, other: Period) -> bool:
    starts = [day for day in (one.start, other.start) if day]
    ends = [day for day in (one.end, other.end) if day]
    return not starts or not ends or max(starts) <= min(ends)
