"""The payer's trace number in what a bank hands on of an ACH payment.

A payer that pays by EFT writes the 835's TRN segment into the addendum of the CCD+ entry; its TRN02 and TRN03 are
those of the 835 (45 CFR 162.1602(d); CAQH CORE EFT & ERA Reassociation Rule, table 3.3-1).
"""

import re

from msgspec import Struct

# Separators as sent, or as banks rewrite them. A line break in the middle of a segment is the bank's own.
_TRN = re.compile(r"\bTRN\s*[*|^]\s*1\s*[*|^]([^*|^~\\]{1,60})(?:[*|^]\s*([0-9A-Z]{9,10})\b)?", re.IGNORECASE)
_END = re.compile(r"\s{2,}.*|\s+(?:TRACE|EED|IND|ORIG|SEC|DESC)\b.*", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(r"[0-9A-Z][0-9A-Z-]{3,}", re.IGNORECASE)


class Trace(Struct, frozen=True):
    """TRN02 and TRN03 ("1" and the payer's TIN); the latter "" where the text has none."""

    number: str
    originator: str = ""


def find_trace(text: str) -> Trace | None:
    """The TRN segment in `text`, or None. Of several different ones none is meant."""
    found = {_trace(match[1], match[2] or "") for match in _TRN.finditer(text)}
    return found.pop() if len(found) == 1 else None


def _trace(number: str, originator: str) -> Trace:
    return Trace(same_trace(number if originator else _END.sub("", number)), originator.upper())


def same_trace(number: str) -> str:
    """A trace number for comparison: no blanks (lines are wrapped in the middle of it), one case."""
    return "".join(number.split()).upper()


def tokens(text: str) -> frozenset[str]:
    """The numbers and words of four or more characters in `text`, one case, for finding a number that is just named."""
    return frozenset(token.upper() for token in _TOKEN.findall(text))
