"""What a person does to a draft, one small step at a time, and what comes of all the steps together."""

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.coding.actions import NotDecided
from superbill.app.coding.draft import Counting, Draft, Kind, Line
from superbill.app.coding.levels import levelled
from superbill.coding.deciding import system_of
from superbill.coding.model import CodeSystem, Evidence

MOST_POINTERS, MOST_MODIFIERS, MOST_UNITS, MOST_LINES = 4, 4, 9_999, 100
_KINDS: dict[CodeSystem, Kind] = {"ICD-10-CM": "dx", "ICD-10-PCS": "px", "CPT": "sv", "HCPCS": "sv"}


class Edit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step. `key` is the line's; `value` what the step needs (a pointer's key, a modifier, units …); `code`,
    `system`, `title` and `evidence` of a code that is added. `reason` in the coder's own words."""

    do: str
    key: str = ""
    value: str = ""
    reason: str = ""
    code: str = ""
    system: CodeSystem = "ICD-10-CM"
    title: str = ""
    evidence: tuple[Evidence, ...] = ()


class BadEdit(NotDecided):
    """A step that can't be taken on this draft; the message says why. Nothing was changed."""


class Taken(Struct, frozen=True):
    """A step as kept: who took it."""

    by: str
    edit: Edit


def draft_after(first: Draft, taken: Iterable[Taken]) -> Draft:
    """The draft that all the steps make of the first one. An undo takes back the last step before it that is not
    taken back yet; a release is not undone but taken back by a step of its own."""
    kept: list[Taken] = []
    floor = 0
    for one in taken:
        if one.edit.do == "undo":
            if len(kept) > floor:
                kept.pop()
            continue
        kept.append(one)
        if one.edit.do in _SETTLED:
            floor = len(kept)
    draft = first
    for one in kept:
        draft = applied(draft, one.edit, by=one.by)
    return draft


def undoable(taken: Sequence[Taken]) -> Taken | None:
    """The step that an undo would take back now."""
    kept: list[Taken] = []
    for one in taken:
        if one.edit.do == "undo":
            if kept:
                kept.pop()
        elif one.edit.do in _SETTLED:
            kept = []
        else:
            kept.append(one)
    return kept[-1] if kept else None


def applied(draft: Draft, edit: Edit, *, by: str = "") -> Draft:
    """The draft after one step. Raises BadEdit for what does not fit it."""
    if draft.state == "released" and edit.do not in _SETTLED:
        raise BadEdit("This visit is released. Take it back first; then its codes can be changed.")
    if edit.do in _WHOLE:
        return _WHOLE[edit.do](draft, edit, by)
    line = draft.line(edit.key)
    if edit.do not in _LINE or line is None:
        raise BadEdit("This step fits no code of the visit: it may have changed meanwhile. Look again.")
    return _LINE[edit.do](draft, line, edit, by)


def _put(draft: Draft, line: Line, **changes: object) -> Draft:
    new = replace(line, **changes)
    return replace(draft, lines=tuple(new if each.key == line.key else each for each in draft.lines))


def _keep(draft: Draft, line: Line, edit: Edit, by: str) -> Draft:
    verdict = "added" if line.verdict == "added" else "kept"
    return _put(draft, line, verdict=verdict, reason=edit.reason, by=by)


def _refuse(draft: Draft, line: Line, edit: Edit, by: str) -> Draft:
    if line.verdict == "added":  # one's own: it goes as if it had never been there
        left = tuple(_unpointed(each, line.key) for each in draft.lines if each.key != line.key)
        return replace(draft, lines=left)
    refused = _put(draft, line, verdict="refused", reason=edit.reason, by=by)
    return replace(refused, lines=tuple(_unpointed(each, line.key) for each in refused.lines))


def _unpointed(line: Line, key: str) -> Line:
    return (
        replace(line, pointers=tuple(each for each in line.pointers if each != key)) if key in line.pointers else line
    )


def _open(draft: Draft, line: Line, _edit: Edit, by: str) -> Draft:
    return _put(draft, line, verdict="offered", reason="", by=by)


def _move(draft: Draft, line: Line, edit: Edit, _by: str) -> Draft:
    same = [each for each in draft.of(line.kind) if each.stands]
    if line not in same:
        raise BadEdit(f"{line.code} is refused and has no place.")
    at = same.index(line)
    to = {"up": at - 1, "down": at + 1, "first": 0}[edit.do]
    if not 0 <= to < len(same):
        return draft
    same.insert(to, same.pop(at))
    others = [each for each in draft.lines if each.kind == line.kind and not each.stands]
    groups = {kind: [each for each in draft.lines if each.kind == kind] for kind in _ORDER}
    groups[line.kind] = [*same, *others]
    return replace(draft, lines=tuple(each for kind in _ORDER for each in groups[kind]))


_ORDER: tuple[Kind, ...] = ("dx", "px", "sv")


def _point(draft: Draft, line: Line, edit: Edit, _by: str) -> Draft:
    places = draft.places()
    key = next((each for each, place in places.items() if str(place) == edit.value), edit.value)
    if line.kind != "sv" or key not in places:
        raise BadEdit("There is no diagnosis of this number to point to.")
    if key in line.pointers:
        return _put(draft, line, pointers=tuple(each for each in line.pointers if each != key))
    if len(line.pointers) >= MOST_POINTERS:
        raise BadEdit(f"A service points to {MOST_POINTERS} diagnoses at most. Take one away first.")
    return _put(draft, line, pointers=(*line.pointers, key))


def _units(draft: Draft, line: Line, edit: Edit, _by: str) -> Draft:
    steps = {"+": line.units + 1, "-": line.units - 1}
    units = steps.get(edit.value) or (int(edit.value) if edit.value.isascii() and edit.value.isdigit() else 0)
    if line.kind != "sv" or not 1 <= units <= MOST_UNITS:
        raise BadEdit(f"Units are a whole number from 1 to {MOST_UNITS:,}.")
    return _put(draft, line, units=units)


def _modifier(draft: Draft, line: Line, edit: Edit, _by: str) -> Draft:
    modifier = edit.value.strip().upper()
    if line.kind != "sv" or len(modifier) != 2 or not modifier.isalnum() or not modifier.isascii():
        raise BadEdit("A modifier has two characters, such as 25 or RT.")
    if modifier in line.modifiers:
        return _put(draft, line, modifiers=tuple(each for each in line.modifiers if each != modifier))
    if len(line.modifiers) >= MOST_MODIFIERS:
        raise BadEdit(f"A service carries {MOST_MODIFIERS} modifiers at most. Take one away first.")
    return _put(draft, line, modifiers=(*line.modifiers, modifier))


def _poa(draft: Draft, line: Line, edit: Edit, _by: str) -> Draft:
    if line.kind != "dx" or edit.value not in ("", "Y", "N", "U", "W", "1"):
        raise BadEdit("Present on admission is Y, N, U or W; empty for a code that is exempt.")
    return _put(draft, line, poa=edit.value)


def _recode(draft: Draft, line: Line, edit: Edit, by: str) -> Draft:
    """Another code in its place (the other side, a more specific one): evidence, place and pointers stay."""
    if edit.system != line.system and _KINDS[edit.system] != line.kind:
        raise BadEdit(f"{edit.code} is no code of the same kind as {line.code}.")
    _must_be_new(draft, edit.code, line.kind)
    words = edit.reason or f"in place of {line.code}"
    if line.verdict == "added":
        return _put(draft, line, code=edit.code, system=edit.system, title=edit.title, reason=words, by=by)
    key = draft.free_key(line.kind)
    new = replace(
        line, key=key, code=edit.code, system=edit.system, title=edit.title, verdict="added", reason=words, by=by,
        level=False,
    )  # fmt: skip
    old = replace(line, verdict="refused", reason=f"{edit.code} instead", by=by, pointers=())
    lines: list[Line] = []
    for each in draft.lines:
        if each.key == line.key:
            lines += [new, old]
        else:
            lines.append(replace(each, pointers=tuple(key if at == line.key else at for at in each.pointers)))
    return replace(draft, lines=tuple(lines))


def _must_be_new(draft: Draft, code: str, kind: Kind) -> None:
    if kind != "sv" and any(each.code == code and each.stands for each in draft.of(kind)):
        raise BadEdit(f"{code} is on this visit already.")


def _add(draft: Draft, edit: Edit, by: str) -> Draft:
    kind = _KINDS[edit.system]
    _must_be_new(draft, edit.code, kind)
    if len(draft.lines) >= MOST_LINES:
        raise BadEdit("This visit has as many codes as a draft holds.")
    line = Line(
        key=draft.free_key(kind), kind=kind, system=edit.system, code=edit.code, title=edit.title, verdict="added",
        reason=edit.reason, by=by, evidence=edit.evidence,
    )  # fmt: skip
    if kind == "sv":
        line = replace(line, pointers=tuple(draft.places())[:1])
    standing = [each for each in draft.lines if each.kind == kind and each.stands]
    groups = {each: [line_ for line_ in draft.lines if line_.kind == each] for each in _ORDER}
    groups[kind] = [*standing, line, *(each for each in groups[kind] if not each.stands)]
    return replace(draft, lines=tuple(each for one in _ORDER for each in groups[one]))


def _all(draft: Draft, _edit: Edit, by: str) -> Draft:
    return replace(
        draft,
        lines=tuple(
            replace(each, verdict="kept", by=by) if each.verdict == "offered" else each for each in draft.lines
        ),
    )


def _count(draft: Draft, edit: Edit, _by: str) -> Draft:
    """One change on the worksheet; the visit's code follows it."""
    if draft.em is None:
        raise BadEdit("This visit has no worksheet: no note of it was read.")
    counting = _counting(draft.counting, edit)
    code = levelled(draft.em, counting).code
    draft = replace(draft, counting=counting)
    line = next((each for each in draft.lines if each.level), None)
    if line is None or not code or code == line.code:
        return draft
    return _put(draft, line, code=code, system=system_of(code), reason=edit.reason or line.reason)


def _counting(now: Counting, edit: Edit) -> Counting:
    if edit.do == "minutes":
        if edit.value and not (edit.value.isascii() and edit.value.isdigit() and int(edit.value) <= 600):
            raise BadEdit("Minutes are a whole number up to 600.")
        return replace(now, minutes=int(edit.value) if edit.value else None)
    if edit.do == "patient":
        if edit.value not in ("new", "established", ""):
            raise BadEdit("A patient is new or established.")
        return replace(now, patient=edit.value)
    if edit.do == "as read":
        return Counting()
    if not edit.reason.strip():
        raise BadEdit("Say why: the reason stays with the level.")
    field = {"leave out": "left_out", "count": "counted", "count more": "added"}[edit.do]
    said = dict(getattr(now, field))
    if edit.value in said:
        del said[edit.value]
    else:
        said[edit.value] = edit.reason.strip()
    return replace(now, **{field: said})


def _settle(draft: Draft, edit: Edit, _by: str) -> Draft:
    states = {"hold": "held", "not billable": "not billable", "release": "released", "take back": ""}
    return replace(draft, state=states[edit.do], why=edit.reason)


_LineStep = Callable[[Draft, Line, Edit, str], Draft]
_WholeStep = Callable[[Draft, Edit, str], Draft]
_LINE: dict[str, _LineStep] = {
    "keep": _keep, "refuse": _refuse, "open": _open, "up": _move, "down": _move, "first": _move, "point": _point,
    "units": _units, "modifier": _modifier, "poa": _poa, "recode": _recode,
}  # fmt: skip
_WHOLE: dict[str, _WholeStep] = {
    "add": _add, "keep all": _all, "leave out": _count, "count": _count, "count more": _count, "minutes": _count,
    "patient": _count, "as read": _count, "hold": _settle, "not billable": _settle, "release": _settle,
    "take back": _settle,
}  # fmt: skip
_SETTLED = frozenset(("hold", "not billable", "release", "take back"))
