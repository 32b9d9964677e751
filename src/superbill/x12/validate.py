"""A whole file judged: envelopes, control numbers, and each transaction set against its guide."""

from collections.abc import Iterator

from msgspec import Struct

from superbill.findings import Finding, Place, Severity
from superbill.x12.engine import compiled
from superbill.x12.judge import Flaw, Judge
from superbill.x12.tokens import Source, batches

_GROUPS = {"837": "HC", "835": "HP", "999": "FA", "277": "HN", "997": "FA", "270": "HS", "271": "HB", "276": "HR",
           "278": "HI", "834": "BE", "820": "RA", "824": "AG"}  # fmt: skip


class SetReport(Struct):
    """One ST…SE as judged. `syntax_codes` are those of IK5."""

    identifier: str
    control_number: str
    version: str
    position: int
    flaws: list[Flaw] = []
    syntax_codes: list[str] = []
    supported: bool = True


class GroupReport(Struct):
    """One GS…GE as judged."""

    functional_id: str
    control_number: str
    version: str
    position: int
    included: int = 0
    sets: list[SetReport] = []


def _at(e: list[str], place: int) -> str:
    return e[place].strip() if len(e) > place else ""


class Inspection:
    """The state of a file's inspection and what it found: findings in file order, reports for the 999."""

    def __init__(self, file: str = "") -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.groups: list[GroupReport] = []
        self.isa: list[str] = []
        self.gs: list[str] = []
        self.st: list[str] = []
        self.group: GroupReport | None = None
        self.set: SetReport | None = None
        self.judge: Judge | None = None
        self.groups_here = 0
        self.set_numbers: set[str] = set()

    def note(self, rule: str, message: str, position: int, element: str, fix: str = "") -> None:
        where = Place(file=self.file, position=position, element=element)
        self.findings.append(
            Finding(rule=rule, severity=Severity.ERROR, where=where, message=message, fix=fix, source="X12.5, X12.6")
        )

    def control(self, e: list[str], position: int, mark: str) -> None:
        """An envelope segment."""
        name = e[0]
        if name in ("ISA", "GS", "ST", "GE", "IEA", "TA1") and self.set is not None:
            self.note("x12.se.missing", "The transaction set has no SE.", position, "SE")
            self.set.syntax_codes.append("2")
            self._finish(position)
        handle = {"ISA": self._isa, "GS": self._gs, "SE": self._se, "GE": self._ge, "IEA": self._iea}.get(name)
        if handle is not None:
            handle(e, position)
        elif name == "ST":
            self._st(e, position, mark)

    def _isa(self, e: list[str], position: int) -> None:
        if self.isa:
            self.note("x12.iea.missing", "The interchange before has no IEA.", position, "IEA")
        self.isa, self.gs, self.group, self.groups_here = e, [], None, 0
        if len(e) != 17 or [len(text) for text in e[1:]] != [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1]:
            self.note(
                "x12.isa.length", "An element of ISA has not its fixed length.", position, "ISA", "Pad with blanks."
            )
        if not _at(e, 13).isdigit():
            self.note("x12.isa.control-number", f"ISA13 {_at(e, 13)!r} is not a number.", position, "ISA13")

    def _gs(self, e: list[str], position: int) -> None:
        self.gs, self.set_numbers = e, set()
        self.groups_here += 1
        self.group = GroupReport(_at(e, 1), _at(e, 6), _at(e, 8), position)
        self.groups.append(self.group)

    def _st(self, e: list[str], position: int, mark: str) -> None:
        self.st = e
        version = _at(e, 3) or _at(self.gs, 8)
        identifier, number = _at(e, 1), _at(e, 2)
        self.set = SetReport(identifier, number, version, position)
        if self.group is None:
            self.note("x12.gs.missing", "A transaction set stands outside any functional group.", position, "GS")
            self.group = GroupReport("", "", version, position)
            self.groups.append(self.group)
        self.group.sets.append(self.set)
        if number in self.set_numbers:
            message = f"ST02 {number!r} was used before in this group."
            self.note("x12.st.control-number", message, position, "ST02", "Number the sets of a group anew.")
            self.set.syntax_codes.append("23")
        self.set_numbers.add(number)
        expected = _GROUPS.get(identifier)
        if expected and self.gs and _at(self.gs, 1) != expected:
            message = f"A {identifier} belongs into a group {expected}, not {_at(self.gs, 1)!r}."
            self.note("x12.gs.functional-id", message, self.group.position, "GS01")
            self.set.syntax_codes.append("6")
        guide = compiled(identifier, version)
        if guide is None:
            self.set.supported = False
            message = f"Transaction set {identifier} {version} is not one that can be judged here."
            where = Place(file=self.file, position=position, element="ST")
            self.findings.append(
                Finding(rule="x12.version", severity=Severity.NOT_CHECKED, where=where, message=message)
            )
        self.judge = None if guide is None else Judge(guide, e, position, mark)

    def _finish(self, position: int) -> None:
        assert self.set is not None
        if self.judge is not None:
            self.set.flaws = self.judge.end(position)
            self.findings += [_finding(flaw, self.file) for flaw in self.set.flaws]
        self.set = self.judge = None

    def _se(self, e: list[str], position: int) -> None:
        if self.set is None:
            self.note("x12.st.missing", "SE without ST.", position, "SE")
            return
        segments = position - self.set.position + 1
        if _at(e, 1) != str(segments):
            self.note("x12.se.count", f"SE01 says {_at(e, 1)} segments, there are {segments}.", position, "SE01")
            self.set.syntax_codes.append("4")
        if _at(e, 2) != self.set.control_number:
            message = f"SE02 {_at(e, 2)!r} is not the control number {self.set.control_number!r} of its ST."
            self.note("x12.se.control-number", message, position, "SE02")
            self.set.syntax_codes.append("3")
        self._finish(position)

    def _ge(self, e: list[str], position: int) -> None:
        if self.group is None:
            self.note("x12.gs.missing", "GE without GS.", position, "GE")
            return
        self.group.included = int(_at(e, 1)) if _at(e, 1).isdecimal() and len(_at(e, 1)) < 7 else 0
        if _at(e, 1) != str(len(self.group.sets)):
            message = f"GE01 says {_at(e, 1)} transaction sets, there are {len(self.group.sets)}."
            self.note("x12.ge.count", message, position, "GE01")
        if _at(e, 2) != self.group.control_number:
            message = f"GE02 {_at(e, 2)!r} is not the control number {self.group.control_number!r} of its GS."
            self.note("x12.ge.control-number", message, position, "GE02")
        self.group = None

    def _iea(self, e: list[str], position: int) -> None:
        if self.group is not None:
            self.note("x12.ge.missing", "The functional group has no GE.", position, "GE")
            self.group = None
        if _at(e, 1).lstrip("0") != str(self.groups_here).lstrip("0"):
            message = f"IEA01 says {_at(e, 1)} groups, there are {self.groups_here}."
            self.note("x12.iea.count", message, position, "IEA01")
        if _at(e, 2) != _at(self.isa, 13):
            message = f"IEA02 {_at(e, 2)!r} is not the control number {_at(self.isa, 13)!r} of its ISA."
            self.note("x12.iea.control-number", message, position, "IEA02")
        self.isa = []

    def finish(self, position: int) -> None:
        """The file is over."""
        if self.set is not None:
            self.note("x12.se.missing", "The transaction set has no SE.", position, "SE")
            self._finish(position)
        if self.isa:
            message = "The file ends before its interchange does (IEA)."
            self.note("x12.iea.missing", message, position, "IEA", "Ask the sender for the complete file.")


def _finding(flaw: Flaw, file: str) -> Finding:
    element = flaw.segment
    if flaw.problem is not None and flaw.problem.element:
        component = f"-{flaw.problem.component}" if flaw.problem.component else ""
        element = f"{flaw.segment}{flaw.problem.element:02}{component}"
    where = Place(file=file, position=flaw.position, loop=flaw.loop, element=element, service_line=flaw.line)
    return Finding(rule=flaw.rule, severity=Severity.ERROR, where=where, message=flaw.words, fix=flaw.fix)


_CONTROL = frozenset(("ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"))


def inspect(source: Source, file: str = "") -> Inspection:
    """Judge a file. Raises X12ReadError for what is not X12."""
    inspection = Inspection(file)
    position = 0
    for delimiters, batch in batches(source):
        separator, mark = delimiters.element, delimiters.component
        for raw in batch:
            position += 1
            e = raw.split(separator)
            if e[0] in _CONTROL:
                inspection.control(e, position, mark)
            elif inspection.judge is not None:
                inspection.judge.next(e, position)
            elif inspection.set is None:
                message = f"The segment {raw[:40]!r} stands outside any transaction set."
                inspection.note("x12.segment.outside", message, position, e[0][:3])
    inspection.finish(position)
    return inspection


def identities(source: Source) -> Iterator[tuple[str, str]]:
    """(ST01, version) of every transaction set."""
    group: list[str] = []
    for delimiters, batch in batches(source):
        separator = delimiters.element
        for raw in batch:
            if raw.startswith("GS" + separator):
                group = raw.split(separator)
            elif raw.startswith("ST" + separator):
                e = raw.split(separator)
                yield _at(e, 1), _at(e, 3) or _at(group, 8)
