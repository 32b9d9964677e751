"""Makes the table of terms: titles, inclusion terms, the Alphabetic Index and our lexicon, in the form looked up."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

import msgspec
from msgspec.structs import replace

from superbill.codesets.icd10cm import schema
from superbill.codesets.lexicon import lookup as lexicon
from superbill.codesets.release import Release
from superbill.codesets.search import documents
from superbill.codesets.search.documents import Corpus
from superbill.codesets.search.making import add_diagnoses, how_usual
from superbill.codesets.search.prepare import Parts
from superbill.codesets.search.words import words
from superbill.codesets.sqlite_file import Draft, Table
from superbill.codesets.terms import forms, results
from superbill.codesets.terms.contexts import Contexts, contexts
from superbill.codesets.terms.forms import form
from superbill.codesets.terms.model import ALONE, CAPITALS, EXACT, INDEX, LEXICON, LINKED, Kept, Term
from superbill.codesets.terms.variants import otherwise, plain, shorter

_PLACES = {documents.TITLE: 1, documents.INCLUSION: 2, documents.INDEX: 3}
_MOST_CODES = 6
_LETTERS = re.compile(r"(?<![\w'-])[a-z]+(?![\w'])")
_MARKS = re.compile(r"[()]")
_MIXED = re.compile(r"[A-Za-z]*[a-z][A-Z][A-Za-z]{0,2}")
"""An abbreviation of large and small letters that means another thing in capitals: "PsA"."""
_SIGNED = tuple(
    (tuple(form(long).split()), tuple(short.split()))
    for long, short in (
        ("status post", "s p"), ("history of", "h o"), ("history", "hx"), ("examination", "exam"),
        ("exam", form("examination")), ("evaluation", "eval"), ("syndrome", "sx"),
    )
)  # fmt: skip
"""How words of terms of several words are also written: "s/p", "h/o", "hx"."""
_TURNED = 5
"""Words of the longest term that is found in any order of its words."""
_SPELLED = 6
"""Letters of the shortest word that misspelt ones are read as."""
_NOT_OF_BODIES = ("V", "W", "X", "Y", *(f"T{number}" for number in range(36, 66)))
"""External causes and poisonings: their words are of plain English, or name drugs."""
_LITTLE = forms.PASSED | frozenset(
    ("without", "during", "elsewhere", "classified", "specified", "unspecified", "following", "through", "between",
     "before", "because", "absent", "absence", "negative", "denied", "denies", "resolved", "history", "family",
     "possible", "probable", "suspected", "unlikely", "likely", "previous", "former", "normal", "abnormal", "eleven",
     "twelve", "thirty", "hundred", "thousand", "second", "fourth", "seventh", "eighth", "single", "double", "initial",
     "subsequent", "sequela", "encounter", "trimester", "weeks", "other", "another", "certain", "current")
)  # fmt: skip
"""Words that negate, count or only join: a misspelt one is never read as one of these."""
_SHORT = 5
"""Letters of the longest abbreviation that counts in capitals only, where the table says so."""

Named = Iterator[tuple[str, Term]]


def draft(parts: Parts, described: Release) -> Draft:
    """The file of the terms of one release of ICD-10-CM."""
    corpus = Corpus(documents.table_of(parts.codes.connection))
    usual = how_usual()
    add_diagnoses(parts, corpus)
    data = msgspec.msgpack.encode(_file(gathered(corpus, usual)))
    table = Table("terms", "CREATE TABLE terms (data BLOB NOT NULL)", [(data,)])
    return Draft(release=described, tables=(table,))


def gathered(corpus: Corpus, usual: dict[str, float]) -> dict[str, list[Term]]:
    """All terms by their form: phrases that are no condition first, our lexicon before the book's own words, what the
    book says in full before what is left of it without words said by default. Of several terms of one word all whose
    words differ ("anger", "angry"), else the first."""
    told = contexts()
    kept: dict[str, list[Term]] = {}
    steps = (
        _phrases(told),
        _of_lexicon(told),
        _of_results(),
        _of_book(corpus, usual),
        _short(corpus, usual),
        _rest(corpus, usual),
    )
    for step in steps:
        for name, term in step:
            if not _may_be(term, told):
                continue
            if " " in name:
                for each in (name, *_written_else(name)):
                    kept.setdefault(each, [term])
            else:
                _add_word(kept.setdefault(name, []), term)
    return dict(sorted(kept.items()))


def _add_word(terms: list[Term], term: Term) -> None:
    """Adds what a word may be written as: to the term of the same code, else as a term of its own."""
    said = {each for known in terms for each in known.surfaces}
    own = tuple(sorted(set(forms.kept(plain(term.text))) - said))
    for place, known in enumerate(terms):
        if known.codes[:1] == term.codes[:1] and known.only == term.only:
            terms[place] = replace(known, surfaces=(*known.surfaces, *own))
            return
    if own:
        terms.append(replace(term, surfaces=own))


def _written_else(name: str) -> Iterator[str]:
    stems = name.split(" ")
    for long, short in _SIGNED:
        size = len(long)
        for at in range(len(stems) - size + 1):
            if tuple(stems[at : at + size]) == long:
                yield " ".join((*stems[:at], *short, *stems[at + size :]))


def _file(gathered: dict[str, list[Term]]) -> Kept:
    told = contexts()
    known = {name: terms[0] for name, terms in gathered.items() if "@" not in name}
    also = {name: tuple(terms[1:]) for name, terms in gathered.items() if len(terms) > 1}
    sided: dict[str, dict[str, Term]] = {}
    company: dict[str, set[str]] = {}
    phrases: dict[str, int] = {}
    turned: dict[str, str] = {}
    for name, (term, *_) in gathered.items():
        bare, _, side = name.partition(" @")
        stems = bare.split(" ")
        if side:
            sided.setdefault(bare, {})[side] = term
        elif 1 < len(stems) <= _TURNED and term.kind != "drug":
            other = forms.turned(bare)
            if other not in known:
                turned.setdefault(other, bare)
        for place, each in enumerate(stems):
            company.setdefault(each, set()).update(stems[:place], stems[place + 1 :])
        if term.kind == "phrase":
            phrases[stems[0]] = max(phrases.get(stems[0], 0), len(stems))
    beside = {stem: " ".join(sorted(stems)) for stem, stems in company.items()}
    return Kept(
        known, also, sided, turned, beside, phrases, told.followers, told.swallowers, told.before, told.after,
        " ".join(_spelled(gathered)),
    )  # fmt: skip


def _spelled(gathered: dict[str, list[Term]]) -> list[str]:
    """The longer words of the terms for conditions, as written; those of drugs, abbreviations and the index apart."""
    said = {
        word
        for terms in gathered.values()
        for term in terms
        if term.codes
        and term.source < INDEX
        and term.kind not in ("drug", "abbreviation", "spelling")
        and not term.codes[0].startswith(_NOT_OF_BODIES)
        for word in _LETTERS.findall(term.text.casefold())
        if len(word) >= _SPELLED
    }
    every = (term for terms in gathered.values() for term in terms)
    drugs = {word for term in every if term.kind == "drug" for word in _LETTERS.findall(term.text.casefold())}
    return sorted(said - _LITTLE - drugs)


def _phrases(told: Contexts) -> Named:
    for names, texts in told.phrases.items():
        for text in texts:
            yield form(text), Term(text, (), LEXICON, "phrase", means=names)


def _of_lexicon(told: Contexts) -> Named:
    """The lexicon's terms that lead to codes, and its drugs. One of which little words leave a single one is none:
    "at home", "the runs"."""
    for entry in lexicon.entries():
        name = form(entry.term)
        drug = entry.kind == "drug"
        if not name or not (entry.codes or drug):
            continue
        if " " not in name and " " in entry.term and forms.loses(entry.term):
            continue
        side = forms.side_of(entry.term)
        yield forms.sided(name, side) if side else name, Term(
            entry.term, entry.codes[:_MOST_CODES], LEXICON, entry.kind, _conditions(entry, told),
            entry.means if drug else "",
        )  # fmt: skip


def _of_results() -> Named:
    for text, code in results.phrases():
        yield form(text), Term(text, (code,), LEXICON, "synonym")


def _conditions(entry: lexicon.Entry, told: Contexts) -> int:
    said = entry.term
    only = ALONE if said.casefold() in _folded(told.alone) else 0
    if entry.kind == "abbreviation" and said.isupper() and len(said) <= _SHORT:
        if len(said) <= 2:
            only |= CAPITALS | (0 if said in told.running else ALONE)
        elif said in told.capitals:
            only |= CAPITALS
    if entry.kind == "abbreviation" and _MIXED.fullmatch(said):
        only |= EXACT
    if said in told.linked:
        only |= LINKED
    return only


def _may_be(term: Term, told: Contexts) -> bool:
    """Not a term that the table takes out, nor a single letter."""
    if len(forms.form(plain(term.text))) < 2:
        return False
    if term.kind == "phrase":
        return True
    never = _folded(told.never)
    return " ".join(words(term.text)) not in never and " ".join(forms.kept(plain(term.text))) not in never


@lru_cache(maxsize=4)
def _folded(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(" ".join(words(text)) for text in texts)


def _said(corpus: Corpus) -> Iterator[tuple[str, str, int]]:
    """Everything that the book says: code, words, place in the order of preference."""
    for document in corpus.documents:
        for phrase in document.phrases:
            place = _PLACES.get(phrase.kind)
            if place:
                yield document.code, phrase.text, place


def _of_book(corpus: Corpus, usual: dict[str, float]) -> Named:
    """Titles before inclusion terms before the index; codes of one form together. Where the sides of one form are
    conditions of their own (bundle branch block), each side has its term too."""
    found: dict[tuple[str, int], list[tuple[str, str]]] = defaultdict(list)
    for code, text, place in _said(corpus):
        name = form(plain(text))
        if name:
            found[name, place].append((code, text))
        whole = form(_MARKS.sub(" ", text))
        if whole and whole != name:
            found[whole, place].append((code, text))
    for (name, place), said in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        yield name, _term(said, place, usual)
        if len({code[:3] for code, _ in said}) > 1:
            for side in forms.SIDES:
                ours = [each for each in said if forms.side_of(each[1]) == side]
                if ours:
                    yield forms.sided(name, side), _term(ours, place, usual)


def _short(corpus: Corpus, usual: dict[str, float]) -> Named:
    yield from _varied(corpus, usual, shorter)


def _rest(corpus: Corpus, usual: dict[str, float]) -> Named:
    yield from _varied(corpus, usual, otherwise)


def _varied(corpus: Corpus, usual: dict[str, float], vary: Callable[[str], Iterator[str]]) -> Named:
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for code, text, place in _said(corpus):
        if place < _PLACES[documents.INDEX]:
            for each in vary(text):
                if name := form(each):
                    found[name].append((code, each))
    for name, said in sorted(found.items()):
        yield name, _term(said, _PLACES[documents.INCLUSION], usual)


def _term(said: list[tuple[str, str]], place: int, usual: dict[str, float]) -> Term:
    codes = _together(dict.fromkeys(code for code, _ in said), usual)
    return Term(said[0][1], tuple(map(schema.dotted, codes)), place, "")


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
