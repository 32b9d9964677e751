"""Reads a note: the door to this room."""

from superbill.codesets.terms.lookup import Terms
from superbill.coding.reading import attributes, compose, context, mechanisms, present, scan, sections, sentences
from superbill.coding.reading.model import Mention, Reading, What
from superbill.coding.reading.spelling import respelt
from superbill.coding.reading.vaccines import vaccinated


def read(text: str, terms: Terms) -> Reading:
    """The note's outline and all that it mentions, in the order of the text. Any text is a note; none raises."""
    outline = sentences.outline(text, sections.sections(text))
    words = tuple(scan.tokens(text, sentence.start, sentence.end) for sentence in outline.sentences)
    words, misspelt = respelt(text, words, terms)
    found: list[Mention] = []
    for place, said in enumerate(words):
        for first, after, term in scan.terms(text, said, terms):
            what: What = "drug" if term.kind == "drug" else "problem"
            mention = Mention(
                start=said[first].start, end=said[after - 1].end, what=what, name=term.text, codes=term.codes,
                sentence=place,
            )  # fmt: skip
            found.append(mention)
    found = present.unlisted(text, compose.composed(outline, words, mechanisms.caused(outline, words, found)), terms)
    found = list(vaccinated(found, outline))
    seen = attributes.described(context.judged(found, outline, words), outline, words)
    return Reading(outline, words, compose.with_sites(seen, found), misspelt)
