"""The terse notes of the fictional clinic, typed as busy people type, are coded as well as before."""

from bench.coding_clinic import Score, notes, score, suggested
from tests.codesets import embedded_store

from superbill.coding.suggest.engine import study

LEAST = Score(notes=187, precision=0.77, recall=0.76, codes=0.77, categories=0.88, first=0.75)
"""A little under what is reached. Raise it when more is reached."""


def test_the_notes_of_the_clinic_are_coded_as_well_as_before():
    store = embedded_store()
    reached = score([(note, suggested(study(note.text, store, note.visit))) for note in notes()])
    short = {
        name: round(getattr(reached, name), 3)
        for name in LEAST.__struct_fields__
        if getattr(reached, name) < getattr(LEAST, name)
    }
    assert short == {}
