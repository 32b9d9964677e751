"""Takes out of a text what identifies a person, as far as patterns go.

Covers what is written in a form of its own among the identifiers of 45 CFR 164.514(b)(2): dates, telephone and fax
numbers, mail addresses, social security, record, account and device numbers, web and network addresses, postal codes
after a state, street addresses, ages of 90 and over, and names after a title or a label. A name that stands alone in a
sentence is not found: redacted text is less than identified, but it is not de-identified.
"""

import re
from collections.abc import Sequence

_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_NAME = r"[A-Z][\w'’-]+(?:\s{1,9}(?:[A-Z]\.\s{0,9})?[A-Z][\w'’-]+){0,2}"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("[address]", re.compile(r"\bhttps?://\S{1,200}", re.IGNORECASE)),
    ("[mail]", re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")),
    ("[number]", re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")),
    ("[number]", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("[phone]", re.compile(r"(?<!\w)(?:\+?1[ .-]?)?(?:\(\d{3}\)[ ]?|\d{3}[ .-])\d{3}[ .-]\d{4}\b")),
    ("[date]", re.compile(r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b")),
    ("[date]", re.compile(rf"\b{_MONTH}\s{{1,9}}\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s{{1,9}}\d{{4}})?\b", re.IGNORECASE)),
    (
        "[date]",
        re.compile(
            rf"\b\d{{1,2}}(?:st|nd|rd|th)?\s{{1,9}}(?:of\s{{1,9}})?{_MONTH}(?:,?\s{{1,9}}\d{{4}})?\b", re.IGNORECASE
        ),
    ),
    (
        "[number]",
        re.compile(r"\b(?:MRN|SSN|DOB|acct|account|record|member|policy|serial|license|NPI|ID)\b"
                   r"(?:\s{1,9}(?:number|no\.?|id))?\s{0,9}[:#]?\s{0,9}[A-Z]{0,4}-?\d[\w-]{2,30}", re.IGNORECASE),
    ),
    ("[street]", re.compile(
        r"\b\d{1,6}\s{1,9}(?:[A-Z][\w'.]*\s{1,9}){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Drive|Dr|Lane|Ln|Boulevard|Blvd|Court|Ct"
        r"|Way|Place|Pl|Terrace|Highway|Hwy)\b\.?")),
    ("[place]", re.compile(r"\b[A-Z]{2}\s{1,9}\d{5}(?:-\d{4})?\b")),
    ("[number]", re.compile(r"(?<![\w.])\d{7,}(?![\w.])")),
    ("[name]", re.compile(rf"(?<=\b(?:Dr|Mr|Ms)\.)\s{{0,9}}{_NAME}|(?<=\b(?:Mrs)\.)\s{{0,9}}{_NAME}"
                          rf"|(?<=\b(?:Dr|Mr|Ms)\b)\s{{1,9}}{_NAME}|(?<=\b(?:Mrs)\b)\s{{1,9}}{_NAME}")),
    ("[name]", re.compile(
        rf"(?:(?<=\bPatient:)|(?<=\bName:)|(?<=\bProvider:)|(?<=\bSigned by)|(?<=\bDictated by))\s{{0,9}}{_NAME}")),
    ("[age over 89]", re.compile(r"\b(?:9\d|1[01]\d)(?=[- ]?(?:year|yo\b|y/o))", re.IGNORECASE)),
)  # fmt: skip


def identifiers(text: str) -> list[tuple[int, int, str]]:
    """Where identifiers stand, in the order of the text and without overlap, and what each is: "[date]", "[name]" …"""
    found: list[tuple[int, int, str]] = []
    for word, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            found.append((start, match.end(), word))
    kept: list[tuple[int, int, str]] = []
    for start, end, word in sorted(found, key=lambda each: (each[0], -each[1])):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]), kept[-1][2])
        else:
            kept.append((start, end, word))
    return kept


def without(text: str, found: Sequence[tuple[int, int, str]], start: int, end: int) -> str:
    """The text from `start` to `end` with the identifiers that reach into it replaced by what they are."""
    parts = []
    at = start
    for first, last, word in found:
        if last <= start or first >= end:
            continue
        parts += [text[at : max(first, at)], word]
        at = last
    return "".join((*parts, text[at:end]))


def redacted(text: str) -> str:
    """The whole text with identifiers replaced."""
    return without(text, identifiers(text), 0, len(text))
