"""A whole file judged: envelopes, control numbers, and each transaction set against its guide."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from superbill.findings import Finding, Place, Severity
from superbill.x12 import business_units, codes
from superbill.x12.judgements import Under, under
from superbill.x12.judging import Judge
from superbill.x12.lexer import Delimiters, Source
from superbill.x12.library import guides_of
from superbill.x12.model import BusinessUnit
from superbill.x12.nodes import Node
from superbill.x12.partners import Partner, rules_for
from superbill.x12.problems import Flaw, brief
from superbill.x12.program import Plan
from superbill.x12.segment_check import is_day
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import BHT, SE
from superbill.x12.tree import Loop, Transaction
from superbill.x12.walk import walk

_STANDARD = "X12.5, X12.6"
_MOST_NOTES = 10_000  # on the envelopes of a file


class SetReport(Struct, kw_only=True):
    """One ST…SE as judged. `syntax_codes` are those of IK5; `key` its guide's, "" for one without.

    `units` names the units that have flaws, by number, and by 0 the whole set, if they are business units.
    """

    identifier: str
    control_number: str
    version: str
    position: int
    key: str = ""
    reference: str = ""
    flaws: list[Flaw] = []
    syntax_codes: list[str] = []
    units: dict[int, BusinessUnit | None] = {}


class GroupReport(Struct, kw_only=True):
    """One GS…GE as judged. `syntax_codes` are those of AK9; `included` what GE01 says."""

    functional_id: str
    control_number: str
    version: str
    sender: str = ""
    receiver: str = ""
    position: int
    included: int = 0
    sets: list[SetReport] = []
    syntax_codes: list[str] = []


class InterchangeReport(Struct, kw_only=True):
    """One ISA…IEA as judged, with what a TA1 says of it: its notes are TA105 codes, most telling first."""

    isa: list[str]
    position: int
    groups: list[GroupReport] = []
    notes: list[str] = []


def _at(e: list[str], place: int) -> str:
    return e[place].strip() if len(e) > place else ""


class Inspection:
    """What was found in a file: `findings` in file order, `interchanges` with all that acknowledgements need."""

    def __init__(
        self, file: str = "", sets: codes.CodeSets | None = None, partner: str | Partner | None = None
    ) -> None:
        self.file = file
        self.partner = partner
        self.sets = sets or codes.standard()
        self.findings: list[Finding] = []
        self.notes = 0
        self.interchanges: list[InterchangeReport] = []
        self.delimiters = Delimiters()
        self.open: InterchangeReport | None = None
        self.group: GroupReport | None = None
        self.set: SetReport | None = None
        self.st: list[str] = []
        self.created = ""  # GS04: the day by which dated code sets are looked up
        self.position = 0
        self.judge: Judge | None = None
        self.set_numbers: set[str] = set()
        self.group_numbers: set[str] = set()

    @property
    def groups(self) -> list[GroupReport]:
        return [group for interchange in self.interchanges for group in interchange.groups]

    @property
    def flaws(self) -> list[Flaw]:
        return [flaw for group in self.groups for each in group.sets for flaw in each.flaws]

    def note(self, rule: str, message: str, position: int, element: str, fix: str = "") -> None:
        """Something wrong with an envelope. A hostile file must not fill the memory."""
        self.notes += 1
        if self.notes > _MOST_NOTES:
            return
        where = Place(file=self.file, position=position, element=element)
        self.findings.append(
            Finding(rule=rule, severity=Severity.ERROR, where=where, message=brief(message), fix=fix, source=_STANDARD)
        )

    # --- what the walk tells (walk.Watcher) ---

    def control(self, e: list[str], position: int, delimiters: Delimiters) -> None:
        """An envelope segment, before anything is done about it."""
        self.delimiters = delimiters
        name = e[0]
        self.position = position
        handle = {"ISA": self._isa, "GS": self._gs, "ST": self._st, "SE": self._se, "GE": self._ge, "IEA": self._iea}
        if name in handle:
            handle[name](e, position)

    def begin(self, transaction: Transaction) -> None:
        """The transaction set's guide is known."""
        assert self.set is not None
        guide = transaction.compiled.guide
        self.set.key = guide.key if guide.versions else ""
        if not guide.versions:
            self.judge = None
            message = f"Transaction set {self.set.identifier} {self.set.version} is not one that can be judged here."
            where = Place(file=self.file, position=transaction.position, element="ST")
            finding = Finding(rule="x12.version", severity=Severity.NOT_CHECKED, where=where, message=brief(message))
            self.findings.append(finding)
            self.set.syntax_codes.append("1")
            return
        if self.group is not None and self.group.functional_id and self.group.functional_id != guide.functional_id:
            message = (
                f"A {guide.identifier} belongs into a group {guide.functional_id}, not {self.group.functional_id!r}."
            )
            self.note("x12.gs.functional-id", message, self.group.position, "GS01")
            self.set.syntax_codes.append("6")
        rules = None if self.partner is None else rules_for(self.partner, guide.key, self._on() or date.max)
        self.judge = Judge(transaction, self._under(self.delimiters), rules)
        self.judge.header(self.st)

    def _on(self) -> date | None:
        text = self.created
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if is_day(text) else None

    def _under(self, delimiters: Delimiters) -> Under:
        return under(delimiters, self.sets, self._on())

    def segments(self, plan: Plan, segments: Sequence[Segment], position: int, delimiters: Delimiters) -> None:
        """Segments in their places."""
        assert self.judge is not None  # only a guide has places
        self.judge.segments(plan, segments, position)

    def unplaced(self, node: Node | None, e: list[str], position: int) -> None:
        """A segment that has no place where it stands."""
        if node is None:
            shown = self.delimiters.element.join(e)[:40]
            message = f"The segment {shown!r} stands outside any transaction set."
            self.note("x12.segment.outside", message, position, e[0][:3])
        elif self.judge is not None:
            self.judge.unplaced(node, e, position)

    def opened(self, node: Node, position: int) -> None:
        """A loop begins."""
        assert self.judge is not None  # what has units has a guide
        self.judge.opened(node, position)

    def closed(self, loop: Loop, above: Sequence[Loop]) -> None:
        """A loop is complete."""
        if self.judge is not None:
            unit = self.judge.unit
            self.judge.closed(loop, above)
            flaws = self.judge.flaws
            if unit and flaws and flaws[-1].unit == unit and self.set is not None:
                self.set.units[unit] = business_units.of_unit(self.set.identifier, loop)

    def end(self, transaction: Transaction, position: int) -> None:
        """The transaction set is over."""
        self.position = position
        assert self.set is not None
        body = transaction.root.body
        if not isinstance(body[-1], SE):
            self.note("x12.se.missing", "The transaction set has no SE.", position, "SE")
            self.set.syntax_codes.append("2")
        if len(body) > 1 and isinstance(body[1], BHT):
            self.set.reference = body[1].reference
        if self.judge is not None:
            self.set.flaws = self.judge.end(transaction)
            self.set.units[0] = business_units.of_set(self.set.identifier, transaction.root)
            self.findings += [finding(flaw, self.file) for flaw in self.set.flaws]
        self.set = self.judge = None

    # --- envelopes ---

    def _isa(self, e: list[str], position: int) -> None:
        self._end_interchange(position)
        self.open = InterchangeReport(isa=e, position=position)
        self.interchanges.append(self.open)
        self.group_numbers = set()
        control = _at(e, 13)
        if not (control.isdigit() and len(control) == 9):
            self.note("x12.isa.control-number", f"ISA13 {control!r} is not a number of nine digits.", position, "ISA13")
            self.open.notes.append("018")
        if _at(e, 15) not in ("P", "T"):
            self.note("x12.isa.usage", f"ISA15 {_at(e, 15)!r} is neither P nor T.", position, "ISA15")
            self.open.notes.append("020")
        if _at(e, 14) not in ("0", "1"):
            self.note("x12.isa.acknowledgment", f"ISA14 {_at(e, 14)!r} is neither 0 nor 1.", position, "ISA14")
            self.open.notes.append("019")

    def _end_interchange(self, position: int) -> None:
        if self.open is not None:
            message = "The interchange has no IEA."
            self.note("x12.iea.missing", message, position, "IEA", "Ask the sender for the complete file.")
            self.open.notes.append("023")
            self.open = None

    def finish(self) -> None:
        """The file is over."""
        self._end_group(self.position)
        self._end_interchange(self.position)

    def _gs(self, e: list[str], position: int) -> None:
        self._end_group(position)
        self.set_numbers = set()
        self.created = _at(e, 4)
        control = _at(e, 6)
        self.group = GroupReport(
            functional_id=_at(e, 1), control_number=control, version=_at(e, 8), sender=_at(e, 2),
            receiver=_at(e, 3), position=position,
        )  # fmt: skip
        if self.open is None:
            return
        self.open.groups.append(self.group)
        if control in self.group_numbers:
            message = f"GS06 {control!r} was used before in this interchange."
            self.note("x12.gs.control-number", message, position, "GS06", "Number the groups anew.")
            self.group.syntax_codes.append("6")
        self.group_numbers.add(control)

    def _end_group(self, position: int) -> None:
        if self.group is not None:
            self.note("x12.ge.missing", "The functional group has no GE.", position, "GE")
            self.group.syntax_codes.append("3")
            self.group = None

    def _st(self, e: list[str], position: int) -> None:
        self.st = e
        number = _at(e, 2)
        if self.group is None:
            self.note("x12.gs.missing", "A transaction set stands outside any functional group.", position, "GS")
            self.group = GroupReport(functional_id="", control_number="", version="", position=position)
            if self.open is not None:
                self.open.groups.append(self.group)
        version = _at(e, 3) or self.group.version
        self.set = SetReport(identifier=_at(e, 1), control_number=number, version=version, position=position)
        self.group.sets.append(self.set)
        if number in self.set_numbers:
            message = f"ST02 {number!r} was used before in this group."
            self.note("x12.st.control-number", message, position, "ST02", "Number the sets of a group anew.")
            self.set.syntax_codes.append("23")
        self.set_numbers.add(number)

    def _se(self, e: list[str], position: int) -> None:
        if self.set is None:
            self.note("x12.st.missing", "SE without ST.", position, "SE")
            return
        segments = position - self.set.position + 1
        if _at(e, 1).lstrip("0") != str(segments):
            self.note("x12.se.count", f"SE01 says {_at(e, 1)} segments, there are {segments}.", position, "SE01")
            self.set.syntax_codes.append("4")
        if _at(e, 2) != self.set.control_number:
            message = f"SE02 {_at(e, 2)!r} is not the control number {self.set.control_number!r} of its ST."
            self.note("x12.se.control-number", message, position, "SE02")
            self.set.syntax_codes.append("3")

    def _ge(self, e: list[str], position: int) -> None:
        if self.group is None:
            self.note("x12.gs.missing", "GE without GS.", position, "GE")
            return
        count = _at(e, 1)
        self.group.included = int(count) if count.isdecimal() and len(count) < 7 else 0
        if self.group.included != len(self.group.sets):
            message = f"GE01 says {count} transaction sets, there are {len(self.group.sets)}."
            self.note("x12.ge.count", message, position, "GE01")
            self.group.syntax_codes.append("5")
        if _at(e, 2) != self.group.control_number:
            message = f"GE02 {_at(e, 2)!r} is not the control number {self.group.control_number!r} of its GS."
            self.note("x12.ge.control-number", message, position, "GE02")
            self.group.syntax_codes.append("4")
        self.group = None

    def _iea(self, e: list[str], position: int) -> None:
        self._end_group(position)
        if self.open is None:
            self.note("x12.isa.missing", "IEA without ISA.", position, "IEA")
            return
        if _at(e, 1).lstrip("0") != str(len(self.open.groups) or ""):
            message = f"IEA01 says {_at(e, 1)} groups, there are {len(self.open.groups)}."
            self.note("x12.iea.count", message, position, "IEA01")
            self.open.notes.append("021")
        if _at(e, 2) != _at(self.open.isa, 13):
            message = f"IEA02 {_at(e, 2)!r} is not the control number {_at(self.open.isa, 13)!r} of its ISA."
            self.note("x12.iea.control-number", message, position, "IEA02")
            self.open.notes.append("001")
        self.open = None


def finding(flaw: Flaw, file: str = "") -> Finding:
    """A flaw as the house's finding."""
    element = flaw.segment
    if flaw.problem is not None and flaw.problem.element:
        component = f"-{flaw.problem.component}" if flaw.problem.component else ""
        element = f"{flaw.segment}{flaw.problem.element:02}{component}"
    where = Place(file=file, position=flaw.position, loop=flaw.loop, element=element, service_line=flaw.line)
    severity = Severity.WARNING if flaw.warning else Severity.ERROR
    return Finding(rule=flaw.rule, severity=severity, where=where, message=flaw.words, fix=flaw.fix, source=flaw.source)


def inspect(
    source: Source, file: str = "", sets: codes.CodeSets | None = None, partner: str | Partner | None = None
) -> Inspection:
    """Judge a file in constant memory. Raises X12ReadError for what is not X12, KeyError for an unknown partner.

    `sets` are the code sets to look codes up in, `partner` the trading partner whose companion guide holds as well.
    """
    inspection = Inspection(file, sets, partner)
    for _ in walk(source, guides_of, units=True, watcher=inspection, records=False):
        pass
    inspection.finish()
    return inspection
