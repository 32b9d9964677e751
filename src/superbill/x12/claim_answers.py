"""The 277CA that answers the claims of a file, from the same inspection that gives its findings and its 999."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from superbill.claims.model import Person, Procedure
from superbill.effective import Period
from superbill.money import Cents
from superbill.x12.answer_codes import LINES_REJECTED, status_of
from superbill.x12.answers import FRONT_END, carried, is_rejected
from superbill.x12.code_sets import CodeSets
from superbill.x12.codes import refused
from superbill.x12.inspection import Inspection, SetReport
from superbill.x12.lexer import Source
from superbill.x12.library import only
from superbill.x12.model import ClaimAcknowledgement, ClaimStatus, LineStatus, StatusCode
from superbill.x12.problems import Flaw
from superbill.x12.standard.composites import C003
from superbill.x12.standard.parties import DTP, NM1, REF
from superbill.x12.standard.service import SV1, SV2, SV3
from superbill.x12.text import IllegalText, plain
from superbill.x12.tree import Loop, Record
from superbill.x12.walk import walk

KEYS = ("837P", "837I", "837D")

ACCEPTED = StatusCode("A2", "20")
_MOST_STATUSES = 30  # of one claim; its sender needs no more to mend it
_MOST_CHARGE = 10**15  # cents; no sum of a batch may outgrow its element
_NOT_TOLD = "UNKNOWN"
_NO_NUMBER = "0"
_LONGEST_NAME, _LONGEST_FIRST, _LONGEST_NUMBER, _LONGEST_ID = 60, 35, 50, 80
_SHORTEST_ID = 2
_LONGEST_PROCEDURE, _LONGEST_QUANTITY = 48, 15
_CODE = 2  # the component of SVC01 that has the procedure's code
_OF_SERVICE = ("472", "434")  # service, statement
_REVENUE = "NU"
_PROCEDURES = frozenset(("AD", "ER", "HC", "HP", "IV", "WK", _REVENUE))


# --- what the answer gives back -------------------------------------------------------------------------------------


def _text(value: str, longest: int, otherwise: str = "") -> str:
    """A name, as far as it can be carried."""
    try:
        return plain(value)[:longest].strip() or otherwise
    except IllegalText:
        return otherwise


def _number(value: str, otherwise: str = _NO_NUMBER) -> str:
    return carried(value, _LONGEST_NUMBER) or otherwise


def _id(value: str) -> str:
    """The number of a party, which has at least two characters."""
    number = carried(value, _LONGEST_ID)
    return number if len(number) >= _SHORTEST_ID else _NOT_TOLD


def _charge(value: Cents | None) -> Cents:
    return value if value is not None and abs(value) < _MOST_CHARGE else 0


def _nm1(loop: Loop | None, name: str) -> NM1:
    """The NM1 of an inner loop; an empty one where it is not there."""
    inner = getattr(loop, name, None)
    return (inner.name if inner is not None else None) or NM1()


def _days(body: Sequence[Any]) -> Iterator[date]:
    """The days on which the services of a claim, or of a line, began and ended."""
    for part in body:
        if isinstance(part, DTP) and part.qualifier in _OF_SERVICE:
            value = part.value
            if isinstance(value, Period):
                yield from filter(None, (value.start, value.end))
            elif isinstance(value, datetime):
                yield value.date()
            elif isinstance(value, date):
                yield value


def _period(days: Iterable[date]) -> Period:
    told = sorted(days)
    return Period(told[0], told[-1]) if told else Period()


# --- one claim ------------------------------------------------------------------------------------------------------


class _Line:
    """A service line: where its segments are in the file, and what the answer gives back of it."""

    def __init__(self, loop: Loop, start: int, terms: tuple[CodeSets, date]) -> None:
        self.loop = loop
        self.positions = range(start, start + loop.segments())
        self.procedure, self.charge, self.units = _service(loop, terms)

    def status(self, statuses: tuple[StatusCode, ...]) -> LineStatus | None:
        """Loop 2220D; None for a line whose procedure can't be told."""
        if self.procedure is None:
            return None
        reference: REF | None = self.loop.line_item_control_number
        return LineStatus(
            procedure=self.procedure,
            charge=self.charge,
            units=self.units,
            control_number="" if reference is None else carried(reference.value, _LONGEST_NUMBER),
            service=_period(_days(self.loop.body)),
            statuses=statuses,
        )


def _service(loop: Loop, terms: tuple[CodeSets, date]) -> tuple[Procedure | None, Cents, Any]:
    """What was charged, for how much, and how often."""
    for part in loop.body:
        if isinstance(part, (SV1, SV2, SV3)):
            procedure = _procedure(part.procedure, terms)
            if procedure is None and isinstance(part, SV2):
                procedure = _procedure(C003(_REVENUE, part.revenue_code), terms)
            units = part.quantity
            told = units is not None and units.is_finite() and len(str(units)) <= _LONGEST_QUANTITY
            return procedure, _charge(part.charge), units if told else None
    return None, 0, None


def _procedure(found: C003 | None, terms: tuple[CodeSets, date]) -> Procedure | None:
    """The procedure; None where it is not there, or where its code is none of its list: we don't send such either."""
    code = "" if found is None else carried(found.code, _LONGEST_PROCEDURE)
    if found is None or not code or found.qualifier not in _PROCEDURES:
        return None
    sets, on = terms
    modifiers = [modifier for modifier in found.modifiers if len(carried(modifier, 3)) == 2]
    wrong = {each.coded.component for each in refused(["SVC", ":".join((found.qualifier, code, *modifiers))], sets, on)}
    if 2 in wrong:
        return None
    return Procedure(code, () if wrong else tuple(modifiers), found.qualifier)


def _lines(record: Record, terms: tuple[CodeSets, date]) -> Iterator[_Line]:
    position = record.position
    for part in record.unit.body:
        if isinstance(part, Loop):
            if part.id == "2400":
                yield _Line(part, position, terms)
            position += part.segments()
        else:
            position += 1


def _statuses(flaws: Iterable[Flaw], key: str) -> tuple[StatusCode, ...]:
    return tuple(dict.fromkeys(status_of(flaw, key) for flaw in flaws))[:_MOST_STATUSES]


def _decided(
    record: Record, flaws: list[Flaw], key: str, terms: tuple[CodeSets, date]
) -> tuple[tuple[StatusCode, ...], tuple[LineStatus, ...]]:
    """What rejects a claim, and its lines among that: each flaw is told once, with its line where that can be told."""
    of_claim, of_lines = list(flaws), []
    for line in _lines(record, terms):
        own = [flaw for flaw in of_claim if flaw.position in line.positions]
        told = line.status(_statuses(own, key)) if own else None
        if told is not None:
            of_claim = [flaw for flaw in of_claim if flaw.position not in line.positions]
            of_lines.append(told)
    statuses = _statuses(of_claim, key)
    if of_lines:
        statuses = (*statuses, LINES_REJECTED)
    return statuses, tuple(of_lines)


def _claim(record: Record, flaws: list[Flaw], key: str, terms: tuple[CodeSets, date]) -> ClaimStatus:
    unit, subscriber, dependent = record.unit, record.loop("2000B"), record.loop("2000C")
    member = _nm1(subscriber, "subscriber_name")
    patient = member if dependent is None else _nm1(dependent, "patient_name")
    statuses, lines = _decided(record, flaws, key, terms) if flaws else ((ACCEPTED,), ())
    days = list(_days(unit.body)) or [day for part in unit.body if isinstance(part, Loop) for day in _days(part.body)]
    claim = unit.claim
    return ClaimStatus(
        control_number=_number(claim.patient_control_number),
        patient=Person(
            _text(patient.name, _LONGEST_NAME, _NOT_TOLD),
            _text(patient.first, _LONGEST_FIRST),
            _text(patient.middle, 25),
            _text(patient.suffix, 10),
        ),
        member_id=_id(member.id),
        action="U" if flaws else "WQ",
        statuses=statuses,
        charge=_charge(claim.charge),
        service=_period(days or [terms[1]]),
        lines=lines,
    )


# --- one transaction set --------------------------------------------------------------------------------------------


class _Surroundings:
    """The flaws of the loops around the claims, which every claim in them has: one look-up for each loop that opens.

    Where the loops begin is known from the claim: those that are new since the claim before stand directly before it.
    """

    def __init__(self, flaws: Iterable[Flaw]) -> None:
        self.flaws = [flaw for flaw in flaws if not flaw.unit]
        self.open: list[tuple[Loop, list[Flaw]]] = []

    def of(self, record: Record) -> list[Flaw]:
        """Those of the loops around this claim, outermost first."""
        if not self.flaws:
            return []
        kept = 0
        for (loop, _), now in zip(self.open, record.above, strict=False):
            if loop is not now:
                break
            kept += 1
        new = record.above[kept:]
        start = record.position - sum(loop.segments() for loop in new)
        del self.open[kept:]
        for loop in new:
            end = start + loop.segments()
            self.open.append((loop, [flaw for flaw in self.flaws if start <= flaw.position < end]))
            start = end
        return [flaw for _, flaws in self.open for flaw in flaws]


class _Answer:
    """The answer to one transaction set as its claims go by: one document for each billing provider."""

    def __init__(self, report: SetReport, trace: str, terms: tuple[CodeSets, date]) -> None:
        self.report = report
        self.trace = trace
        self.terms = terms
        wrong = [flaw for flaw in report.flaws if not flaw.warning]
        self.around = _Surroundings(wrong)
        self.by_unit: dict[int, list[Flaw]] = {}
        for flaw in wrong:
            self.by_unit.setdefault(flaw.unit, []).append(flaw)
        self.units = 0
        self.root: Loop | None = None
        self.claims: dict[tuple[str, str, str], list[ClaimStatus]] = {}

    def add(self, record: Record) -> None:
        """One claim more."""
        self.units += 1
        self.root = record.above[0]
        flaws = self.around.of(record) + self.by_unit.get(self.units, [])
        status = _claim(record, flaws, self.report.key, self.terms)
        self.claims.setdefault(self._provider(record.loop("2000A")), []).append(status)

    def _provider(self, loop: Loop | None) -> tuple[str, str, str]:
        """Name, NPI and tax number of the billing provider; a number that is none is not told."""
        who = _nm1(loop, "billing_provider_name")
        inner = getattr(loop, "billing_provider_name", None)
        tax: REF | None = getattr(inner, "tax_id", None)
        numbers = (("npi", who.id if who.id_qualifier == "XX" else ""), ("tin", tax.value if tax is not None else ""))
        sets = self.terms[0]
        npi, tin = (value if value and not sets.refusal(name, value) else "" for name, value in numbers)
        return _text(who.name, _LONGEST_NAME, _NOT_TOLD), npi, tin

    def documents(self, received: date, processed: date) -> Iterator[ClaimAcknowledgement]:
        """The acknowledgements."""
        source, receiver = _nm1(self.root, "receiver"), _nm1(self.root, "submitter")
        for (name, npi, tin), claims in self.claims.items():
            yield ClaimAcknowledgement(
                source_name=_text(source.name, _LONGEST_NAME, _NOT_TOLD),
                source_id=_id(source.id),
                receiver_name=_text(receiver.name, _LONGEST_NAME, _NOT_TOLD),
                receiver_id=_id(receiver.id),
                provider_name=name,
                provider_npi=npi,
                provider_tin=tin,
                reference=self.trace,
                batch_reference=_number(self.report.reference),
                received=received,
                processed=processed,
                claims=tuple(claims),
            )


def _reports(inspection: Inspection, rejects: Iterable[int]) -> dict[int, tuple[SetReport, str]]:
    """The transaction sets that get an answer, by their position in the file, with the number of the answer."""
    return {
        report.position: (report, "".join((*interchange.isa[13:14], group.control_number, report.control_number)))
        for interchange in inspection.interchanges
        for group in interchange.groups
        for report in group.sets
        if report.key in KEYS and not group.syntax_codes and not is_rejected(report, rejects)
    }


def claims(
    source: Source,
    inspection: Inspection,
    *,
    received: date,
    processed: date | None = None,
    rejects: Iterable[int] = FRONT_END,
) -> list[ClaimAcknowledgement]:
    """The 277CA for each claim batch (837P, 837I, 837D) of a file, one document for each of its billing providers.

    The documents of one batch share `reference` and `batch_reference` and follow one another. `source` is what
    `inspection` was made from, read again from its start. A claim is rejected for each flaw that is in it, or in the
    loops around it (its billing provider's, its subscriber's); all others are accepted (A2:20). Warnings reject
    nothing. A transaction set that the 999 rejects has no 277CA: none of its claims were looked at. Which flaws those
    are `rejects` says, as for `answers.functional`: with EVERYTHING all claims that are answered are accepted.
    """
    rejects = frozenset(rejects)
    answered = _reports(inspection, rejects)
    terms = (inspection.sets, received)
    made: list[ClaimAcknowledgement] = []
    current: _Answer | None = None
    for read in walk(source, only(*KEYS), units=True) if answered else ():
        if isinstance(read, Record):
            found = answered.get(read.transaction.position)
            if found is not None:
                current = current or _Answer(found[0], _number(found[1]), terms)
                current.add(read)
        elif current is not None:
            made += current.documents(received, processed or received)
            current = None
    return made
