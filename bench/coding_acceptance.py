"""Does what coders refused, once learned, make the rules better? By 5-fold cross-validation over the 87 visit notes.

In each fold a model learns from the notes of the other four which mentions were coded (as if coders had accepted those
and refused the rest) and reports in the fold; all other steps are as ever. A person's decisions on suggestions come in
the same form.
"""

import argparse
import json
from typing import Any

from bench.coding import gold, prediction, scored, visit_of
from superbill.codesets.icd10cm.lookup import book
from superbill.codesets.store import open_default
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.learned.acceptance import Described, Example, described, train
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.reading.read import read
from superbill.coding.suggest.diagnoses import diagnoses
from superbill.coding.suggest.model import Suggestion, Visit
from superbill.coding.suggest.reportable import judged, reportable

FOLDS = 5


class Notes:
    """The notes, read once, with their mentions described."""

    def __init__(self) -> None:
        self.entries = sorted(gold(), key=lambda entry: entry["id"])
        store, visits = open_default(), [visit_of(entry) for entry in self.entries]
        self.book = book(store, visits[0].on)
        terms = open_terms(store, self.book.release.effective)
        self.read: list[tuple[Reading, Visit]] = [
            (read(entry["text"], terms), visit) for entry, visit in zip(self.entries, visits, strict=True)
        ]
        self.described: list[list[Described]] = [
            described(judged(reading, visit), reading, visit) for reading, visit in self.read
        ]

    def examples(self, number: int) -> list[Example]:
        """Every mention of a note as a decision: accepted when its category was coded."""
        coded = {each["code"][:3] for each in self.entries[number]["icd10cm"]}
        return [
            Example(features=features, code=mention.codes[0], accepted=mention.codes[0][:3] in coded)
            for mention, features in self.described[number]
        ]

    def predicted(self, number: int, mentions: list[Mention]) -> dict[str, Any]:
        """What the engine makes of these mentions, as the scorer reads it."""
        reading, visit = self.read[number]
        codes = diagnoses(mentions, reading, visit, self.book)
        said = Suggestion(visit=visit, release=self.book.release.name, diagnoses=codes)
        return prediction(self.entries[number]["id"], said)


def by_rules(notes: Notes) -> list[dict[str, Any]]:
    return [notes.predicted(number, list(reportable(*each))) for number, each in enumerate(notes.read)]


def by_history(notes: Notes) -> list[dict[str, Any]]:
    """As rules report, without what a model of the other folds expects to be refused."""
    found: dict[int, dict[str, Any]] = {}
    every = range(len(notes.entries))
    for fold in range(FOLDS):
        model = train(each for number in every if number % FOLDS != fold for each in notes.examples(number))
        for number in every[fold::FOLDS]:
            found[number] = notes.predicted(
                number, model.kept(reportable(*notes.read[number]), notes.described[number])
            )
    return [found[number] for number in every]


def main() -> None:
    """Prints a line for each way."""
    notes = Notes()
    print(f"{'':<58}{'micro-F1':>9}{'category':>9}{'first':>7}")
    for title, predictions in (
        ("rules", by_rules(notes)),
        ("rules and learned refusals, by 5-fold cross-validation", by_history(notes)),
    ):
        said = json.loads(scored(notes.entries, predictions))
        print(
            f"{title:<58}{said['icd10cm']['f']:>9.3f}{said['icd10cm_category']['f']:>9.3f}{said['first_listed']:>7.3f}"
        )


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    main()
