"""TA1s from and to their interchanges."""

from collections.abc import Iterable, Iterator

from superbill.x12.documents.envelopes import interchange_header, refusal
from superbill.x12.lexer import STANDARD, Source
from superbill.x12.library import guides_of
from superbill.x12.model import Envelope, InterchangeAcknowledgement
from superbill.x12.standard.control import IEA, TA1
from superbill.x12.text import IllegalText, exact
from superbill.x12.tree import Interchange
from superbill.x12.walk import walk

_LENGTHS = (9, 6, 4, 1, 3)  # of the elements of a TA1, all of them fixed


def acknowledgements(source: Source) -> Iterator[InterchangeAcknowledgement]:
    """Every TA1 of a file. Raises X12ReadError."""
    for found in walk(source, guides_of, units=False):
        assert isinstance(found, Interchange)
        for part in found.body:
            if isinstance(part, TA1):
                yield InterchangeAcknowledgement(
                    control_number=part.control_number,
                    date=part.date,
                    time=part.time,
                    code="A" if part.acknowledgment == "A" else "E" if part.acknowledgment == "E" else "R",
                    note=part.note,
                )


def _segment(found: InterchangeAcknowledgement) -> TA1:
    texts = (found.control_number, found.date, found.time, found.code, found.note)
    for text, length in zip(texts, _LENGTHS, strict=True):
        if len(text) != length:
            raise refusal("x12.not-writable", f"{text!r} of a TA1 has {length} characters.")
    try:
        return TA1("", *map(exact, texts))
    except IllegalText as problem:
        raise refusal("x12.not-writable", f"{problem}.") from None


def answer(found: Iterable[InterchangeAcknowledgement], envelope: Envelope) -> Interchange:
    """An interchange of TA1s and no groups, to the one sender of all those interchanges. Raises X12WriteError."""
    header = interchange_header(envelope)
    segments = list(map(_segment, found))
    if not segments:
        raise refusal("x12.empty", "There is nothing to write.", fix="Give at least one document.")
    trailer = IEA(groups=0, control_number=header.control_number)
    return Interchange(delimiters=STANDARD, ending="\n", body=[header, *segments, trailer])
