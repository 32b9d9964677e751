"""Gathers what a search file is made of: the codes, what else they are called, our lexicon, and how usual they are."""

import csv

from superbill.codesets.hcpcs import record as hcpcs
from superbill.codesets.hcpcs import supplies
from superbill.codesets.icd10cm import index
from superbill.codesets.icd10cm import schema as icd10cm
from superbill.codesets.icd10pcs import index as pcs_index
from superbill.codesets.icd10pcs import procedures
from superbill.codesets.lexicon import lookup as lexicon
from superbill.codesets.naming import Naming
from superbill.codesets.release import Release
from superbill.codesets.search import build, documents
from superbill.codesets.search.documents import Corpus, Leading
from superbill.codesets.search.prepare import PROCEDURES, USUAL, Parts
from superbill.codesets.search.words import key
from superbill.codesets.sqlite_file import Draft

_GENERAL = ("general_", "abbreviations_")


def draft(parts: Parts, described: Release) -> Draft:
    """The search file of the parts, to be written."""
    if parts.book.rows is None:
        corpus, rows = Corpus(documents.table_of(parts.codes.connection)), []
    else:
        told = list(parts.book.rows(parts.store, parts.on))
        corpus = Corpus([(row.code, "", True, row.title) for row in told])
        rows = [(row.code, place, "", 1, "", row.title) for place, row in enumerate(told)]
        for row in told:
            for text in row.texts:
                corpus.say(row.code, documents.INCLUSION, text)
    if parts.book.system == icd10cm.CODES:
        terms, usual = add_diagnoses(parts, corpus), how_usual()
    elif parts.book.system == PROCEDURES:
        terms, usual = _procedures(parts, corpus)
    elif parts.book.system == hcpcs.SYSTEM:
        terms, usual = _named(corpus, supplies.entries(), supplies.LENGTH)
    else:
        terms, usual = _general(), {}
    return build.draft(corpus, terms, usual, described, rows)


def add_diagnoses(parts: Parts, corpus: Corpus) -> list[Leading]:
    """Adds all that ICD-10-CM codes are called, and gives the terms of the lexicon that lead to one."""
    tabular = parts.further[icd10cm.TABULAR]
    if tabular:
        documents.add_tabular(corpus, tabular.connection)
    for name in (index.INDEX, index.EXTERNAL):
        if book := parts.further[name]:
            documents.add_index(corpus, book.connection)
    for name, columns in index.CELLS.items():
        if book := parts.further[name]:
            documents.add_table(corpus, book.connection, columns)
    terms = [
        Leading(entry.term, entry.kind, entry.means, tuple(map(icd10cm.undotted, entry.codes)))
        for entry in lexicon.entries()
    ]
    documents.add_lexicon(corpus, terms)
    return terms


def _procedures(parts: Parts, corpus: Corpus) -> tuple[list[Leading], dict[str, float]]:
    book = parts.further[pcs_index.SYSTEM]
    if book:
        for code, path in book.connection.execute("SELECT code, path FROM term WHERE code != '' ORDER BY id"):
            corpus.say_under(code, documents.INDEX, path)
    return _named(corpus, procedures.entries(), procedures.LENGTH)


def _named(corpus: Corpus, entries: tuple[Naming, ...], length: int) -> tuple[list[Leading], dict[str, float]]:
    """Names are said of every code that they may mean; to whole codes they lead. How usual these are by their place."""
    terms: list[Leading] = []
    usual: dict[str, float] = {}
    for entry in entries:
        whole = tuple(code for code in entry.codes if len(code) == length)
        for place, code in enumerate(whole):
            usual[code] = max(usual.get(code, 0.0), 1 / (1 + place))
        for term in entry.terms:
            terms.append(Leading(term, "name", entry.means, whole))
            for code in entry.codes:
                corpus.say_under(code, documents.LEXICON, term)
    known = {key(term.term) for term in terms}
    return terms + [term for term in _general() if key(term.term) not in known], usual


def _general() -> list[Leading]:
    """Words and abbreviations of every chapter that name no condition by themselves."""
    return [
        Leading(entry.term, entry.kind, entry.means, ())
        for name, part in lexicon.parts().items()
        if name.startswith(_GENERAL)
        for entry in part.entries
        if not entry.codes and entry.index is None
    ]


def how_usual() -> dict[str, float]:
    """How usual each diagnosis is, from 0 to 1."""
    if not USUAL.exists():
        return {}
    with USUAL.open(encoding="utf-8", newline="") as file:
        weights = {icd10cm.undotted(row["code"]): float(row["weight"]) for row in csv.DictReader(file)}
    most = max(weights.values(), default=1.0) or 1.0
    return {code: weight / most for code, weight in weights.items()}
