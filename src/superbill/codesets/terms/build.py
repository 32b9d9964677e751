"""Makes the table of terms: titles, inclusion terms, the Alphabetic Index and our lexicon, each in its looked-up form."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from superbill.codesets.icd10cm import schema
from superbill.codesets.lexicon import lookup as lexicon
from superbill.codesets.release import Release
from superbill.codesets.search import documents
from superbill.codesets.search.documents import Corpus
from superbill.codesets.search.making import add_diagnoses, how_usual
from superbill.codesets.search.prepare import Parts
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.terms.forms import form
from superbill.codesets.terms.model import LEXICON, Term

_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")
_PLACES = {documents.TITLE: 1, documents.INCLUSION: 2, documents.INDEX: 3}
_MOST_CODES = 6


def draft(parts: Parts, described: Release) -> Draft:
    """The file of the terms of one release of ICD-10-CM."""
    corpus = Corpus(documents.table_of(parts.codes.connection))
    usual = how_usual()
    add_diagnoses(parts, corpus)
    kept: dict[str, Term] = {}
    for name, term in (*_of_lexicon(), *_of_book(corpus, usual)):
        kept.setdefault(name, term)
    data = msgspec.msgpack.encode(dict(sorted(kept.items())))
    table = Table("terms", "CREATE TABLE terms (data BLOB NOT NULL)", [(data,)])
    return Draft(release=described, tables=(table,))


def _of_lexicon() -> Iterator[tuple[str, Term]]:
    for entry in lexicon.entries():
        name = form(entry.term)
        if not entry.codes or not name:
            continue
        capitals = entry.kind == "abbreviation" and entry.term.isupper() and len(entry.term) <= 5
        yield name, Term(entry.term, entry.codes[:_MOST_CODES], LEXICON, entry.kind, capitals)


def _of_book(corpus: Corpus, usual: dict[str, float]) -> Iterator[tuple[str, Term]]:
    """What the book itself says, titles before inclusion terms before the index; codes of one form together."""
    found: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for document in corpus.documents:
        for phrase in document.phrases:
            place = _PLACES.get(phrase.kind)
            name = form(_ASIDE.sub("", phrase.text)) if place else ""
            if place and name:
                found[name, place].append((document.code, phrase.text))
    for (name, place), said in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        codes = _together(dict.fromkeys(code for code, _ in said), usual)
        yield name, Term(said[0][1], tuple(map(schema.dotted, codes)), place, "", False)


def _together(codes: Iterable[str], usual: dict[str, float]) -> list[str]:
    """Codes said in the same words: the code above them where they differ by their end only, else the most usual."""
    every = list(codes)
    if len(every) > 1:
        start = every[0][: min(len(code) for code in every)]
        while not all(code.startswith(start) for code in every):
            start = start[:-1]
        if len(start) >= 4 or (len(start) == 3 and start in every):
            return [start]
    return sorted(every, key=lambda code: (-usual.get(code, 0.0), len(code), code))[:_MOST_CODES]
