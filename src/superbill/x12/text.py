"""Text that we send: names, addresses and notes transliterated, identifiers and codes exactly or not at all."""

import re
import unicodedata

_LEGAL = re.compile(r"[ !\"&'()+,\-./0-9;?=A-Za-z%@\[\]_{}\\|<>#$]*")
_PLAIN = str.maketrans({
    "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "ß": "ss", "ø": "o", "Ø": "O",
    "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D",
    "þ": "th", "Þ": "Th", "ı": "i", "`": "'", "*": " ", "~": "-", ":": ";", "^": " ", "\n": " ", "\r": " ", "\t": " ",
})  # fmt: skip


class IllegalText(ValueError):
    """Text that X12's extended character set, less our delimiters, can't hold."""


def plain(value: str) -> str:
    """A name, address or note in X12's extended character set.

    Accents go, typographic marks and our delimiters become their nearest kin (":" ";", "~" "-", "*" and "^" a
    blank), blanks are squeezed. Raises IllegalText for letters that have no Latin form.
    """
    if _LEGAL.fullmatch(value) and "  " not in value:
        return value.strip()
    text = unicodedata.normalize("NFKD", value.translate(_PLAIN))
    text = " ".join("".join(mark for mark in text if not unicodedata.combining(mark)).split())
    if not _LEGAL.fullmatch(text):
        raise IllegalText(f"{value!r} has characters that X12 can't carry")
    return text


def exact(value: str) -> str:
    """An identifier or code, which must go out as it is. Raises IllegalText for a delimiter or a foreign letter."""
    if value.isalnum() and value.isascii():  # nearly all of them, and much quicker
        return value
    if not _LEGAL.fullmatch(value) or value[:1] == " " or value[-1:] == " ":
        raise IllegalText(f"{value!r} has characters that an X12 identifier can't carry")
    return value
