"""CodiEsp, diagnoses (D): case reports to ICD-10 codes, train as train and dev as test; English with and without
training, Spanish with the same engine. `--save FOLDER` keeps the models.

Micro-F1 counts the codes that are given, MAP (mean average precision over documents) the ranking of all candidates, as
the task defines both. The corpus follows Spain's CIE-10-ES of 2018: codes in lower case, without a seventh character,
and what a patient had counts beside what the patient has.
"""

import argparse
import re
import tarfile
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from bench.corpus import SHARED
from superbill.codesets.icd10cm.conversion import ConversionLayout
from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.sources import Source
from superbill.codesets.store import Store, open_default
from superbill.codesets.terms.lookup import Terms, open_terms
from superbill.codesets.terms.model import INCLUSION
from superbill.coding.learned.alignment import Aligned
from superbill.coding.learned.crossing import Crossing
from superbill.coding.learned.features import Hint
from superbill.coding.learned.hints import default, hints
from superbill.coding.learned.model import Model, Provenance, checksum, encoded
from superbill.coding.learned.training import Document, trained
from superbill.coding.learned.words import key, words
from superbill.coding.reading.model import Mention
from superbill.coding.reading.read import read

CODIESP = SHARED / "codiesp"
CONVERSIONS = SHARED / "codesets" / "ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx"
ON = date(2026, 5, 1)
EDITION = date(2017, 10, 1)
"""Codes that came on this day or later are unknown to CIE-10-ES 2018."""
Hinted = Callable[[str], tuple[Hint, ...]]
_SPAN = re.compile(r"(\d+) (\d+)")


class Part(NamedTuple):
    """One part of the corpus: texts in both languages, codes, and spans of the Spanish text with their codes."""

    spanish: dict[str, str]
    english: dict[str, str]
    codes: dict[str, frozenset[str]]
    spans: dict[str, list[tuple[str, tuple[tuple[int, int], ...], str]]]


class Figures(NamedTuple):
    """Micro-averaged precision, recall and F1 of the codes given, MAP of the ranking, and how many codes are in it."""

    precision: float
    recall: float
    f1: float
    map: float
    reached: float


def part(name: str) -> Part:
    """train or dev."""
    spanish, english = (_texts(CODIESP / name / f"text_{language}.tgz") for language in ("es", "en"))
    codes: dict[str, set[str]] = {}
    for line in (CODIESP / name / f"{name}D.tsv").read_text(encoding="utf-8").splitlines():
        document, code = line.split("\t")
        codes.setdefault(document, set()).add(code)
    spans: dict[str, list[tuple[str, tuple[tuple[int, int], ...], str]]] = {}
    for line in (CODIESP / name / f"{name}X.tsv").read_text(encoding="utf-8").splitlines():
        document, kind, code, said, places = line.split("\t")
        if kind == "DIAGNOSTICO":
            where = tuple((int(start), int(end)) for start, end in _SPAN.findall(places))
            spans.setdefault(document, []).append((said, where, code))
    return Part(spanish, english, {name: frozenset(each) for name, each in codes.items()}, spans)


def _texts(path: Path) -> dict[str, str]:
    found = {}
    with tarfile.open(path) as archive:
        for member in archive:
            file = archive.extractfile(member) if member.name.endswith(".txt") else None
            if file:
                found[Path(member.name).stem] = file.read().decode()
    return dict(sorted(found.items()))


class Edition:
    """Codes of today's ICD-10-CM in the words of the corpus's edition: what stood for them before, six characters."""

    def __init__(self) -> None:
        source = Source(name=CONVERSIONS.name, data=CONVERSIONS.read_bytes())
        (draft,) = ConversionLayout().drafts(source, Store(CODIESP), None)
        rows = sorted(draft.tables[0].rows)
        self._before = {row[0]: row[2] for row in reversed(rows) if row[2] and row[1] >= EDITION.isoformat()}

    def __call__(self, code: str) -> str:
        plain = code.replace(".", "").upper()
        while plain in self._before:
            plain = self._before[plain]
        plain = plain[:6].lower()
        return plain if len(plain) < 4 else f"{plain[:3]}.{plain[3:]}"


class Ours:
    """What our own dictionary says of English texts."""

    def __init__(self) -> None:
        store = open_default()
        self.terms: Terms = open_terms(store, ON)
        self.book: CodeBook = book(store, ON)
        self.edition = Edition()
        self._weak = {
            each.text for each in self.terms.known.values() if each.source == INCLUSION and " " not in each.text
        }

    def hints(self, text: str) -> tuple[Hint, ...]:
        """For the ranker: every mention, its codes in the corpus's edition."""
        return tuple(map(self._dated, hints(read(text, self.terms), self.book)))

    def crossed(self, table: Mapping[str, str]) -> Hinted:
        """Likewise of texts of another language, whose words the table crosses to English ones."""
        crossing = Crossing(self.terms.known.values(), self.book, table)
        return lambda text: tuple(map(self._dated, crossing.hints(text)))

    def _dated(self, hint: Hint) -> Hint:
        return Hint(hint.start, hint.end, hint.name, tuple(dict.fromkeys(map(self.edition, hint.codes))))

    def codes(self, text: str) -> list[str]:
        """Without training: the code of every condition said of the patient, now or before, that isn't denied."""
        found = [self.edition(default(each.codes[0], self.book, each.value("side")))
                 for each in read(text, self.terms).mentions if self._counts(each)]  # fmt: skip
        return list(dict.fromkeys(each for each in found if each))

    def _counts(self, mention: Mention) -> bool:
        """External causes and factors of chapter 21 are hardly coded in this corpus. A lone word of an inclusion note
        or index path ("moderate") is too little."""
        if mention.what != "problem" or not mention.codes or mention.negated or mention.experiencer != "patient":
            return False
        return mention.codes[0][0] not in "VWXYZ" and mention.name not in self._weak


def aligned(given: Part) -> Aligned:
    """The Spanish texts of a part with their translations."""
    return Aligned({name: (words(text), words(given.english[name])) for name, text in given.spanish.items()})


def documents(given: Part, language: str, hinted: Hinted, pairs: Aligned) -> list[Document]:
    """A part as documents to learn from. Spans are carried to the English texts by alignment."""
    return [
        Document(
            name=name,
            text=text,
            codes=given.codes.get(name, frozenset()),
            spans=tuple(
                (stems, code)
                for said, where, code in given.spans.get(name, ())
                if (stems := pairs.carried(name, where) if language == "en" else key(said))
            ),
            hints=hinted(text),
        )
        for name, text in (given.english if language == "en" else given.spanish).items()
    ]


def measured(
    wanted: Mapping[str, frozenset[str]], given: Mapping[str, set[str]], ranked: Mapping[str, list[str]]
) -> Figures:
    """The task's measures over all documents that have codes."""
    right = sum(len(codes & given[name]) for name, codes in wanted.items())
    precision = right / max(sum(len(given[name]) for name in wanted), 1)
    recall = right / sum(map(len, wanted.values()))
    reached = sum(len(codes & set(ranked[name])) for name, codes in wanted.items())
    return Figures(
        precision, recall, 2 * precision * recall / max(precision + recall, 1e-9),
        sum(_average_precision(codes, ranked[name]) for name, codes in wanted.items()) / len(wanted),
        reached / sum(map(len, wanted.values())),
    )  # fmt: skip


def _average_precision(wanted: frozenset[str], ranked: Iterable[str]) -> float:
    right, total = 0, 0.0
    for place, code in enumerate(ranked, 1):
        if code in wanted:
            right += 1
            total += right / place
    return total / len(wanted)


def untrained(test: Part, ours: Ours) -> Figures:
    """English by our dictionary alone."""
    given = {name: ours.codes(text) for name, text in test.english.items()}
    return measured(test.codes, {name: set(codes) for name, codes in given.items()}, given)


def learned(train: Part, test: Part, language: str, ours: Ours, pairs: Aligned) -> tuple[Model, Figures]:
    """Trained on the one part, measured on the other."""
    table = pairs.table() if language != "en" else {}
    hinted = ours.crossed(table) if table else ours.hints
    result = trained(documents(train, language, hinted, pairs))
    texts = test.english if language == "en" else test.spanish
    ranked = {name: result.ranked(text, hinted(text)) for name, text in texts.items()}
    figures = measured(
        test.codes,
        {name: {code for code, score in codes if score >= result.threshold} for name, codes in ranked.items()},
        {name: [code for code, _ in codes] for name, codes in ranked.items()},
    )
    return Model(language, result, _provenance(figures), table), figures


def _provenance(figures: Figures) -> Provenance:
    return Provenance(
        trained_on="CodiEsp v4, train",
        licence="CC BY 4.0",
        attribution="CodiEsp corpus, Miranda-Escalada et al., CLEF eHealth 2020",
        on=ON,
        inputs={each.name: checksum(each.read_bytes()) for each in sorted((CODIESP / "train").iterdir())},
        figures={"dev micro-F1": round(figures.f1, 4), "dev MAP": round(figures.map, 4)},
    )


def main(folder: Path | None = None) -> None:
    """Prints a line for each way."""
    train, test, ours = part("train"), part("dev"), Ours()
    print(f"{'':<22}{'micro-F1':>9}{'MAP':>8}{'precision':>11}{'recall':>8}{'reached':>9}{'seconds':>9}")
    begun = time.perf_counter()
    _line("English, untrained", untrained(test, ours), begun)
    begun = time.perf_counter()
    pairs = aligned(train)
    print(f"{'words aligned':<67}{time.perf_counter() - begun:>9.1f}")
    for title, language in (("English, trained", "en"), ("Spanish, trained", "es")):
        begun = time.perf_counter()
        model, figures = learned(train, test, language, ours, pairs)
        _line(title, figures, begun)
        data = encoded(model)
        print(f"{'':<22}model of {len(data):,} bytes, {checksum(data)[:16]}")
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"codiesp-{language}.model").write_bytes(data)


def _line(title: str, said: Figures, begun: float) -> None:
    print(
        f"{title:<22}{said.f1:>9.3f}{said.map:>8.3f}{said.precision:>11.3f}{said.recall:>8.3f}{said.reached:>9.3f}"
        f"{time.perf_counter() - begun:>9.1f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--save", type=Path, help="keep the models in this folder")
    main(parser.parse_args().save)
