"""A coding under way: what was offered, what a person has made of it so far. Documents; no database in here."""

from typing import Literal

from msgspec import Struct

from superbill.coding.deciding import Final, FinalService, system_of
from superbill.coding.history import Record
from superbill.coding.model import AssignedCode, CodedEncounter, CodeSystem, Evidence
from superbill.coding.suggest.model import Step, SuggestedCode, Suggestion, Visits

Kind = Literal["dx", "px", "sv"]
Verdict = Literal["offered", "kept", "refused", "added"]
_LETTERS = {"dx": "d", "px": "p", "sv": "s"}
_SCORES = {"high": 1.0, "medium": 0.7, "low": 0.4}


class Line(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code of a draft: a diagnosis (`dx`), an ICD-10-PCS procedure (`px`) or a service (`sv`).

    `key` names it for good ("d3"), wherever it stands; `pointers` are keys of diagnoses. `level`: the visit's E/M code,
    which follows the worksheet. `poa`: present on admission. `reason`: why it was refused, added or changed.
    """

    key: str
    kind: Kind
    system: CodeSystem
    code: str
    title: str = ""
    verdict: Verdict = "offered"
    reason: str = ""
    by: str = ""
    evidence: tuple[Evidence, ...] = ()
    way: tuple[Step, ...] = ()
    index: str = ""
    score: float = 1.0
    over: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    units: int = 1
    pointers: tuple[str, ...] = ()
    poa: str = ""
    level: bool = False

    @property
    def stands(self) -> bool:
        """Is it on the bill unless somebody refuses it?"""
        return self.verdict != "refused"


class Counting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the coder changed on the E/M worksheet, each with a reason: elements left out or counted after all, by
    their place ("problems:0"), elements added ("risk:prescription"), the minutes, and new or established."""

    left_out: dict[str, str] = {}
    counted: dict[str, str] = {}
    added: dict[str, str] = {}
    minutes: int | None = None
    patient: Literal["new", "established", ""] = ""

    @property
    def changed(self) -> bool:
        """Did the coder change anything?"""
        return bool(self.left_out or self.counted or self.added or self.minutes is not None or self.patient)


class Draft(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A coding under way. `state`: "" while it is worked on, else held, not billable or released, and `why`."""

    lines: tuple[Line, ...] = ()
    em: Visits | None = None
    counting: Counting = Counting()
    state: Literal["", "held", "not billable", "released"] = ""
    why: str = ""

    def of(self, kind: Kind) -> tuple[Line, ...]:
        """The lines of a kind in sequence, refused ones included."""
        return tuple(each for each in self.lines if each.kind == kind)

    def standing(self, kind: Kind) -> tuple[Line, ...]:
        """Those that are not refused: their places are what pointers and findings count."""
        return tuple(each for each in self.lines if each.kind == kind and each.stands)

    def line(self, key: str) -> Line | None:
        """The line of a key."""
        return next((each for each in self.lines if each.key == key), None)

    @property
    def undecided(self) -> tuple[Line, ...]:
        """Lines that wait for a decision."""
        return tuple(each for each in self.lines if each.verdict == "offered")

    def places(self) -> dict[str, int]:
        """The place of each standing diagnosis, from 1, by its key."""
        return {each.key: place for place, each in enumerate(self.standing("dx"), 1)}

    def free_key(self, kind: Kind) -> str:
        """A key that no line of this draft has had."""
        letter = _LETTERS[kind]
        return f"{letter}{max((int(each.key[1:]) for each in self.lines if each.kind == kind), default=0) + 1}"


def begun(record: Record | None, *, decided: bool = False) -> Draft:
    """The draft that a coding begins from: what was suggested, else what is coded. `decided`: by a person, so that its
    codes stand as kept."""
    if record is None:
        return Draft()
    if record.suggestion is not None and not decided:
        return _offered(record.suggestion)
    return _coded(record, decided)


def _offered(said: Suggestion) -> Draft:
    present = said.present or ("",) * len(said.diagnoses)
    lines = [
        _suggested(f"d{place}", "dx", each, poa=indicator)
        for place, (each, indicator) in enumerate(zip(said.diagnoses, present, strict=False), 1)
    ]
    lines += [_suggested(f"p{place}", "px", each) for place, each in enumerate(said.procedures, 1)]
    everything = tuple(each.key for each in lines if each.kind == "dx")[:4]
    services = list(_level(said.em, everything)) if said.em else []
    for each in said.services:
        pointed = tuple(f"d{place}" for place in each.diagnosis_pointers if place <= len(said.diagnoses)) or everything
        line = _suggested("", "sv", each.code, modifiers=each.modifiers, units=each.units, pointers=pointed)
        services.append(line)
    numbered = [_keyed(each, f"s{place}") for place, each in enumerate(services, 1)]
    return Draft(lines=(*lines, *numbered), em=said.em)


def _level(em: Visits, pointers: tuple[str, ...]) -> list[Line]:
    codes = [(em.preventive, False), (em.code, True), *((code, False) for code in dict.fromkeys(em.also))]
    return [
        Line(
            key="", kind="sv", system=system_of(code), code=code, way=em.way, level=level, pointers=pointers,
            modifiers=em.modifiers if level or code == em.preventive else (),
            units=em.also.count(code) or 1, score=1.0 if em.low == em.high else 0.7,
        )
        for code, level in codes
        if code
    ]  # fmt: skip


def _suggested(key: str, kind: Kind, each: SuggestedCode, **more: object) -> Line:
    return Line(
        key=key, kind=kind, system=each.system, code=each.code, title=each.title, evidence=each.evidence, way=each.way,
        index=each.index, score=each.score, over=each.over, **more,  # type: ignore[arg-type]  # fields of Line by name
    )  # fmt: skip


def _keyed(line: Line, key: str) -> Line:
    from msgspec.structs import replace

    return replace(line, key=key)


def _coded(record: Record, decided: bool) -> Draft:
    coded = record.coded
    if coded is None:
        return Draft()
    verdict: Verdict = "kept" if decided else "offered"
    refused = {each.code: each.reason for each in record.decisions if each.verdict == "refused"}
    reasons = {each.code: each.reason for each in record.decisions if each.reason}
    absent = {each.code: each.indicator for each in coded.facility.present} if coded.facility else {}
    lines = [
        _assigned(f"d{place}", "dx", each, verdict, reasons, poa=absent.get(each.code, ""))
        for place, each in enumerate(coded.diagnoses, 1)
    ]
    part = coded.facility
    for place, procedure in enumerate(part.procedures if part else (), 1):
        lines.append(_assigned(f"p{place}", "px", procedure.procedure, verdict, reasons))
    for place, each in enumerate(coded.services, 1):
        more = {
            "modifiers": each.modifiers, "units": max(int(each.units), 1),
            "pointers": tuple(f"d{at}" for at in each.diagnosis_pointers),
        }  # fmt: skip
        lines.append(_assigned(f"s{place}", "sv", each.procedure, verdict, reasons, **more))
    em = record.suggestion.em if record.suggestion else None
    lines = [_keyed_level(each, em) for each in lines]
    return Draft(lines=(*lines, *_refused(record.suggestion, refused, lines)), em=em)


def _keyed_level(line: Line, em: Visits | None) -> Line:
    from msgspec.structs import replace

    return replace(line, level=True) if em and line.kind == "sv" and line.code == em.code else line


def _refused(said: Suggestion | None, refused: dict[str, str], lines: list[Line]) -> list[Line]:
    """What was refused before stays to be seen, and can be taken after all."""
    after = len([each for each in lines if each.kind == "dx"])
    again = [each for each in (said.diagnoses if said else ()) if each.code in refused]
    return [
        _suggested(f"d{after + place}", "dx", each, verdict="refused", reason=refused[each.code])
        for place, each in enumerate(again, 1)
    ]


def _assigned(
    key: str, kind: Kind, each: AssignedCode, verdict: Verdict, reasons: dict[str, str], **more: object
) -> Line:
    way = (Step(each.rule, each.rule),) if each.rule else ()
    return Line(
        key=key, kind=kind, system=each.system, code=each.code, verdict=verdict, reason=reasons.get(each.code, ""),
        by=each.by, evidence=each.evidence, way=way, score=_SCORES[each.confidence], **more,  # type: ignore[arg-type]  # fields of Line by name
    )  # fmt: skip


def final_of(draft: Draft) -> Final:
    """The draft's standing codes, as decisions and audits know them."""
    return Final(
        diagnoses=tuple(dict.fromkeys(each.code for each in draft.standing("dx"))),
        services=tuple(
            FinalService(code=each.code, modifiers=each.modifiers, units=each.units) for each in draft.standing("sv")
        ),
        reasons={each.code: each.reason for each in draft.lines if each.reason},
    )


def codes_of(coded: CodedEncounter) -> set[str]:
    """Every code of a coded encounter."""
    part = coded.facility
    procedures = [each.procedure.code for each in part.procedures] if part else []
    return {*(each.code for each in coded.diagnoses), *(each.procedure.code for each in coded.services), *procedures}
