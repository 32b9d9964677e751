"""The text of files whose publisher writes Windows-1252 in some years and UTF-8 in others."""

from superbill.codesets.release import Refused
from superbill.codesets.sources import Source


def western(source: Source) -> str:
    """The text: UTF-8 where every byte is of it, else Windows-1252. Raises Refused with the line that is neither."""
    try:
        return source.text()
    except Refused:
        return source.text("cp1252")
