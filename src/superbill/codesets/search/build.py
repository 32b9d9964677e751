"""Writes the search file of a code system: an inverted index in SQLite, so that a search reads only what it asks."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import msgspec

from superbill.codesets.icd10cm import schema as icd10cm
from superbill.codesets.release import Release
from superbill.codesets.search import documents, schema
from superbill.codesets.search.documents import Corpus, Document, Leading
from superbill.codesets.search.slips import grams
from superbill.codesets.search.words import NEGATED, Token, costs, hashed, key, title, tokens, words
from superbill.codesets.sqlite_file import Draft, Table

_FIELD = {
    documents.INDEX: schema.INDEX, documents.LEXICON: schema.LEXICON,
    documents.INCLUSION: schema.INCLUSION, documents.TITLE: schema.TITLE,
}  # fmt: skip
_EXTERNAL_CAUSES = "VWXY"
Code = tuple[str, int, str, int, str, str]


def draft(
    corpus: Corpus, lexicon: list[Leading], usual: dict[str, float], release: Release, rows: list[Code] | None = None
) -> Draft:
    """The search file of a corpus. `usual`: how usual a code is, from 0 to 1, by code without dot. `rows`: the table of
    codes, where no release has it."""
    own = (icd10cm.code_table(rows),) if rows else ()
    writer = _Writer(corpus, lexicon, usual, diagnoses=release.system.startswith(icd10cm.CODES))
    return Draft(release=release, tables=(*writer.tables(), *own), after=schema.AFTER)


class _Writer:
    def __init__(self, corpus: Corpus, lexicon: list[Leading], usual: dict[str, float], *, diagnoses: bool) -> None:
        self.diagnoses = diagnoses
        self.corpus = corpus
        self.lexicon = lexicon
        self.usual: dict[int, float] = {}
        for code, weight in usual.items():
            number = corpus.place.get(code)
            if number is not None:
                self.usual[number] = max(weight, self.usual.get(number, 0.0))
        self.phrases: list[list[list[Token]]] = [
            [tokens(phrase.text) for phrase in document.phrases] for document in corpus.documents
        ]
        self.extensions: dict[tuple[tuple[str, str], ...], int] = {}
        for document in corpus.documents:
            self.extensions.setdefault(document.extensions, len(self.extensions))
        self.surface: dict[str, str] = {}
        self.frequency: Counter[str] = Counter()
        self.defaults = dict(documents.default_under(corpus, self.usual))

    def tables(self) -> Iterator[Table]:
        yield Table("doc", schema.DOC, list(self._documents()))
        yield Table("phrase", schema.PHRASE, list(self._texts()))
        yield Table("extension", schema.EXTENSION, list(self._extensions()))
        yield Table("stem", schema.STEM, list(self._stems()))
        yield Table("term", schema.TERM, list(self._terms()))
        vocabulary = list(self._words())
        yield Table("word", schema.WORD, vocabulary)
        yield Table("gram", schema.GRAM, list(_grams([row[1] for row in vocabulary])))
        yield Table("title", schema.TITLES, sorted(self._titles()))
        yield Table("area", schema.AREA, list(self.corpus.areas))
        yield Table("compound", schema.COMPOUND, sorted(self._compounds()))
        yield Table("bytes", schema.BYTES, list(self._bytes()))

    def _documents(self) -> Iterator[tuple[Any, ...]]:
        for number, document in enumerate(self.corpus.documents):
            lines = [
                _line(schema.KINDS.index(phrase.kind), said)
                for phrase, said in zip(document.phrases, self.phrases[number], strict=True)
            ]
            above = " ".join(str(each) for each in self._above(number))
            leads = self.defaults.get(number, number)
            yield (
                number,
                document.code,
                self.extensions[document.extensions],
                document.parent,
                above,
                leads,
                "\n".join(lines),
            )

    def _above(self, number: int) -> Iterator[int]:
        parent = self.corpus.documents[number].parent
        while parent >= 0:
            yield parent
            parent = self.corpus.documents[parent].parent

    def _texts(self) -> Iterator[tuple[int, int, str]]:
        for number, document in enumerate(self.corpus.documents):
            for place, phrase in enumerate(document.phrases[1:], 1):
                yield number, place, phrase.text

    def _extensions(self) -> Iterator[tuple[int, str]]:
        for extensions, number in self.extensions.items():
            said = [(char, " ".join(each.mark + each.stem for each in tokens(text))) for char, text in extensions]
            yield number, msgspec.json.encode(said).decode()

    def _stems(self) -> Iterator[tuple[Any, ...]]:
        fields: defaultdict[str, dict[int, int]] = defaultdict(dict)  # stem → document → best field
        own: Counter[str] = Counter()
        nothing: frozenset[str] = frozenset()
        over: dict[int, frozenset[str]] = {}  # document → stems of its phrases and of those above
        added = [{each.stem for _, text in key_ for each in tokens(text)} for key_ in self.extensions]
        for number, document in enumerate(self.corpus.documents):
            best = self._fields(number, document)
            own.update(best.keys())
            parent = over.get(document.parent, nothing)
            over[number] = parent.union(best)
            for each in parent.difference(best):
                best[each] = schema.ABOVE
            for each in added[self.extensions[document.extensions]]:
                best.setdefault(each, schema.ADDED)
            for each, field in best.items():
                fields[each][number] = field
        total = len(self.corpus.documents)
        for each in sorted(fields):
            postings: list[array[int]] = [array("I") for _ in schema.FIELDS]
            for number, field in fields[each].items():
                postings[field].append(number)
            idf = math.log(1 + total / (own[each] or len(fields[each])))
            yield (each, round(idf, 4), *(numbers.tobytes() or None for numbers in postings))

    def _fields(self, number: int, document: Document) -> dict[str, int]:
        best: dict[str, int] = {}
        for phrase, said in zip(document.phrases, self.phrases[number], strict=True):
            for token in said:
                field = schema.DENIED if token.mark == NEGATED else _FIELD[phrase.kind]
                if field > best.get(token.stem, -1):
                    best[token.stem] = field
                if field != schema.DENIED:
                    self.frequency[token.word] += 1
                self.surface[token.word] = token.stem
        return best

    def _terms(self) -> Iterator[tuple[Any, ...]]:
        for place, entry in enumerate(self.lexicon):
            said = key(entry.term)
            means = " ".join(token.mark + token.stem for token in tokens(entry.means))
            for token in (*tokens(entry.means), *tokens(entry.term)):
                self.surface.setdefault(token.word, token.stem)
                self.frequency[token.word] += 1
            if said:
                yield place, said, entry.term, entry.kind, means, entry.means, self._leads(entry)

    def _leads(self, entry: Leading) -> str:
        """Where a term leads, as "document:character" (the character empty when none is asked for)."""
        found: list[str] = []
        for code in entry.codes:
            number = self.corpus.place.get(code)
            if number is not None:
                known = self.corpus.documents[number]
                found.append(f"{number}:{'' if known.code == code else code[-1]}")
        return " ".join(found)

    def _words(self) -> Iterator[tuple[int, str, str, int]]:
        for place, word in enumerate(sorted(self.surface)):
            yield place, word, self.surface[word], self.frequency[word]

    def _titles(self) -> Iterator[tuple[int, int, str]]:
        added = {text: title(text) for extensions in self.extensions for _, text in extensions}
        for document in self.corpus.documents:
            said = title(document.title)
            yield hashed(said), int(not document.billable), document.code
            for character, text in document.extensions:
                yield hashed(f"{said} {added[text]}"), 0, document.code.ljust(6, "X") + character

    def _compounds(self) -> Iterator[tuple[str, str]]:
        found: dict[str, str] = {}
        for document in self.corpus.documents:
            for phrase in document.phrases:
                if "-" not in phrase.text:
                    continue
                for part in phrase.text.split():
                    if "-" in part.strip("-"):
                        pieces = words(part)
                        joined = "".join(pieces)
                        if len(pieces) == 2 and min(map(len, pieces)) > 1 and joined.isalpha():
                            found[joined] = " ".join(pieces)
        yield from found.items()

    def _bytes(self) -> Iterator[tuple[str, bytes]]:
        prior, flags = bytearray(), bytearray()
        for number, document in enumerate(self.corpus.documents):
            prior.append(round(255 * self._prior(number, document)))
            flags.append(1 if document.billable or document.extensions else 0)
        yield "prior", bytes(prior)
        yield "billable", bytes(flags)

    def _prior(self, number: int, document: Document) -> float:
        """How likely a code is before a word is read: usual, brief, plain."""
        said = sum(1 for token in self.phrases[number][0] if token.mark == "")
        brevity = 1 / (1 + 0.15 * said)
        plain = 0.0 if document.title.startswith("Other") else 1.0
        if self.diagnoses and document.code[0] in _EXTERNAL_CAUSES and len(document.code) >= 3:
            plain = 0.0
        whole = 1.0 if document.billable or document.extensions else 0.0
        return 0.55 * self.usual.get(number, 0.0) + 0.25 * brevity + 0.12 * plain + 0.08 * whole


def _line(kind: int, said: list[Token]) -> str:
    stems = list(dict.fromkeys(token.mark + token.stem for token in said))
    return f"{kind} {round(costs(stems), 1):g} {' '.join(stems)}"


def _grams(vocabulary: list[str]) -> Iterator[tuple[str, bytes]]:
    found: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
    for place, word in enumerate(vocabulary):
        if len(word) > 3 and word.isalpha():
            for gram in grams(word):
                found[gram].append(place)
    for gram in sorted(found):
        yield gram, found[gram].tobytes()
