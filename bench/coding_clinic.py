"""Codes the terse notes of the fictional clinic (tools/clinic) and scores them against the diagnoses written with them.

The notes are typed as busy people type, in one line or five; nobody wrote them for a program. Codes that a claim may
carry or leave (long-term drugs, history, weeks of gestation, immunization beside an examination, external causes) are
neither asked for nor counted as too many.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import yaml
from msgspec import Struct

from superbill.codesets.store import Store, open_default
from superbill.coding.suggest.engine import Study, study
from superbill.coding.suggest.model import Visit

CLINIC = Path(__file__).parent.parent / "tools" / "clinic"
ON = date(2026, 5, 1)
_UNASKED = ("Z79", "Z23", "Z68", "Z3A", "Z7", "Z8", "Y", "W", "V")
_UNCOUNTED = ("Z79", "Z68", "Z87", "Z3A")


class Note(Struct, frozen=True):
    """A visit's note, whom it is of, and the codes written with it in sequence."""

    name: str
    text: str
    visit: Visit
    gold: tuple[str, ...]

    @property
    def asked(self) -> frozenset[str]:
        return frozenset(code for code in self.gold if not code.startswith(_UNASKED))


class Score(Struct, frozen=True):
    """How a list of notes was coded: the share of codes right, by code and by category, and of first codes right."""

    notes: int
    precision: float
    recall: float
    codes: float
    categories: float
    first: float


def notes() -> Iterator[Note]:
    """The visits of the clinic that have a note and diagnoses."""
    for path in sorted(CLINIC.glob("patients_*.yaml")):
        for patient in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader):
            sex = {"F": "female", "M": "male"}[patient["sex"]]
            for visit in patient["visits"]:
                if not visit.get("note") or not visit.get("dx"):
                    continue
                day = date.fromisoformat(visit["v"].split()[0])
                whom = Visit(on=ON, age=(day - patient["born"]).days / 365.25, sex=sex)  # type: ignore[arg-type]  # a value of the dict above
                yield Note(f"{patient['id']} {day}", visit["note"], whom, tuple(str(visit["dx"]).split()))


def suggested(done: Study) -> tuple[str, ...]:
    """The codes that are suggested, without those that may be left out."""
    return tuple(each.code for each in done.suggestion.diagnoses if each.score >= 0.5)


def wrong(note: Note, got: Sequence[str]) -> tuple[list[str], list[str]]:
    """The codes too many and those missed."""
    extra = [code for code in got if code not in note.gold and not code.startswith(_UNCOUNTED)]
    return extra, sorted(note.asked - set(got))


def causes(note: Note, done: Study) -> Iterator[str]:
    """Why each code is missed or too many, as far as a program can tell."""
    got = suggested(done)
    extra, missed = wrong(note, got)
    read = {code[:3] for mention in done.reading.mentions for code in mention.codes}
    for code in missed:
        categories = {each[:3] for each in got}
        told = "specificity" if code[:3] in categories else "context" if code[:3] in read else "not found"
        yield f"missed: {told}"
    for code in extra:
        known = {each[:3] for each in note.gold}
        yield "too many: " + ("specificity" if code[:3] in known else "context or combination")


def score(done: Sequence[tuple[Note, tuple[str, ...]]]) -> Score:
    """The figures of notes with what was suggested for them."""
    right = extra = missed = near = near_extra = near_missed = first = 0
    for note, got in done:
        more, less = wrong(note, got)
        right, extra, missed = right + len(note.asked & set(got)), extra + len(more), missed + len(less)
        asked = {code[:3] for code in note.asked}
        here = {code[:3] for code in got if not code.startswith(_UNCOUNTED)}
        near, near_missed = near + len(asked & here), near_missed + len(asked - here)
        near_extra += len(here - {code[:3] for code in note.gold})
        first += bool(got) and got[0] == note.gold[0]
    return Score(
        len(done), right / max(1, right + extra), right / max(1, right + missed),
        _harmonic(right, extra, missed), _harmonic(near, near_extra, near_missed), first / max(1, len(done)),
    )  # fmt: skip


def _harmonic(right: int, extra: int, missed: int) -> float:
    return 2 * right / max(1, 2 * right + extra + missed)


def studied(store: Store) -> Iterator[tuple[Note, Study]]:
    """Every note with what was made of it."""
    for note in notes():
        yield note, study(note.text, store, note.visit)


def main(arguments: Sequence[str] = ()) -> None:
    """Prints the figures, the causes of what differs, and the time; with --show every note that differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="list what differs, note by note")
    parser.add_argument("--only", default="", help="the notes whose names begin so")
    options = parser.parse_args(arguments)
    store = open_default()
    start = time.process_time()
    done = [(note, each) for note, each in studied(store) if note.name.startswith(options.only)]
    took = time.process_time() - start
    for note, each in done if options.show else ():
        extra, missed = wrong(note, suggested(each))
        if extra or missed:
            print(note.name, "gold", *note.gold, "got", *suggested(each))
            for code in extra:
                said = next(one for one in each.suggestion.diagnoses if one.code == code)
                print("  +", code, said.title, repr(said.evidence[0].text), said.way[-1].rule)
            print("  -", *missed)
            print("    " + note.text.strip().replace("\n", "\n    "))
    reached = score([(note, suggested(each)) for note, each in done])
    print(
        f"{reached.notes} notes: F {reached.codes:.4f}, precision {reached.precision:.4f}, recall {reached.recall:.4f}"
    )
    print(f"category F {reached.categories:.4f}, first-listed {reached.first:.4f}")
    for cause, number in Counter(cause for note, each in done for cause in causes(note, each)).most_common():
        print(f"{number:>4} {cause}")
    words = sum(len(note.text.split()) for note, _ in done)
    print(f"{1000 * took / max(1, len(done)):.1f} ms a note of {words / max(1, len(done)):.0f} words")


if __name__ == "__main__":
    main(sys.argv[1:])
