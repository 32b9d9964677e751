"""The visit notes of our own under tests/spec/coding_notes and the rules by which a coding of them is scored.

A note's `icd10cm` entries with the same `alt` are alternatives, any of which satisfies the group; an `optional` entry
is neither owed nor an error. `first`: the code, or the codes any of which, may be listed first.
Run as a program (`python -m tests.coding_notes [--show] [NAME...]`) it prints the figures file by file.
"""

import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.model import Suggestion, Visit
from tests.codesets import APRIL, embedded_store

FOLDER = Path(__file__).parent / "spec" / "coding_notes"


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One code of the gold; `evidence` is a piece of the note."""

    code: str
    tier: Literal["required", "optional"] = "required"
    alt: str = ""
    evidence: str = ""


class Note(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A visit, its note and how a careful coder codes it. `em`: "" where none is reported or it isn't settled."""

    id: str
    age: float | None
    sex: Literal["female", "male", ""]
    note: str
    icd10cm: tuple[Entry, ...]
    first: str | tuple[str, ...] = ""
    procedures: tuple[Entry, ...] | None = None
    em: str = ""


class Score(NamedTuple):
    """Counts over notes; `first` of `notes` have the right code first."""

    right: int = 0
    extra: int = 0
    missed: int = 0
    first: int = 0
    notes: int = 0

    def plus(self, other: "Score") -> "Score":
        return Score(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def f1(self) -> float:
        """Twice what is right among all that was said and all that was owed."""
        return 2 * self.right / max(1, 2 * self.right + self.extra + self.missed)


@cache
def notes(name: str) -> tuple[Note, ...]:
    """The notes of a file, in its order."""
    return msgspec.yaml.decode((FOLDER / name).read_bytes(), type=tuple[Note, ...])


def files() -> list[str]:
    return sorted(path.name for path in FOLDER.glob("*.yaml"))


@cache
def coded(name: str) -> tuple[tuple[Note, Suggestion], ...]:
    """Every note of a file with what the engine suggests for it."""
    store = embedded_store()
    return tuple((note, suggest(note.note, store, Visit(on=APRIL, age=note.age, sex=note.sex))) for note in notes(name))


def _groups(entries: Iterable[Entry], length: int) -> list[tuple[set[str], bool]]:
    """The codes of each group cut to a length, and whether one of them is owed."""
    found: dict[str, tuple[set[str], bool]] = {}
    for number, each in enumerate(entries):
        codes, owed = found.get(each.alt or f"#{number}", (set(), False))
        found[each.alt or f"#{number}"] = (codes | {each.code[:length]}, owed or each.tier == "required")
    return list(found.values())


def _score(entries: Sequence[Entry], codes: Sequence[str], length: int = 99) -> Score:
    groups = _groups(entries, length)
    hit: set[int] = set()
    extra = 0
    for code in dict.fromkeys(each[:length] for each in codes):
        found = [number for number, (among, _) in enumerate(groups) if code in among]
        hit.update(found)
        extra += not found
    owed = {number for number, (_, required) in enumerate(groups) if required}
    return Score(len(hit & owed), extra, len(owed - hit))


def scored(note: Note, said: Suggestion, *, category: bool = False) -> Score:
    """One note's diagnoses against its gold, whole codes or their three-character categories."""
    codes = [each.code for each in said.diagnoses]
    first = {note.first} if isinstance(note.first, str) else set(note.first)
    if not note.first or not any(first):
        first = next((among for among, required in _groups(note.icd10cm, 99) if required), set())
    listed = bool(codes) and (
        codes[0] in first or any(codes[0] in a for a, _ in _groups(note.icd10cm, 99) if a & first)
    )
    return _score(note.icd10cm, codes, 3 if category else 99)._replace(first=listed, notes=1)


def served(note: Note, said: Suggestion) -> Score:
    """One note's services against its gold; nothing where the gold has no list."""
    if note.procedures is None:
        return Score()
    return _score(note.procedures, [each.code.code for each in said.services])


def total(scores: Iterable[Score]) -> Score:
    found = Score()
    for each in scores:
        found = found.plus(each)
    return found


def differences(note: Note, said: Suggestion) -> list[str]:
    """What is missed and what is too much, for reading."""
    got = {each.code for each in said.diagnoses}
    known = {each.code for each in note.icd10cm}
    lines = [f"  + {x.code} {x.title} {x.evidence[0].text!r}" for x in said.diagnoses if x.code not in known]
    lines += [f"  - {'|'.join(sorted(codes))}" for codes, owed in _groups(note.icd10cm, 99) if owed and not codes & got]
    if not scored(note, said).first:
        lines.append(f"  first {said.diagnoses[0].code if said.diagnoses else None} not {note.first}")
    services = served(note, said)
    if services.extra or services.missed:
        lines.append(f"  services {[e.code.code for e in said.services]} not {[e.code for e in note.procedures or ()]}")
    return lines


def main(arguments: Sequence[str]) -> None:
    """The figures of the files whose names hold one of the arguments, or of all."""
    wanted = [each for each in arguments if not each.startswith("-")]
    every: list[tuple[Note, Suggestion]] = []
    for name in files():
        if wanted and not any(each in name for each in wanted):
            continue
        done = coded(name)
        every += done
        for note, said in done if "--show" in arguments else ():
            if lines := differences(note, said):
                print(note.id, *lines, sep="\n")
        print(name, _figures(done))
    print("all", _figures(every))


def _figures(done: Sequence[tuple[Note, Suggestion]]) -> str:
    whole = total(scored(note, said) for note, said in done)
    category = total(scored(note, said, category=True) for note, said in done)
    services = total(served(note, said) for note, said in done)
    leveled = [(note.em, said.em.code if said.em else "") for note, said in done if note.em]
    exact = sum(want == got for want, got in leveled)
    return (
        f"{whole.notes} notes: F1 {whole.f1:.3f} (+{whole.extra} -{whole.missed}), category {category.f1:.3f}, first "
        f"{whole.first / max(1, whole.notes):.3f}, services {services.f1:.3f}, E/M {exact}/{len(leveled)}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
